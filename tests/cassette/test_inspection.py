"""Every file of a cassette, looked at."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from harness.cassette.inspection import inspect
from harness.errors import UsageError
from tests.cassette.test_files import edit, line_with
from tests.support.make_cassette import write_orders

TODAY = date(2026, 11, 29)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no cassette"):
        inspect(tmp_path, TODAY)


def test_all_that_is_wrong_is_told_and_the_worst_comes_first(tmp_path: Path) -> None:
    folder = write_orders(tmp_path / "orders")
    (folder / "audio" / "001.flac").unlink()
    events = folder / "events.jsonl"
    lines = events.read_text().splitlines()
    events.write_text("\n".join([*lines, lines[0][:20], '{"at_s": 1}', "[1]"]) + "\n")
    found = inspect(folder, TODAY)
    order = ("broken", "stale", "note")
    levels = [order.index(one.level) for one in found]
    assert levels == sorted(levels)
    told = {one.place: one.message for one in found}
    line = line_with(folder / "turns.yaml", "audio/001.flac")
    assert "No such file" in told[f"{folder / 'turns.yaml'}:{line}"]
    assert "cannot be read" in told[f"{events}:3"]
    assert "no 'event'" in told[f"{events}:4"]
    assert f"{events}:5" in told
    assert "unknown event type" in told[f"{events}:2"]


def test_a_line_that_cannot_be_read_breaks_it(tmp_path: Path) -> None:
    folder = write_orders(tmp_path / "orders")
    edit(folder / "turns.yaml", "number: 2", "nmuber: 2")
    (folder / "events.jsonl").unlink()
    first, *rest = inspect(folder, TODAY)
    assert first.level == "broken"
    assert first.place == f"{folder / 'turns.yaml'}:{line_with(folder / 'turns.yaml', 'nmuber')}"
    assert [one.level for one in rest] == ["note"]


def test_words_that_were_edited_while_their_sound_stayed_are_noted(tmp_path: Path) -> None:
    folder = write_orders(tmp_path / "orders")
    turns, events = folder / "turns.yaml", folder / "events.jsonl"
    of_message = {"item_id": "i1", "event_id": "e3"}
    said = {"type": "response.output_audio_transcript.done", "transcript": "Four rolls: number 17"}
    line = {"at_s": 1.0, "from": "server", "event": {**of_message, **said}}
    events.write_text(events.read_text() + json.dumps(line) + "\n", encoding="utf-8")

    def notes() -> list[str]:
        found = inspect(folder, TODAY)
        return [one.place for one in found if "were edited" in one.message and one.level == "note"]

    assert notes() == [], "one that was cut says less than its words"
    edit(turns, "Four rolls, number 17.", "Nine rolls, number 17.")
    assert notes() == [f"{turns}:{line_with(turns, 'audio/001.flac')}"]
    edit(turns, "audio: audio/001.flac", "cut: false")
    assert notes() == [], "the local voice speaks them"


def test_a_sound_that_was_replaced_is_noted(tmp_path: Path) -> None:
    folder = write_orders(tmp_path / "orders")
    assert not [one for one in inspect(folder, TODAY) if "another sound" in one.message]
    first, second, *_ = sorted((folder / "audio").glob("*.flac"))
    first.write_bytes(second.read_bytes())
    (found,) = [one for one in inspect(folder, TODAY) if "another sound" in one.message]
    assert found.level == "note"
    assert found.message.startswith("audio/001.flac is another sound than was recorded")
    (folder / "SHA256SUMS").unlink()
    assert not [one for one in inspect(folder, TODAY) if "another sound" in one.message]


def test_a_key_that_somebody_put_into_it_is_told_without_it(tmp_path: Path) -> None:
    folder = write_orders(tmp_path / "orders")
    assert not [one for one in inspect(folder, TODAY) if "key" in one.message]
    key = "sk-proj-abcdefghijklmnopqrstuvwxyz123456"
    turns = folder / "turns.yaml"
    turns.write_text(f"# {key}\n" + turns.read_text(encoding="utf-8"), encoding="utf-8")
    (found,) = [one for one in inspect(folder, TODAY) if "key or a token" in one.message]
    assert found.place == f"{turns}:1"
    assert key not in found.message
