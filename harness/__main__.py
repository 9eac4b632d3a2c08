"""``python -m harness`` and the console script ``harness``."""

from __future__ import annotations

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line and leave with its exit code; Ctrl-C also counts while importing."""
    try:
        from harness.cli.app import run_command_line

        exit_code = run_command_line(sys.argv[1:])
    except KeyboardInterrupt:
        exit_code = INTERRUPTED
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
