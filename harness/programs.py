"""Programs that a user names in a file: started, with which environment, read, and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterable, Sequence

from harness.started_programs import StartedProgram, send

PYTHON = ("python", "python3")

INHERITED = ("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "LANG", "SYSTEMROOT", "TEMP")
"""What every program gets: enough to run, and no secrets."""

LONGEST_LINE_BYTES = 64 * 1024


class WholeLines:
    """Lines of what a program writes, from its pieces: each whole, or not at all.

    A line that is too long is left out. Cut, it could show half a secret, which nobody would know
    for one; so whoever shows lines hides what is secret in them first, and shortens them then.
    """

    def __init__(self, longest_bytes: int = LONGEST_LINE_BYTES) -> None:
        self._longest_bytes = longest_bytes
        self._line = bytearray()
        self._is_too_long = False

    def add(self, data: bytes) -> list[str]:
        """The lines that end here, without empty ones."""
        *ends, rest = data.split(b"\n")
        lines = []
        for end in ends:
            self._go_on(end)
            lines += self.end()
        self._go_on(rest)
        return lines

    def end(self) -> list[str]:
        """The last line, where it has no end of its own."""
        text = "" if self._is_too_long else self._line.decode("utf-8", "replace").strip()
        self._line.clear()
        self._is_too_long = False
        return [text] if text else []

    def _go_on(self, data: bytes) -> None:
        self._line += data
        if self._is_too_long or len(self._line) > self._longest_bytes:
            self._line.clear()
            self._is_too_long = True


def command_of(command: Sequence[str]) -> list[str]:
    """The command; `python` is the Python that the harness runs in."""
    is_python = bool(command) and command[0] in PYTHON
    return [sys.executable, *command[1:]] if is_python else list(command)


def environment_of(names: Iterable[str]) -> dict[str, str]:
    """The variables that a program gets: a few that each one needs, and those that are named."""
    return given_to((*INHERITED, *names))


def given_to(names: Iterable[str]) -> dict[str, str]:
    """The variables of these names that there are: what a user names may be a secret."""
    return {name: os.environ[name] for name in names if name in os.environ}


def kill_all_of(started: StartedProgram) -> None:
    """End a program and all that it has started, also in sessions of their own."""
    kill_group(started.group)
    send(signal.SIGKILL, started.living())


def kill_group(pid: int) -> None:
    """End a program that leads its own session, and all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)
