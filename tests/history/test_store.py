"""The file of a history: all of a suite or nothing; what is damaged is told, and rescued."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import ArtifactError, HarnessError, UsageError
from harness.history.rows import Number
from harness.history.store import HistoryFile, open_history, rescue
from harness.sqlite_schema import use_wal
from tests.support.make_history import nights, run_row, suite_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A name for a history, in a folder that is not there yet."""
    return tmp_path / "folder" / "voice.sqlite"


def filled(path: Path, suites: int = 60) -> Path:
    """A history of some pages."""
    with HistoryFile(path) as history:
        for day, suite in enumerate(nights([0.8 + n / 100 for n in range(suites)])):
            runs = [run_row(scenario=f"call-{day}-{n}") for n in range(10)]
            history.add(suite_of(day + 1, *suite.runs, *runs))
    return path


def test_what_was_added_comes_back_in_the_order_of_time(path: Path) -> None:
    early, late = nights([0.8, 0.9])
    with HistoryFile(path) as history:
        assert history.add(late)
        assert history.add(early)
    with open_history(path) as history:
        assert history.suites() == [early, late]


def test_the_same_results_are_there_once(path: Path) -> None:
    (suite,) = nights([0.8])
    with HistoryFile(path) as history:
        assert history.add(suite)
        assert not history.add(suite)
        assert history.suites() == [suite]


def test_a_suite_is_there_whole_or_not_at_all(path: Path) -> None:
    twice = suite_of(1, run_row(), run_row())
    with HistoryFile(path) as history:
        with pytest.raises(HarnessError):
            history.add(twice)
        assert history.suites() == []
        assert history.add(suite_of(1, run_row(numbers={"dead_air_s": Number(0.1)})))


def test_one_is_read_where_nothing_may_be_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As SQLite says it of a read-only folder: the mode keeps files beside the database."""
    (suite,) = nights([0.8])
    with HistoryFile(path) as history:
        history.add(suite)

    def refused_beside(connection: sqlite3.Connection, busy_ms: int) -> None:
        (_, _, file) = connection.execute("PRAGMA database_list").fetchone()
        if Path(file) == path:
            connection.execute("ATTACH ? AS other", (str(path.parent / "none" / "x.sqlite"),))
        use_wal(connection, busy_ms)

    monkeypatch.setattr("harness.history.schema.use_wal", refused_beside)
    with open_history(path) as history:
        assert history.suites() == [suite]
        assert history.path == path
    with pytest.raises(ArtifactError, match="cannot be read or written"):
        HistoryFile(path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_suites_that_end_at_once_are_all_kept(path: Path) -> None:
    def add(day: int) -> bool:
        with HistoryFile(path) as history:
            return history.add(suite_of(day, run_row()))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(add, range(1, 9)))
    with open_history(path) as history:
        assert len(history.suites()) == 8


def test_a_history_that_is_not_there_is_told(path: Path) -> None:
    with pytest.raises(UsageError, match="There is no history at"):
        open_history(path)
    path.mkdir(parents=True)
    with pytest.raises(UsageError, match="a folder"):
        open_history(path)
    with pytest.raises(ArtifactError, match="cannot be read or written"):
        HistoryFile(path)


def test_a_file_cut_short_is_told_left_and_rescued(path: Path) -> None:
    content = filled(path).read_bytes()
    cut = path.with_name("cut.sqlite")
    cut.write_bytes(content[: len(content) * 3 // 4])
    before = cut.read_bytes()
    with pytest.raises(ArtifactError, match="damaged") as told:
        open_history(cut)
    assert "--rescue" in str(told.value)
    assert cut.read_bytes() == before
    to = path.with_name("new.sqlite")
    counts = rescue(cut, to)
    assert cut.read_bytes() == before
    assert counts["runs"] > 300
    with open_history(to) as history:
        suites = history.suites()
        assert len(suites) == counts["suites"]
        assert sum(len(suite.runs) for suite in suites) == counts["runs"]
        assert history.add(suite_of(31, run_row()))


def test_a_damaged_page_costs_what_is_on_it(path: Path) -> None:
    content = bytearray(filled(path).read_bytes())
    middle = len(content) // 4096 // 2 * 4096
    content[middle : middle + 4096] = b"\xaa" * 4096
    path.write_bytes(content)
    with pytest.raises(ArtifactError, match="damaged"):
        open_history(path)
    counts = rescue(path, path.with_name("new.sqlite"))
    assert counts["suites"] + counts["runs"] > 300


def test_a_rescue_overwrites_nothing_and_says_when_nothing_is_left(path: Path) -> None:
    filled(path, 2)
    with pytest.raises(UsageError, match="there already"):
        rescue(path, path)
    path.write_bytes(b"nothing of a database" * 99)
    with pytest.raises(ArtifactError, match="Nothing can be read"):
        rescue(path, path.with_name("new.sqlite"))
    assert not path.with_name("new.sqlite").exists()


@settings(max_examples=25)
@given(share=st.floats(0.0, 0.999), seed=st.integers(0, 255))
def test_whatever_is_left_of_a_file_it_is_told_plainly(
    tmp_path_factory: pytest.TempPathFactory, share: float, seed: int
) -> None:
    """Cut anywhere, with a byte changed: read, or an error of ours; never another one."""
    folder = tmp_path_factory.mktemp("damaged")
    content = bytearray(filled(folder / "whole.sqlite", 5).read_bytes())
    content[round(share * (len(content) - 1))] ^= seed
    damaged = folder / "damaged.sqlite"
    damaged.write_bytes(content[: round(share * len(content)) or 1] if seed % 2 else content)
    for look in (lambda: open_history(damaged), lambda: rescue(damaged, folder / "new.sqlite")):
        try:
            found = look()
        except HarnessError:
            continue
        if isinstance(found, HistoryFile):
            try:
                found.suites()
            except HarnessError:
                pass
            finally:
                found.close()
    with closing(sqlite3.connect(folder / "whole.sqlite")) as whole:
        assert whole.execute("SELECT count(*) FROM suites").fetchone() == (5,)
