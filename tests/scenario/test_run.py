"""A run: its folders, and what is refused before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ArtifactError, UsageError
from harness.scenario.run import run_scenarios


def write(folder: Path, text: str) -> Path:
    path = folder / "s.yaml"
    path.write_text(f"name: s\n{text}", encoding="utf-8")
    return path


async def test_a_folder_that_cannot_be_written_to_is_said_first(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError, match="Cannot write"):
        await run_scenarios([write(tmp_path, "steps: [hang_up]\n")], out=tmp_path / "file" / "out")


async def test_no_scenario_at_all_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No scenario"):
        await run_scenarios([], out=tmp_path)
