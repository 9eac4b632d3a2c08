from __future__ import annotations

from pathlib import Path

import pytest

from harness.client.settings_file import load_settings, save_settings
from harness.errors import ArtifactError, SettingsError
from harness.realtime.client.settings import ServerVad, SessionSettings


def test_settings_come_back_from_their_file(tmp_path: Path) -> None:
    settings = SessionSettings(voice="cedar", turn_detection=ServerVad(threshold=0.7))
    save_settings(SessionSettings(), tmp_path / "mine.json")
    save_settings(settings, tmp_path / "mine.json")
    assert load_settings(tmp_path / "mine.json") == settings
    assert [path.name for path in tmp_path.iterdir()] == ["mine.json"]


def test_a_file_that_is_missing_cut_or_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    with pytest.raises(SettingsError, match=r"mine\.json"):
        load_settings(path)
    for content in (SessionSettings().to_text()[:50].encode(), b"\xff\xfe", b""):
        path.write_bytes(content)
        with pytest.raises(SettingsError, match=r"mine\.json"):
            load_settings(path)


def test_a_place_that_cannot_be_written_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError):
        save_settings(SessionSettings(), tmp_path / "no such folder" / "mine.json")
    assert list(tmp_path.iterdir()) == []
