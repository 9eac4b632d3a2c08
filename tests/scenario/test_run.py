"""A run: its folders, and what is refused before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ArtifactError, UsageError
from harness.scenario.run import _folder, run_scenarios


def write(folder: Path, text: str) -> Path:
    path = folder / "s.yaml"
    path.write_text(f"name: s\n{text}", encoding="utf-8")
    return path


def test_scenarios_of_one_name_get_folders_of_their_own() -> None:
    out = Path("out")
    first = _folder(out, "s", [])
    second = _folder(out, "s", [first])
    assert (first, second) == (out / "s", out / "s-2")


async def test_a_folder_that_cannot_be_written_to_is_said_first(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError, match="Cannot write"):
        await run_scenarios([write(tmp_path, "steps: [hang_up]\n")], out=tmp_path / "file" / "out")


async def test_no_scenario_at_all_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No scenario"):
        await run_scenarios([], out=tmp_path)
