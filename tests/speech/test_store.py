"""What engines answered, on disk: found by another run, bounded, and never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.speech import store as module
from harness.speech.store import (
    DEFAULT_LIMIT_MB,
    SpeechStore,
    content_key,
    default_folder,
    size_limit_bytes,
)
from harness.speech.store_file import FILE_NAME, StoreFile


class Hand:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


def test_what_was_put_is_found_by_the_next_run(tmp_path: Path) -> None:
    first = SpeechStore(tmp_path / "cache")
    first.put(b"key", b"value")
    assert first.get(b"key") == b"value"
    first.close()
    second = SpeechStore(tmp_path / "cache")
    assert second.get(b"key") == b"value"
    assert second.get(b"other") is None
    assert (second.hits, second.misses) == (1, 1)
    assert (second.has(b"key"), second.has(b"other")) == (True, False)
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
    monkeypatch.setattr(StoreFile, "read", lambda _self, key: asked.append(key))
    assert (second.get(b"small"), second.get(b"new")) == (b"12345678", b"1")
    assert second.get(b"large") is None
    assert asked == [b"large"]
    second.close()


def test_what_was_used_least_recently_goes_first(tmp_path: Path) -> None:
    clock, limit_bytes = Hand(), 118_000
    for name in (b"one", b"two"):
        store = SpeechStore(tmp_path, limit_bytes=limit_bytes, now_s=clock)
        store.put(name, b"x" * 30_000)
        store.close()
        clock.now_s += 86_400
    user = SpeechStore(tmp_path, limit_bytes=limit_bytes, now_s=clock)
    assert user.get(b"one") is not None  # the older one is used again
    user.close()
    clock.now_s += 86_400
    full = SpeechStore(tmp_path, limit_bytes=limit_bytes, now_s=clock)
    full.put(b"three", b"x" * 30_000)
    full.close()
    after = SpeechStore(tmp_path, limit_bytes=limit_bytes, now_s=clock)
    assert [after.has(name) for name in (b"one", b"two", b"three")] == [True, False, True]
    assert (tmp_path / FILE_NAME).stat().st_size <= limit_bytes
    after.close()


def test_a_recalled_value_that_is_used_stays(tmp_path: Path) -> None:
    clock, limit_bytes = Hand(), 120_000
    first = SpeechStore(tmp_path, limit_bytes=limit_bytes, now_s=clock)
    first.put(b"small", b"12345678")
    first.close()
    clock.now_s += 86_400
    second = SpeechStore(tmp_path, limit_bytes=limit_bytes, now_s=clock)
    second.put(b"between", b"x" * 50_000)
    second.close()
    clock.now_s += 86_400
    third = SpeechStore(tmp_path, limit_bytes=limit_bytes, now_s=clock)
    third.recall()
    assert third.get(b"small") == b"12345678"
    third.put(b"last", b"x" * 50_000)
    third.close()
    after = SpeechStore(tmp_path, limit_bytes=limit_bytes, now_s=clock)
    assert [after.has(name) for name in (b"small", b"between", b"last")] == [True, False, True]
    after.close()


def test_without_a_folder_it_remembers_in_memory_as_much_as_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MEMORY_BYTES", 2 * (1000 + module.ENTRY_BYTES))
    store = SpeechStore()
    store.put(b"one", b"x" * 1000)
    store.put(b"two", b"x" * 1000)
    assert store.get(b"one") is not None
    store.put(b"three", b"x" * 1000)
    assert [store.has(name) for name in (b"one", b"two", b"three")] == [True, False, True]
    store.flush()
    assert store.has(b"three")
    store.close()


def test_a_folder_that_cannot_be_made_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = SpeechStore(tmp_path / "file" / "cache")
    store.put(b"key", b"value")
    store.flush()
    assert store.get(b"key") == b"value"
    store.close()


def test_what_a_full_disk_refuses_stays_in_memory_and_is_tried_again(tmp_path: Path) -> None:
    store = SpeechStore(tmp_path)
    assert store._file is not None
    assert store._file._database is not None
    pages = store._file._database.execute("PRAGMA page_count").fetchone()[0]
    store._file._database.execute(f"PRAGMA max_page_count = {pages}")
    store.put(b"key", b"x" * 100_000)
    store.flush()
    assert store.get(b"key") == b"x" * 100_000
    other = SpeechStore(tmp_path)
    assert other.get(b"key") is None
    store._file._database.execute(f"PRAGMA max_page_count = {pages + 1000}")
    store.flush()
    assert other.get(b"key") == b"x" * 100_000
    store.close()
    other.close()


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


def test_the_environment_says_how_large_it_may_become(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARNESS_CACHE_MB", raising=False)
    assert size_limit_bytes() == DEFAULT_LIMIT_MB * 1_000_000
    monkeypatch.setenv("HARNESS_CACHE_MB", "1.5")
    assert size_limit_bytes() == 1_500_000


@pytest.mark.parametrize("given", ["many", "0", "-5", "nan", "inf"])
def test_a_limit_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("HARNESS_CACHE_MB", given)
    with pytest.raises(UsageError, match="HARNESS_CACHE_MB"):
        SpeechStore()
