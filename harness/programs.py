"""Programs that a user names in a file: how they are started, with which environment, and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterable, Sequence

PYTHON = ("python", "python3")

INHERITED = ("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "LANG", "SYSTEMROOT", "TEMP")
"""What every program gets: enough to run, and no secrets."""


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


def kill_group(pid: int) -> None:
    """End a program that leads its own session, and all that it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)
