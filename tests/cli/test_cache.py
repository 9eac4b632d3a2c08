"""`harness cache`: shown, cleared, switched off, in the way."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from harness.cli.cache import clear_cache, show_cache
from harness.errors import ArtifactError
from harness.speech import store_file
from harness.speech.store import SpeechStore
from harness.speech.store_file import FILE_NAME


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with two spoken texts in it."""
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    monkeypatch.setenv("HARNESS_CACHE_MB", "20")
    store = SpeechStore(tmp_path)
    store.put(b"one", b"x" * 60_000, "speech")
    store.put(b"two", b"x" * 40_000, "speech")
    store.put(b"three", b"hello", "words")
    store.close()
    return tmp_path


def test_it_says_where_it_is_and_how_much_there_is_of_each_kind(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show_cache(as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.pop("file_bytes") == (folder / FILE_NAME).stat().st_size
    assert found == {
        "folder": str(folder),
        "limit_bytes": 20_000_000,
        "kinds": {
            "speech": {"entries": 2, "bytes": 100_000},
            "words": {"entries": 1, "bytes": 5},
        },
    }


def test_people_read_megabytes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show_cache(as_json=False)
    shown = capsys.readouterr().out
    assert str(folder) in shown
    assert "of at most 20.0 MB" in shown
    assert "2 texts spoken" in shown


def test_clear_forgets_everything(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert clear_cache(as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["freed_bytes"] > 80_000
    store = SpeechStore(folder)
    assert not store.has(b"one")
    store.close()


def test_to_look_at_none_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "none"))
    assert (show_cache(as_json=False), clear_cache(as_json=False)) == (0, 0)
    assert "0.0 MB" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()


def test_switched_off_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HARNESS_CACHE", "")
    show_cache(as_json=False)
    assert "switched off" in capsys.readouterr().out


def test_one_that_another_process_holds_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_file, "BUSY_S", 0.01)
    holder = sqlite3.connect(folder / FILE_NAME)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ArtifactError, match="cannot be cleared"):
        clear_cache(as_json=False)
    holder.rollback()
    holder.close()
