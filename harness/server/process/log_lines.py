"""The server's log: what goes wrong in our own code at length, in others' code in one line.

What a caller sends can break the WebRTC engine or an event loop's transport in many ways, each with
pages of traceback that say nothing about the call. Of ours a traceback is what is needed. Whatever
a caller's words are, they steer neither a terminal nor a CI server.
"""

from __future__ import annotations

import logging

from harness.environment import is_debugging
from harness.terminal_text import printable

FORMAT = "%(levelname)s %(name)s: %(message)s"
LONGEST_LINE = 500


class LogLines(logging.Formatter):
    """One line for each record of a logger that is not ours; ``is_long`` for all at length."""

    def __init__(self, *, is_long: bool = False) -> None:
        super().__init__(FORMAT)
        self._is_long = is_long

    def format(self, record: logging.LogRecord) -> str:
        """A record as its line, or as its lines where it is ours."""
        return printable(self._lines(record), keeps_lines=True)

    def _lines(self, record: logging.LogRecord) -> str:
        if self._is_long or record.name.partition(".")[0] == "harness":
            return super().format(record)
        error = record.exc_info[1] if record.exc_info else None
        lines = record.getMessage().splitlines()
        text = lines[0] if lines else ""
        if error is not None:
            what = " ".join(str(error).split())
            text = f"{text}: {type(error).__name__}: {what}".rstrip(": ")
        return f"{record.levelname} {record.name}: {text[:LONGEST_LINE]}"


def set_up_logging() -> None:
    """Warnings and worse go to standard error; with HARNESS_DEBUG=1 all of them at length."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines(is_long=is_debugging()))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
