"""``python -m harness`` and the console script ``harness``."""

from __future__ import annotations

import atexit
import io
import os
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code; Ctrl-C also counts while importing."""
    _say_what_can_be_said()
    code = [INTERRUPTED]
    atexit.register(_end_now, code)  # the first one here runs last of all
    try:
        from harness.cli.command_line import run_command_line

        code[0] = run_command_line(sys.argv[1:])
    except KeyboardInterrupt:
        code[0] = INTERRUPTED
    sys.exit(code[0])


def _end_now(code: list[int]) -> None:
    """End without taking every module apart, which costs half a second after a conversation.

    Threads have been waited for by now, and every other exit handler has run.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return  # the usual end says what is wrong with them
    os._exit(code[0])


def _say_what_can_be_said() -> None:
    """On a terminal or pipe without UTF-8, a sign that it lacks becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
