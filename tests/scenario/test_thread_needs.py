"""What steps in a thread need, told before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import load_scenario
from harness.scenario.thread_needs import attached_files
from tests.support.contexts import write_context


def needs(folder: Path, steps: str, context: str = "context: shop.yaml\n") -> dict[int, Path]:
    write_context(folder)
    path = folder / "talk.yaml"
    path.write_text(f"name: talk\n{context}steps:\n{steps}", encoding="utf-8")
    return attached_files(load_scenario(path))


def test_files_are_found_beside_the_scenario(tmp_path: Path) -> None:
    inside, outside = tmp_path / "talks" / "menu.pdf", tmp_path / "wine.pdf"
    inside.parent.mkdir()
    for file in (inside, outside):
        file.write_bytes(b"%PDF")
    steps = f"  - attach: menu.pdf\n  - type: This?\n  - attach: {{file: {outside}, alone: true}}\n"
    assert needs(inside.parent, steps) == {1: inside, 3: outside}


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("  - attach: ../wine.pdf\n  - type: Hi.\n", "is outside of the scenario's folder"),
        ("  - attach: none.pdf\n  - type: Hi.\n", "there is no such file to attach"),
        ("  - type: Hi.\n  - attach: menu.pdf\n", "no message is typed after it"),
        ("  - attach: {file: menu.pdf, mime_type: image/png, alone: true}\n", "is no picture"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, steps: str, said: str) -> None:
    (tmp_path / "talks").mkdir()
    (tmp_path / "wine.pdf").write_bytes(b"%PDF")
    (tmp_path / "talks" / "menu.pdf").write_bytes(b"%PDF")
    with pytest.raises(ScenarioError) as caught:
        needs(tmp_path / "talks", steps)
    assert said in str(caught.value).replace("There is", "there is")
    assert "talk.yaml:" in str(caught.value)
    assert "(attach)" in str(caught.value)


@pytest.mark.parametrize("step", ["attach: menu.pdf", "press: {widget: Confirm}"])
def test_without_a_context_there_is_no_thread(tmp_path: Path, step: str) -> None:
    with pytest.raises(ScenarioError, match="there is no thread") as caught:
        needs(tmp_path, f"  - {step}\n  - type: Hi.\n", context="")
    assert "context: desk.yaml" in str(caught.value)
