"""All that a program has started, wherever it went: found by a mark, and ended.

A process that leaves its group, as with `setsid`, `nohup` or `detached: true`, and is nobody's
child any more, still has the environment that it inherited. Run as a script, this file waits until
its standard input is closed, and then ends what has the group and the mark in its arguments.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psutil import Process

MARK = "REALTIME_HARNESS_STARTED"
"""The environment variable; each program that is started has a value of its own."""

LOOK_EVERY_S = 0.05
KILLED_AFTER_S = 2.0


@dataclass(frozen=True, slots=True)
class StartedProgram:
    """A program that leads a session of its own, and all that it starts."""

    group: int
    mark: str

    def living(self) -> list[Process]:
        """The processes of it that run; what has ended and nobody asked for is none."""
        import psutil

        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if self._is_of_it(process) and _lives(process):
                    found.append(process)
        return found

    def _is_of_it(self, process: Process) -> bool:
        if os.getpgid(process.pid) == self.group:
            return True
        # Another user's tell nobody what they inherited.
        return bool(process.environ().get(MARK) == self.mark)


def marked(environ: Mapping[str, str], mark: str) -> dict[str, str]:
    """An environment for a program that is to be found again."""
    return {**environ, MARK: mark}


def send(number: signal.Signals, processes: Iterable[Process]) -> None:
    """Send each a signal."""
    import psutil

    for process in processes:
        with contextlib.suppress(psutil.Error, OSError):
            process.send_signal(number)


def any_lives(processes: Iterable[Process]) -> bool:
    """Whether one of them still runs."""
    return any(_lives(process) for process in processes)


def _lives(process: Process) -> bool:
    import psutil

    with contextlib.suppress(psutil.Error, OSError):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False


def _end(started: StartedProgram) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        found, until_s = started.living(), time.monotonic() + KILLED_AFTER_S
        send(number, found)
        while any_lives(found) and time.monotonic() < until_s:
            time.sleep(LOOK_EVERY_S)


if __name__ == "__main__":
    sys.stdin.read()
    _end(StartedProgram(int(sys.argv[1]), sys.argv[2]))
