"""What a program has started is found, wherever it went, and ended; nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from harness import started_programs
from harness.started_programs import StartedProgram, any_lives, marked, send

LEAVES = """
import subprocess, sys
far = subprocess.Popen([sys.executable, "-c", "input()"], stdin=0, start_new_session=True)
print(far.pid, flush=True)
input()
"""


@contextmanager
def started(mark: str) -> Iterator[tuple[StartedProgram, set[int], subprocess.Popen[bytes]]]:
    """A program whose child is in a session of its own; what is to be found of both."""
    program = subprocess.Popen(
        [sys.executable, "-c", LEAVES],
        env=marked(os.environ, mark),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with program:
        assert program.stdout is not None
        far = int(program.stdout.readline())
        yield StartedProgram(program.pid, mark), {program.pid, far}, program


def pids(program: StartedProgram) -> set[int]:
    return {process.pid for process in program.living()}


def test_a_child_in_a_session_of_its_own_is_found_also_when_it_is_nobodys_child() -> None:
    with started("one") as (program, both, process), started("other") as (other, others, _):
        assert pids(program) == both
        process.kill()
        process.wait()
        (left,) = both - {process.pid}
        assert pids(program) == {left}
        found = program.living()
        assert any_lives(found)
        send(signal.SIGKILL, found)
        assert pids(other) == others, "what another has started is left alone"


def test_what_has_ended_is_none_of_the_living() -> None:
    """Nobody has asked how it ended yet, as in a container whose first process never asks."""
    with started("one") as (program, both, process):
        os.killpg(process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert pids(program) == both - {process.pid}
        send(signal.SIGKILL, program.living())


def test_a_script_of_it_ends_everything_once_its_input_is_closed() -> None:
    with started("one") as (program, _, process):
        waits = [sys.executable, started_programs.__file__, str(program.group), program.mark]
        subprocess.run(waits, stdin=subprocess.DEVNULL, check=True, timeout=60)
        assert program.living() == []
        assert process.wait() == -signal.SIGTERM
