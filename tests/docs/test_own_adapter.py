"""The page about an adapter of one's own: its code is written down and run, all of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import harness

PAGE = Path(harness.__file__).parent / "docs" / "own-adapter.md"
BLOCK = re.compile(r"```python\n# (\w+\.py)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page, as a reader would have them."""
    made = tmp_path_factory.mktemp("own-adapter")
    for name, code in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        (made / name).write_text(code, encoding="utf-8")
    return made


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = [str(folder), str(PAGE.parents[2]), os.environ.get("PYTHONPATH", "")]
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_the_page_names_its_files(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "my_peer.py",
        "test_my_peer.py",
        "call_myself.py",
    }


def test_the_adapter_passes_the_contract_suite(folder: Path) -> None:
    """As the page says to run it, without any setting of pytest."""
    done = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_my_peer.py")
    assert done.returncode == 0, done.stdout[-4_000:]
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


def test_the_adapter_talks_with_another_engine(folder: Path) -> None:
    done = run(folder, "call_myself.py")
    assert done.stdout.strip() == "[('events', 'hello from my engine')]", done.stderr


SCENARIO = """
name: heard
assistant:
  rules: [{when: {words: [hear]}, say: "Yes, I can hear you."}]
steps:
  - say: greeting-hello
  - expect: {words: [hear you], within_s: 30}
  - hang_up
"""


def test_a_scenario_runs_on_the_adapter(folder: Path) -> None:
    """Named on the command line as the page names it."""
    (folder / "heard.yaml").write_text(SCENARIO, encoding="utf-8")
    engine = ("--engine", "native", "--native", "my_peer:MyPeer")
    done = run(folder, "-m", "harness", "run", "heard.yaml", *engine, "--out", "out", "--json")
    assert done.returncode == 0, done.stderr[-4_000:]
    assert json.loads(done.stdout)["scenarios"][0]["verdict"] == "passed"
