"""The tail of a trace that is still written: what came since the last look."""

from __future__ import annotations

from pathlib import Path

from harness.errors import ArtifactError
from harness.trace_events import TraceEvent, WholeEvents

MOST_BYTES = 4_000_000
"""In one look; the rest comes with the next."""


class TraceTail:
    """Reads a trace as it grows. What is read was masked when it was written.

    Args:
        path: the trace; it may not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._has_header = False
        self._events = WholeEvents()

    def take(self) -> list[TraceEvent]:
        """The events that are whole and were not given before.

        Raises:
            ArtifactError: it cannot be read, or holds what is no event.
        """
        return [self._event(line) for line in self._lines()]

    def take_all(self) -> list[TraceEvent]:
        """The same up to the end, however much it is; raises as `take` does."""
        found: list[TraceEvent] = []
        while True:
            before = self._offset
            found += self.take()
            if self._offset == before:
                return found

    def _lines(self) -> list[bytes]:
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                new = file.read(MOST_BYTES)
                if len(new) == MOST_BYTES and b"\n" not in new:
                    new += file.readline()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._broken(error.strerror or str(error)) from error
        whole = new[: new.rfind(b"\n") + 1]
        self._offset += len(whole)
        lines = whole.split(b"\n")[:-1]
        if lines and not self._has_header:
            self._has_header = True
            return lines[1:]
        return lines

    def _event(self, line: bytes) -> TraceEvent:
        try:
            return self._events.event(line)
        except (ValueError, KeyError, TypeError) as error:
            raise self._broken(line[:80].decode("utf-8", errors="replace")) from error

    def _broken(self, found: str) -> ArtifactError:
        return ArtifactError(
            f"Cannot follow the trace {self._path}.", expected="a trace that grows", found=found
        )
