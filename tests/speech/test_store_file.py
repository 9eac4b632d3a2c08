"""The file under the cache: several processes, damage, other layouts, no room."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from harness.speech import store_file as module
from harness.speech.store_file import FILE_NAME, KindSize, Row, StoreFile

LIMIT_BYTES = 10_000_000


def opened(folder: Path, limit_bytes: int = LIMIT_BYTES) -> StoreFile:
    file = StoreFile.opened(folder, limit_bytes)
    assert file is not None
    return file


def row(key: bytes, value: bytes = b"value of some length", used_s: float = 1.0) -> Row:
    return Row(key, "words", used_s, value)


def test_two_at_once_share_a_file(tmp_path: Path) -> None:
    one, two = opened(tmp_path), opened(tmp_path)
    assert one.write([row(b"a")], (), 1.0)
    assert two.write([row(b"b")], (), 1.0)
    assert one.read(b"b") == row(b"b")
    assert two.read(b"a") == row(b"a")
    one.close()
    two.close()


WRITER = """
import sys
from pathlib import Path
from harness.speech.store import SpeechStore
store = SpeechStore(Path(sys.argv[1]))
for number in range(40):
    store.put(f"{sys.argv[2]}-{number}".encode(), b"x" * 2000)
    store.flush()
store.close()
"""


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    commands = [[sys.executable, "-c", WRITER, str(tmp_path), name] for name in ("one", "two")]
    running = [subprocess.Popen(command) for command in commands]
    assert [process.wait(60) for process in running] == [0, 0]
    file = opened(tmp_path)
    assert file.sizes() == [KindSize("other", 80, 160_000)]
    file.close()


def test_a_damaged_file_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is no database at all, " * 100)
    file = opened(tmp_path)
    assert file.write([row(b"key")], (), 1.0)
    file.close()
    assert opened(tmp_path).read(b"key") == row(b"key")


def test_a_file_that_turns_out_to_be_damaged_later_is_begun_anew(tmp_path: Path) -> None:
    first = opened(tmp_path)
    first.write([row(bytes([n]), b"x" * 5000) for n in range(50)], (), 1.0)
    first.close()
    path = tmp_path / FILE_NAME
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    file = opened(tmp_path)
    assert all(file.read(bytes([n])) is None for n in range(50))
    assert file.write([row(b"key")], (), 1.0)
    assert file.read(b"key") == row(b"key")
    file.close()


def test_a_file_of_the_first_version_is_begun_anew(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / FILE_NAME)
    old.execute("CREATE TABLE kept (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
    old.execute("INSERT INTO kept VALUES (x'00', x'01')")
    old.commit()
    old.close()
    file = opened(tmp_path)
    assert file.sizes() == []
    assert file.write([row(b"key")], (), 1.0)
    assert file.read(b"key") == row(b"key")
    file.close()


def test_one_that_another_holds_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_S", 0.01)
    first = opened(tmp_path)
    first.write([row(b"key")], (), 1.0)
    holder = sqlite3.connect(tmp_path / FILE_NAME)
    holder.execute("BEGIN EXCLUSIVE")
    assert StoreFile.opened(tmp_path, LIMIT_BYTES) is None
    holder.rollback()
    holder.close()
    assert opened(tmp_path).read(b"key") == row(b"key")
    first.close()


def test_a_file_that_may_only_be_read_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = opened(tmp_path)
    writer.write([row(b"key")], (), 1.0)
    writer.close()
    connect = sqlite3.connect

    def read_only(path: Path, **options: object) -> sqlite3.Connection:
        return connect(f"{path.as_uri()}?mode=ro", uri=True, **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(sqlite3, "connect", read_only)
    file = opened(tmp_path)
    assert file.read(b"key") == row(b"key")
    assert not file.write([row(b"new")], [b"key"], 2.0)
    assert not file.clear()
    assert file.read(b"key") == row(b"key")
    file.close()


def test_small_values_come_together_the_newest_first(tmp_path: Path) -> None:
    file = opened(tmp_path)
    file.write([row(b"a", b"1", 1.0), row(b"b", b"2", 2.0), row(b"c", b"x" * 17)], (), 3.0)
    assert [one.key for one in file.small()] == [b"b", b"a"]
    file.close()


def test_it_stays_below_its_limit(tmp_path: Path) -> None:
    file = opened(tmp_path, 200_000)
    for number in range(100):
        assert file.write([row(bytes([number]), b"x" * 10_000, float(number))], (), float(number))
        assert (tmp_path / FILE_NAME).stat().st_size <= 200_000
    assert file.read(bytes([99])) is not None
    assert file.read(bytes([0])) is None
    (size,) = file.sizes()
    assert 10 <= size.entries < 20
    file.close()


def test_clearing_gives_the_room_back(tmp_path: Path) -> None:
    file = opened(tmp_path)
    file.write([row(bytes([n]), b"x" * 10_000) for n in range(100)], (), 1.0)
    assert file.clear()
    assert file.sizes() == []
    assert (tmp_path / FILE_NAME).stat().st_size < 100_000
    file.close()


def test_a_closed_file_has_and_keeps_nothing(tmp_path: Path) -> None:
    file = opened(tmp_path)
    file.close()
    assert not file.write([row(b"key")], (), 1.0)
    assert file.read(b"key") is None
    assert file.sizes() == []
    assert not file.clear()
