"""A run's folder is its own while it lasts."""

from pathlib import Path

import pytest

from harness.errors import ArtifactError, UsageError
from harness.scenario.out_folder import own_folder


def test_a_second_run_cannot_write_to_the_same_folder(tmp_path: Path) -> None:
    with own_folder(tmp_path / "out"):
        with pytest.raises(UsageError, match="Another run"), own_folder(tmp_path / "out"):
            pass
        assert (tmp_path / "out").is_dir()
    with own_folder(tmp_path / "out"):
        pass
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError, match="Cannot write"), own_folder(tmp_path / "file" / "out"):
        pass
