"""Typed lines: from a terminal, a sign at a time, or from a pipe or a file."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import termios
import threading
import tty
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TextIO

ERASE = frozenset("\x7f\b")
ERASE_ALL, END_OF_INPUT = "\x15", "\x04"
LONGEST_LINE = 2_000


class LineEditor:
    """A line as it is typed: signs in, whole lines out. Pure."""

    def __init__(self) -> None:
        self.text = ""
        """What stands in the line now."""

        self.is_ended = False
        """Whether the end of input was typed."""

        self._escape = ""

    def type(self, chars: str) -> list[str]:
        """More signs; the lines that are whole by them."""
        lines = []
        for char in chars:
            if self._escape or char == "\x1b":
                self._skip(char)
            elif char in "\r\n":
                lines.append(self.text)
                self.text = ""
            elif char in ERASE:
                self.text = self.text[:-1]
            elif char == ERASE_ALL:
                self.text = ""
            elif char == END_OF_INPUT:
                self.is_ended = self.is_ended or not self.text
            elif char.isprintable() and len(self.text) < LONGEST_LINE:
                self.text += char
        return lines

    def _skip(self, char: str) -> None:
        """Keys such as the arrows send several signs; none of them is text."""
        if char == "\x1b":
            self._escape = char
        elif self._escape == "\x1b" and char in "[O":
            self._escape += char
        elif len(self._escape) == 1 or "@" <= char <= "~":
            self._escape = ""


async def lines_of(stream: TextIO) -> AsyncIterator[str]:
    """The lines of a pipe or a file, as they come.

    The reading thread ends with the stream, or with the process.
    """
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def read() -> None:
        with contextlib.suppress(RuntimeError, ValueError, OSError):  # loop or stream are closed
            for line in iter(stream.readline, ""):
                loop.call_soon_threadsafe(queue.put_nowait, line)
            loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=read, name="typed-lines", daemon=True).start()
    while (line := await queue.get()) is not None:
        yield line


@asynccontextmanager
async def lines_of_terminal(
    stream: TextIO, editor: LineEditor
) -> AsyncIterator[AsyncIterator[str]]:
    """The lines that are typed into a terminal; ``editor`` has the one that is not whole yet.

    The terminal does not show what is typed meanwhile: whoever draws does.
    """
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[str | None]()
    number, decoder = stream.fileno(), codecs.getincrementaldecoder("utf-8")("replace")

    def read() -> None:
        data = os.read(number, 1024)
        for line in editor.type(decoder.decode(data, final=not data)):
            queue.put_nowait(line)
        if editor.is_ended or not data:
            queue.put_nowait(None)
            loop.remove_reader(number)

    async def lines() -> AsyncIterator[str]:
        while (line := await queue.get()) is not None:
            yield line

    with _unbuffered(number):
        loop.add_reader(number, read)
        try:
            yield lines()
        finally:
            loop.remove_reader(number)


@contextmanager
def _unbuffered(number: int) -> Iterator[None]:
    """A terminal that hands over each sign; Ctrl-C stays what it is."""
    before = termios.tcgetattr(number)
    try:
        tty.setcbreak(number, termios.TCSANOW)
        yield
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)
