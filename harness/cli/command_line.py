"""One command, from its arguments to an exit code; every failure becomes a plain message."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from harness.cli.app import app
from harness.cli.failures import report_failure, report_misuse
from harness.errors import HarnessError, UsageError


def run_command_line(arguments: Sequence[str]) -> int:
    """Run one command; every failure becomes a plain message and an exit code."""
    command = f"harness {arguments[0]}" if arguments[:1] and is_command(arguments[0]) else "harness"
    try:
        ours, program = split_at_program(arguments)
        code = app(args=ours, prog_name="harness", standalone_mode=False, obj=program)
        return code if isinstance(code, int) else 0
    except typer.TyperException as error:
        return report_misuse(error, command)
    except HarnessError as error:
        return report_failure(error, command)
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:
        return report_failure(error)


def is_command(word: str) -> bool:
    """Whether there is a command of this name."""
    names = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
    return word in names


def split_at_program(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is ours, and the command of a program of the user's behind “--” (only with ``run``).

    Raises:
        UsageError: nothing stands behind it.
    """
    given = list(arguments)
    if given[:1] != ["run"] or "--" not in given:
        return given, []
    place = given.index("--")
    if not given[place + 1 :]:
        raise UsageError(
            "There is no program behind “--”.",
            expected="the command that serves your page, for example: -- npm start",
            found="nothing",
        )
    return given[:place], given[place + 1 :]


def _reader_left() -> int:
    """Whoever read our output has gone (``harness run --json | head``): nothing to say."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 3
