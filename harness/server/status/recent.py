"""The last things that went wrong, for the status page: what the log says, kept."""

from __future__ import annotations

import logging
import re
from collections import deque
from dataclasses import dataclass
from typing import Any

MOST_KEPT = 50
LONGEST_CHARS = 300
_SECRET = re.compile(r"\b(?:ek_|sk-)[\w-]{6,}")


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """One thing that went wrong."""

    unix_s: float
    level: str
    text: str

    def as_json(self) -> dict[str, Any]:
        """It as the status shows it."""
        return {"unix_s": round(self.unix_s, 3), "level": self.level, "text": self.text}


class RecentErrors(logging.Handler):
    """Keeps the last warnings and errors; one line each, without stack traces and keys.

    Use as a context manager: inside, it listens to all of our loggers.
    """

    def __init__(self, most: int = MOST_KEPT) -> None:
        super().__init__(logging.WARNING)
        self._kept: deque[ErrorEntry] = deque(maxlen=most)
        self.count = 0
        """All there ever were."""

    def __enter__(self) -> RecentErrors:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a log record; called by `logging`."""
        text = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            text += f" ({record.exc_info[0].__name__})"
        self.note(record.created, record.levelname.lower(), text)

    def note(self, unix_s: float, level: str, text: str) -> None:
        """Add what no logger said."""
        self.count += 1
        plain = _SECRET.sub("(a key)", " ".join(text.split()))[:LONGEST_CHARS]
        self._kept.append(ErrorEntry(unix_s, level, plain))

    @property
    def mishaps(self) -> list[ErrorEntry]:
        """Oldest first."""
        return list(self._kept)
