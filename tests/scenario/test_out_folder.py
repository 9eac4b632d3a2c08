"""A run's folder is its own while it lasts."""

from pathlib import Path

import pytest

from harness.errors import ArtifactError, UsageError
from harness.scenario.out_folder import forget_recording, own_folder


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


def test_what_a_call_recorded_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    for name in ("trace.jsonl", "call.wav", "received.wav", "received-2.wav", "others.wav"):
        (tmp_path / name).write_text("old")
    (tmp_path / "notes.wav").write_text("mine")
    forget_recording(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.wav"]
    forget_recording(tmp_path / "not there yet")


def test_what_cannot_be_taken_away_is_said(tmp_path: Path) -> None:
    (tmp_path / "trace.jsonl").mkdir()
    with pytest.raises(ArtifactError, match=r"Cannot remove .*trace\.jsonl"):
        forget_recording(tmp_path)
