"""Standard output and error that are closed, on a full device, or read by nobody any more.

A closed stream becomes one that goes nowhere, so that no file which is opened later takes its
number and gets what was meant for it. What cannot be said on standard error is not said: the exit
code says it still. What cannot be written to standard output is an error, since it was asked for.

What goes through either is no command to a CI server that reads it, whoever's words it has.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO

from harness.terminal_text import HarmlessText

LOST = 3
"""The exit code where standard output could not be written."""


class ForgivingText(HarmlessText):
    """A text stream that drops what cannot be written."""

    def write(self, text: str, /) -> int:
        """Write what can be written; all of it counts as written."""
        try:
            return super().write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        """Hand on what can be handed on."""
        with contextlib.suppress(OSError):
            super().flush()


def prepare_streams() -> bool:
    """Make the standard streams fit to be written to, whatever they are.

    On a terminal or pipe without UTF-8, a sign that it lacks becomes a question mark.

    Returns:
        Whether standard output was closed from the start.
    """
    _fill_gaps()
    was_closed = sys.stdout is None
    if sys.stdout is None:
        sys.stdout = _nowhere(1)
    elif isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = HarmlessText.of(sys.stdout)
    if sys.stderr is None:
        sys.stderr = _nowhere(2)
    elif isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _forgiving(sys.stderr)
    return was_closed


def print_command(text: str) -> None:
    """Print what a CI server is meant to obey, on standard error.

    Args:
        text: one line.
    """
    if isinstance(sys.stderr, HarmlessText):
        sys.stderr.write_command(text)
    else:  # a caller's own
        print(text, file=sys.stderr)


def flush_streams() -> str | None:
    """Write out what waits in the streams.

    Returns:
        Why standard output could not be written; None where it was. "" where nobody reads it any
        more (``| head``), of which nothing is to be said.
    """
    why = None
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        why = ""
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    return why


def _fill_gaps() -> None:
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one


def _nowhere(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", errors="replace", closefd=False)


def _forgiving(stream: io.TextIOWrapper) -> ForgivingText:
    buffer = stream.buffer
    raw = getattr(buffer, "raw", buffer)  # unbuffered: what fails once must not wait to fail again
    return ForgivingText(raw, encoding=stream.encoding, errors="replace", write_through=True)
