"""What engines answered, on disk: found by another run, and never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.speech import store as module
from harness.speech.store import FILE_NAME, SpeechStore, content_key, default_folder


def test_what_was_put_is_found_by_the_next_run(tmp_path: Path) -> None:
    first = SpeechStore(tmp_path / "cache")
    first.put(b"key", b"value")
    assert first.get(b"key") == b"value"
    first.close()
    second = SpeechStore(tmp_path / "cache")
    assert second.get(b"key") == b"value"
    assert second.get(b"other") is None
    assert (second.hits, second.misses) == (1, 1)
    second.close()


def test_small_values_are_recalled_in_one_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = SpeechStore(tmp_path)
    first.put(b"small", b"12345678")
    first.put(b"large", b"x" * 1000)
    first.close()
    second = SpeechStore(tmp_path)
    second.recall()
    second.put(b"new", b"1")
    second.flush()
    asked: list[bytes] = []
    monkeypatch.setattr(second, "_read", asked.append)
    assert (second.get(b"small"), second.get(b"new")) == (b"12345678", b"1")
    assert second.get(b"large") is None
    assert asked == [b"large"]
    second.close()


def test_two_runs_share_a_file(tmp_path: Path) -> None:
    one, two = SpeechStore(tmp_path), SpeechStore(tmp_path)
    one.put(b"a", b"1")
    one.flush()
    two.put(b"b", b"2")
    two.flush()
    assert (one.get(b"b"), two.get(b"a")) == (b"2", b"1")
    one.close()
    two.close()


def test_without_a_folder_it_remembers_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_IN_MEMORY", 2)
    store = SpeechStore()
    for number in range(3):
        store.put(bytes([number]), b"x")
    assert store.get(b"\x02") == b"x"
    assert store.get(b"\x00") is None  # begun anew when it was full
    store.close()


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is no database at all, " * 100)
    store = SpeechStore(tmp_path)
    store.put(b"key", b"value")
    store.close()
    again = SpeechStore(tmp_path)
    assert again.get(b"key") == b"value"
    again.close()


def test_a_file_that_grew_too_large_is_begun_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = SpeechStore(tmp_path)
    first.put(b"key", b"x" * 10_000)
    first.close()
    monkeypatch.setattr(module, "MOST_BYTES", 5_000)
    second = SpeechStore(tmp_path)
    assert second.get(b"key") is None
    second.close()


def test_a_folder_that_cannot_be_made_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = SpeechStore(tmp_path / "file" / "cache")
    store.put(b"key", b"value")
    store.flush()
    assert store.get(b"key") == b"value"
    store.close()


def test_keys_tell_the_same_bytes_in_other_parts_apart() -> None:
    assert content_key("ab", "c") != content_key("a", "bc")
    assert content_key("ab", b"c") == content_key("ab", "c")


def test_the_environment_says_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.setenv("HARNESS_CACHE", "")
    assert default_folder() is None
    monkeypatch.delenv("HARNESS_CACHE")
    assert str(default_folder()).endswith("realtime-harness")
