"""Writing the session log: every event of a session, both ways, as JSON Lines.

One file a session, the oldest removed. A thread writes it, so that the call never waits for a
disk. Each event is in the file as soon as the thread has its turn; a crash of the program loses
what it was doing in that moment, and a line cut in the middle is noticed when it is read. A full
disk costs events, not the call: what could not be written is counted in the file itself once
there is room again, as an event of the type `GAP`. What the lines say is settled in
`harness.realtime.client.log`.
"""

from __future__ import annotations

import contextlib
import json
import queue
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from harness.errors import ArtifactError
from harness.realtime.client.log import Direction, entry_line, header_line
from harness.redact import Masker
from harness.trace import cannot_write

GAP = "session_log.gap"
"""An event of our own, where events are missing. missing"""

MOST_WAITING = 50_000
"""Events that may wait for the disk; more are counted as missing."""

KEPT_FILES = 20
_FILE_NAME = re.compile(r"session-\d{6}\.jsonl")


@dataclass(frozen=True, slots=True)
class _Entry:
    t_s: float
    direction: Direction
    text: str


class SessionLogWriter:
    """Writes one session's log.

    Args:
        path: the file, made new.
        header: facts about the session.
        masker: hides secrets, also those it learns of later.
        on_problem: told, in the writer's thread, the first time that the disk refuses.

    Raises:
        ArtifactError: the file cannot be made.
    """

    def __init__(
        self,
        path: Path,
        header: Mapping[str, Any],
        masker: Masker,
        on_problem: Callable[[ArtifactError], None] = lambda _: None,
    ) -> None:
        self.path = path
        self._masker = masker
        self._on_problem = on_problem
        self._waiting: queue.Queue[_Entry | None] = queue.Queue(MOST_WAITING)
        self._overflowed = 0  # counted by who writes
        self._refused = 0  # counted by the thread, as are the rest
        self._told_missing = 0
        self._problem: ArtifactError | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = path.open("wb", buffering=0)
            self._good_bytes = 0
            self._append(_bytes(header_line(**masker.value(dict(header)))))
        except OSError as error:
            raise cannot_write(path, error) from error
        self._thread = threading.Thread(target=self._run, name="session-log", daemon=True)
        self._thread.start()

    def write(self, direction: Direction, text: str, t_s: float) -> None:
        """Queue one event, as the JSON text it was on the wire. Never waits, never raises."""
        try:
            self._waiting.put_nowait(_Entry(t_s, direction, text))
        except queue.Full:
            self._overflowed += 1

    @property
    def missing(self) -> int:
        """Events that are not in the file."""
        return self._overflowed + self._refused

    def finish(self) -> None:
        """Let the thread write what waits and close the file by itself."""
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(None)

    def close(self, within_s: float = 5.0) -> None:
        """Write what waits and close the file. May be repeated."""
        with contextlib.suppress(queue.Full):
            self._waiting.put(None, timeout=within_s)
        self._thread.join(within_s)

    def _run(self) -> None:
        with self._file:
            while (entry := self._waiting.get()) is not None:
                batch = [entry]
                is_last = self._take_waiting(batch)
                self._write_batch(batch)
                if is_last:
                    return

    def _take_waiting(self, batch: list[_Entry]) -> bool:
        """Everything that waits already; whether the end was among it."""
        while len(batch) < 1000:
            try:
                entry = self._waiting.get_nowait()
            except queue.Empty:
                return False
            if entry is None:
                return True
            batch.append(entry)
        return False

    def _write_batch(self, batch: list[_Entry]) -> None:
        missing = self.missing
        gap = {"type": GAP, "missing": missing - self._told_missing}
        is_whole = missing == self._told_missing
        lines = [] if is_whole else [_bytes(entry_line(batch[0].t_s, "received", gap))]
        lines += [self._entry_line(entry) for entry in batch]
        try:
            self._append(b"".join(lines))
        except OSError as error:
            self._refused += len(batch)
            self._note(error)
        else:
            self._told_missing = missing

    def _append(self, data: bytes) -> None:
        """All of it, or nothing of it."""
        try:
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
        except OSError:
            with contextlib.suppress(OSError):
                self._file.seek(self._good_bytes)
                self._file.truncate()
            raise
        self._good_bytes += len(data)

    def _entry_line(self, entry: _Entry) -> bytes:
        try:
            event = self._masker.value(json.loads(entry.text))
            return _bytes(entry_line(entry.t_s, entry.direction, event))
        except (ValueError, RecursionError):
            event = {"malformed": self._masker.text(entry.text)}
            return _bytes(entry_line(entry.t_s, entry.direction, event))

    def _note(self, error: OSError) -> None:
        if self._problem is None:
            self._problem = cannot_write(self.path, error)
            self._problem.__cause__ = error
            self._on_problem(self._problem)


def next_log_path(folder: Path, kept: int = KEPT_FILES) -> Path:
    """The file for a new session, numbered after the last; the oldest beyond ``kept`` go.

    Raises:
        ArtifactError: the folder cannot be made or read.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = session_logs(folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    for old in there[: max(0, len(there) - kept + 1)]:
        with contextlib.suppress(OSError):
            old.unlink()
    number = int(there[-1].stem.split("-")[1]) + 1 if there else 1
    return folder / f"session-{number:06}.jsonl"


def session_logs(folder: Path) -> list[Path]:
    """The session logs of a folder, oldest first."""
    return sorted(path for path in folder.iterdir() if _FILE_NAME.fullmatch(path.name))


def _bytes(line: str) -> bytes:
    return line.encode("utf-8", "replace") + b"\n"
