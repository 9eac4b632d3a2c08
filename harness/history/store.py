"""The file of a history: suites are added to it, read back, and rescued from a damaged one."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.errors import ArtifactError, UsageError
from harness.history.rows import Number, RunRow, SuiteRow
from harness.history.schema import damaged, prepare

TABLES = ("suites", "runs", "numbers")
"""Parents first."""

HEADER_BYTES = 100
MOST_CUT = 100
MOST_PADDED_BYTES = 1_000_000_000
"""A damaged header does not fill a disk: the holes of the copy take no room, and have a bound."""

LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
READ_ONLY = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
PRIMARY_CODE = 0xFF
"""Of SQLite's error codes: what is above these bits only says more."""


class HistoryFile:
    """An open history, made where it is missing. Several processes may write to one.

    What `add` wrote is on the disk when it returns. A context manager that closes it.

    Raises:
        UsageError: the file is another program's, or of a newer version.
        ArtifactError: it is damaged, or cannot be read or written. From every method, too.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with _told_plainly(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, isolation_level=None)
            try:
                prepare(self._connection, path)
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> HistoryFile:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add(self, suite: SuiteRow) -> bool:
        """Keep a suite, all of it or nothing; False where it is there already."""
        with _told_plainly(self.path), self._transaction():
            made = self._connection.execute(
                "INSERT INTO suites (key, began_at, source, build, machine, harness) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                (
                    suite.key,
                    suite.began_at,
                    suite.source,
                    suite.build,
                    suite.machine,
                    suite.harness,
                ),
            )
            if not made.rowcount:
                return False
            for run in suite.runs:
                self._add_run(made.lastrowid, run)
        return True

    def suites(self) -> list[SuiteRow]:
        """Every suite, in the order of their beginnings."""
        with _told_plainly(self.path):
            numbers: dict[int, dict[str, Number]] = {}
            for run_id, name, median, count in self._connection.execute(
                "SELECT run_id, name, median, count FROM numbers ORDER BY id"
            ):
                numbers.setdefault(run_id, {})[name] = Number(median, count)
            runs: dict[int, list[RunRow]] = {}
            for suite_id, run_id, *told in self._connection.execute(
                "SELECT suite_id, id, scenario, engine, verdict, repeat, attempt, reason, wall_s "
                "FROM runs ORDER BY suite_id, repeat, attempt, id"
            ):
                scenario, engine, verdict, repeat, attempt, reason, wall_s = told
                found = numbers.get(run_id, {})
                row = RunRow(scenario, engine, verdict, repeat, attempt, reason, wall_s, found)
                runs.setdefault(suite_id, []).append(row)
            return [
                SuiteRow(key, began_at, tuple(runs.get(suite_id, ())), *facts)
                for suite_id, key, began_at, *facts in self._connection.execute(
                    "SELECT id, key, began_at, source, build, machine, harness FROM suites "
                    "ORDER BY began_at, id"
                )
            ]

    def _add_run(self, suite_id: int | None, run: RunRow) -> None:
        made = self._connection.execute(
            "INSERT INTO runs (suite_id, scenario, engine, repeat, attempt, verdict, reason, "
            "wall_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                suite_id,
                run.scenario,
                run.engine,
                run.repeat,
                run.attempt,
                run.verdict,
                run.reason,
                run.wall_s,
            ),
        )
        self._connection.executemany(
            "INSERT INTO numbers (run_id, name, median, count) VALUES (?, ?, ?, ?)",
            [(made.lastrowid, name, one.median, one.count) for name, one in run.numbers.items()],
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


class _ReadCopy(HistoryFile):
    """A copy of a history that lies where nothing may be written: SQLite reads nothing there."""

    def __init__(self, path: Path) -> None:
        self._folder = tempfile.TemporaryDirectory()
        try:
            with _told_plainly(path):
                copy = _copied(path, Path(self._folder.name))
            super().__init__(copy)
        except BaseException:
            self._folder.cleanup()
            raise
        self.path = path

    def close(self) -> None:
        super().close()
        self._folder.cleanup()


def open_history(path: Path) -> HistoryFile:
    """One that is there, to be read: also in a folder that may not be written to.

    Raises:
        UsageError: there is no such file; more as `HistoryFile`.
    """
    if not path.is_file():
        raise UsageError(
            f"There is no history at {path}.",
            expected="a file that “harness run --history FILE” made",
            found="a folder" if path.is_dir() else "nothing",
            hint=f"harness run SCENARIO… --history {path}, or harness history {path} --add RUN",
        )
    try:
        return HistoryFile(path)
    except ArtifactError as error:
        code = getattr(error.__cause__, "sqlite_errorcode", None)
        if code is None or code & PRIMARY_CODE not in READ_ONLY:
            raise
        return _ReadCopy(path)


def rescue(path: Path, to: Path) -> dict[str, int]:
    """Copy what can be read of a damaged history into a new one; the damaged file is only read.

    Rows are read from both ends of each table until what is damaged. A run whose suite is lost gets
    one without a build, at the time of the suite before it; a number whose run is lost is, too.

    Returns:
        How many rows of each table were copied.

    Raises:
        UsageError: the new file is there already.
        ArtifactError: nothing can be read of it, or the new file cannot be written.
    """
    if to.exists():
        raise UsageError(f"{to} is there already.", expected="a name that is free", found=str(to))
    rows = _readable(path)
    rows["suites"] += _stand_ins(rows, path)
    with HistoryFile(to) as history, _told_plainly(to), history._transaction():
        connection = history._connection
        for table in TABLES:
            for row in rows[table]:
                _keep(connection, table, row)
        return {
            table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
            for table in TABLES
        }


def _readable(path: Path) -> dict[str, list[dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as folder:
        copy = _copied(path, Path(folder))
        _pad(copy)
        return _read_all(copy, path)


def _copied(path: Path, folder: Path) -> Path:
    """A history as a file of another folder, with what was written to it last."""
    copy = folder / "history.sqlite"
    for suffix in ("", "-wal"):
        if Path(f"{path}{suffix}").is_file():
            shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
    return copy


def _pad(copy: Path) -> None:
    """Make a file that was cut as long as its header says: SQLite reads nothing of it otherwise."""
    with copy.open("r+b") as file:
        header = file.read(HEADER_BYTES)
        page_bytes, pages = int.from_bytes(header[16:18]), int.from_bytes(header[28:32])
        page_bytes = 65_536 if page_bytes == 1 else page_bytes
        size = copy.stat().st_size
        if size < page_bytes * pages <= max(MOST_CUT * size, MOST_PADDED_BYTES):
            file.truncate(page_bytes * pages)


def _read_all(copy: Path, path: Path) -> dict[str, list[dict[str, Any]]]:
    connection = sqlite3.connect(copy)
    connection.row_factory = sqlite3.Row
    try:
        found = {table: _rows_of(connection, table) for table in TABLES}
    except (sqlite3.Error, UnicodeDecodeError) as error:  # of its own names, where a byte is wrong
        raise ArtifactError(
            f"Nothing can be read of {path}.",
            expected="a damaged history with its first page whole",
            found=str(error),
            hint="add the runs whose results.json you have: harness history NEW.sqlite --add RUN",
        ) from error
    finally:
        connection.close()
    return found


def _stand_ins(rows: dict[str, list[dict[str, Any]]], path: Path) -> list[dict[str, Any]]:
    """Suites in place of those that are lost, and have runs."""
    known = {
        row["id"]: row
        for row in rows["suites"]
        if type(row["id"]) is int and isinstance(row["began_at"], str)
    }
    asked = {row["suite_id"] for row in rows["runs"] if type(row["suite_id"]) is int}
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    made = []
    for number in sorted(asked - known.keys()):
        before = [row["began_at"] for id_, row in known.items() if id_ < number]
        behind = [row["began_at"] for id_, row in known.items() if id_ > number]
        began_at = max(before) if before else min(behind, default=changed)
        told = dict.fromkeys(("source", "build", "machine", "harness"), "")
        made.append({"id": number, "key": f"rescued {number}", "began_at": began_at, **told})
    return made


def _rows_of(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    """Rows from the first on until damage, and from the last on down to it."""
    connection.execute(f"SELECT id FROM {table} LIMIT 0")
    found: dict[int, dict[str, Any]] = {}
    for order in ("ASC", "DESC"):
        try:
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY id {order}"):
                if row["id"] in found:
                    break
                found[row["id"]] = dict(row)
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            continue
    return [found[number] for number in sorted(found)]


def _keep(connection: sqlite3.Connection, table: str, row: dict[str, Any]) -> None:
    """One row, where all that it refers to was kept; one that makes no sense is left out."""
    names, places = ", ".join(row), ", ".join("?" * len(row))
    try:
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", tuple(row.values()))
    except (sqlite3.IntegrityError, sqlite3.OperationalError):
        return


@contextmanager
def _told_plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if isinstance(error, sqlite3.OperationalError) or not isinstance(
            error, sqlite3.DatabaseError
        ):
            raise _unusable(path, error) from error
        raise damaged(path, str(error)) from error
    except UnicodeDecodeError as error:
        raise damaged(path, str(error)) from error
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: Exception) -> ArtifactError:
    locked = getattr(error, "sqlite_errorcode", None) in LOCKED
    return ArtifactError(
        f"The history {path} cannot be read or written.",
        expected="a file in a folder that may be written to, and that no other program holds",
        found=str(error),
        hint="try again when the other program has ended" if locked else "name another file",
    )
