"""Progress of a bench: one line that is rewritten on a terminal, elsewhere one now and then.

No living display: the thread that draws one would be measured, too.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

T = TypeVar("T")

LINE_EVERY_S = 15.0
"""Where no terminal is, as in a log: often enough to be seen to go on, and no flood."""

_ERASE = "\r\x1b[K"


def told(
    items: Iterable[T],
    count: int,
    what: Callable[[T], str],
    line: ProgressLine | None = None,
) -> Generator[T]:
    """The items, one by one; on standard error stands which of them is being worked on.

    Args:
        items: a list, or what gives them one after the other.
        count: how many there are.
        what: of an item, in a few words.
        line: where it is told, for who has notes to add; one of its own where absent.
    """
    line = line or ProgressLine()
    try:
        for number, item in enumerate(items, start=1):
            line.say(f"{number} of {count}  {what(item)}".rstrip())
            yield item
    finally:
        line.end()


class ProgressLine:
    """Says on standard error what is being worked on."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._said_s = time.monotonic()

    def say(self, text: str) -> None:
        """This is being worked on."""
        if self._is_terminal:
            print(f"{_ERASE}  {text}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self._said_s >= LINE_EVERY_S:
            self._said_s = time.monotonic()
            print(f"  {text}", file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """This was found; unlike what is being worked on, it stays, in a log at once."""
        before = _ERASE if self._is_terminal else ""
        print(f"{before}  {text}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self._is_terminal:
            print(_ERASE, end="", file=sys.stderr, flush=True)
