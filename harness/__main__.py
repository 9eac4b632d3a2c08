"""``python -m harness`` and the console script ``harness``."""

from __future__ import annotations

import io
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code; Ctrl-C also counts while importing."""
    _say_what_can_be_said()
    try:
        from harness.cli.app import run_command_line

        exit_code = run_command_line(sys.argv[1:])
    except KeyboardInterrupt:
        exit_code = INTERRUPTED
    sys.exit(exit_code)


def _say_what_can_be_said() -> None:
    """On a terminal or pipe without UTF-8, a sign that it lacks becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
