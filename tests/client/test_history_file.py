"""Session logs read back; what cannot be read has a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.client.history_file import load_history
from harness.errors import ArtifactError, HistoryError
from harness.realtime.client.log import entry_line, header_line


def log(path: Path, *texts: str, end: str = "\n") -> Path:
    lines = [header_line()]
    for n, text in enumerate(texts):
        item = {
            "id": f"item_{n}", "type": "message", "role": "user",
            "content": [{"type": "input_text", "text": text}],
        }  # fmt: skip
        previous = f"item_{n - 1}" if n else None
        added = {"type": "conversation.item.added", "item": item, "previous_item_id": previous}
        lines.append(entry_line(n, "received", added))
    path.write_text("\n".join(lines) + end, encoding="utf-8")
    return path


def test_a_log_tells_its_conversation(tmp_path: Path) -> None:
    history = load_history(log(tmp_path / "a.jsonl", "One.", "Two."))
    assert [item["content"][0]["text"] for item in history.items] == ["One.", "Two."]
    assert not history.is_cut


def test_a_log_that_was_cut_is_read_up_to_there(tmp_path: Path) -> None:
    history = load_history(log(tmp_path / "a.jsonl", "One.", end='\n{"t_s": 3, "dir'))
    assert len(history) == 1
    assert history.is_cut


def test_of_a_folder_the_newest_counts(tmp_path: Path) -> None:
    log(tmp_path / "session-000001.jsonl", "Old.")
    log(tmp_path / "session-000002.jsonl", "New.")
    assert load_history(tmp_path).items[0]["content"][0]["text"] == "New."


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.jsonl"):
        with pytest.raises(ArtifactError):
            load_history(path)


@pytest.mark.parametrize("text", ["", "hello", '{"kind":"realtime session log","version":9}\n'])
def test_what_is_no_log_of_ours_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.jsonl").write_text(text)
    with pytest.raises(HistoryError):
        load_history(tmp_path / "a.jsonl")
