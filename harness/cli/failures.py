"""Failures in plain words: what was expected, what was found, what to do; never a traceback.

``HARNESS_DEBUG=1`` shows the traceback too. Keys and bearers are masked in whatever is printed.
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterable

from pydantic import ValidationError
from typer import TyperException

from harness.environment import is_debugging, variable
from harness.errors import HarnessError
from harness.paths import near_names
from harness.terminal_text import printable

ENVIRONMENT = 3
USAGE = 2
TO_DO = "  to do:    "
KEY_VARIABLES = ("HARNESS_API_KEY", "OPENAI_API_KEY")


def report_failure(error: Exception, command: str = "harness") -> int:
    """Print the error and return the exit code that belongs to it.

    Args:
        error: what went wrong.
        command: as it was typed, without its options: its help is what to do where a wrong use does
            not say more.
    """
    if isinstance(error, HarnessError):
        is_bare = error.exit_code == USAGE and error.hint is None and TO_DO not in str(error)
        print_failure(f"{error}\n{TO_DO}{command} --help" if is_bare else str(error))
        _debug(error)
        return error.exit_code
    print_failure(_unforeseen(error))
    _debug(error)
    return ENVIRONMENT


def report_misuse(error: TyperException, command: str = "harness") -> int:
    """A command or option that does not exist, a value of the wrong kind.

    Args:
        error: of the command line's parser.
        command: as `report_failure`; the parser may know it better.
    """
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else command
    message = error.format_message().replace("Value error, ", "")
    print_failure(f"{message}{_typed(error)}\n{TO_DO}{command} --help")
    _debug(error)
    return USAGE


def _typed(error: TyperException) -> str:
    """What was typed for a value, where the message does not repeat it."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return ""
    return f"\n  found:    {cause.errors(include_url=False)[0]['input']}"


def print_failure(text: str) -> None:
    """One message on standard error; red on a terminal."""
    first, _, rest = printable(_masked(text), keeps_lines=True).partition("\n")
    if sys.stderr.isatty() and "NO_COLOR" not in os.environ:
        first = f"\x1b[1;31m{first}\x1b[0m"
    print(f"harness: {first}" + (f"\n{rest}" if rest else ""), file=sys.stderr, flush=True)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint with the nearest known words, or None."""
    near = near_names(word, known, count=3)
    if not near:
        return None
    return f"did you mean {' or '.join(near)}?"


def _unforeseen(error: Exception) -> str:
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        if not place and error.errno == errno.ENOSPC:  # files are named by whoever writes them
            place = " (standard output)"
        return f"{error.strerror or error}{place}"
    return (
        f"Something went wrong inside the harness: {type(error).__name__}: {error}\n"
        "  to do:    run again with HARNESS_DEBUG=1 and report what it shows"
    )


def _masked(text: str) -> str:
    from harness.redact import Masker

    known = {variable(name) or "" for name in KEY_VARIABLES}
    return Masker(known).text(text)


def _debug(error: Exception) -> None:
    if is_debugging():
        print(_masked("".join(traceback.format_exception(error))), file=sys.stderr)
