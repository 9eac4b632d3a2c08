"""The README: short, with a map that equals the tree, and examples that work.

Its scenario and its pytest test are run as they are printed by tests/pytest_plugin/test_plugin.py,
the suite's test by tests/docs/test_examples.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.scenario.load import load_scenario
from tests.test_layers import LADDERS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
MOST_BYTES = 8_192
MOST_PICTURE_BYTES = 120_000
TEXT = README.read_text(encoding="utf-8")
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```(\w+)\n(.*?)```", re.DOTALL)
EXAMPLES = {name: text for name, _, text in EXAMPLE.findall(TEXT)}
ROOMS = re.findall(r"^\| `(\S+)/` \|", TEXT, re.MULTILINE)
NO_STEPS = "name: only-the-page\nsteps: [hang_up]\n"


def test_it_is_short() -> None:
    assert README.stat().st_size <= MOST_BYTES


def test_the_map_equals_the_tree() -> None:
    """Folders of the package, one line each, and nothing else but what stands beside it."""
    rooms = [room.removeprefix("harness/") for room in ROOMS if room.startswith("harness/")]
    folders = [
        path.name
        for path in (ROOT / "harness").iterdir()
        if path.is_dir() and not path.name.startswith(("_", "."))
    ]
    assert sorted(rooms) == sorted(folders)
    assert [room for room in ROOMS if "/" not in room] == ["web", "fixtures", "tests"]


def test_the_map_has_the_order_of_the_ladder() -> None:
    rung_of = {name: rung for rung, names in enumerate(LADDERS[""]) for name in names}
    rooms = [room.removeprefix("harness/") for room in ROOMS]
    rungs = [rung_of[room] for room in rooms if room in rung_of]
    assert rungs == sorted(rungs)
    assert len(rungs) == len(rooms) - len({"docs", "web", "fixtures", "tests"})


def test_every_block_of_code_has_a_name_or_is_typed() -> None:
    languages = re.findall(r"^```(\w+)$", TEXT, re.MULTILINE)
    named = [language for _, language, _ in EXAMPLE.findall(TEXT)]
    assert sorted(language for language in languages if language != "sh") == sorted(named)
    assert set(EXAMPLES) == {"first.yaml", "test_first_call.py", "test_booking.py", "page.yaml"}


@pytest.mark.parametrize("source", ["README.md", "harness/docs/own-page.md"])
def test_what_a_scenario_says_about_the_page_can_be_read(tmp_path: Path, source: str) -> None:
    blocks = re.findall(r"```yaml\n(page:\n.*?)```", (ROOT / source).read_text(), re.DOTALL)
    assert blocks
    pages = []
    for block in blocks:
        path = tmp_path / "page.yaml"
        path.write_text(block if "steps:" in block else NO_STEPS + block, encoding="utf-8")
        pages.append(load_scenario(path).scenario.page)
    assert pages[0].url == "http://localhost:3000/"
    assert pages[0].start[0].click == "#start-call"


def test_the_picture_is_small() -> None:
    (picture,) = re.findall(r"!\[[^\]]+\]\((\S+\.png)\)", TEXT)
    data = (ROOT / picture).read_bytes()
    assert data.startswith(b"\x89PNG")
    assert len(data) <= MOST_PICTURE_BYTES
