"""``python -m harness`` and the console script ``harness``."""

from __future__ import annotations

import atexit
import os
import sys

from harness.cli.standard_streams import LOST, flush_streams, prepare_streams

INTERRUPTED = 130
FAILED = 3


def main() -> None:
    """Run the command line and leave with its exit code; Ctrl-C also counts while importing."""
    is_closed = prepare_streams()
    code = [INTERRUPTED]
    atexit.register(_end_now, code)  # the first one here runs last of all
    try:
        from harness.cli.command_line import run_command_line

        if is_closed:  # said first: a server ends by a signal
            _say("harness: standard output is closed, so nothing is written there")
        code[0] = run_command_line(sys.argv[1:])
    except KeyboardInterrupt:
        code[0] = INTERRUPTED
    except SystemExit as ended:  # a signal that ends us: 128 and its number
        code[0] = ended.code if isinstance(ended.code, int) else FAILED
    except BaseException:
        code[0] = FAILED
        raise
    sys.exit(code[0])


def _end_now(code: list[int]) -> None:
    """End without taking every module apart, which costs half a second after a conversation.

    Threads have been waited for by now, and every other exit handler has run.
    """
    why = flush_streams()
    if why is not None:
        code[0] = LOST
    if why:
        _say(f"harness: standard output could not be written: {why}")
    os._exit(code[0])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
