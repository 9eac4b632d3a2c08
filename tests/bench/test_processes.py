"""What processes cost, as /proc says."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.bench import processes
from harness.errors import UsageError


def test_a_family_is_a_process_and_its_children() -> None:
    """Until they are gone; what is gone costs nothing."""
    program = [sys.executable, "-c", "print(); input()"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()  # it is a Python now, and no half-made process any more
        assert {os.getpid(), child.pid} <= set(processes.family(os.getpid()))
        assert processes.memory_bytes([child.pid]) > 100_000
        assert processes.file_handles(child.pid) >= 1
        child.communicate(b"\n")
    assert child.pid not in processes.family(os.getpid())
    gone = [child.pid]
    assert processes.cpu_s(gone) == processes.memory_bytes(gone) == 0
    assert processes.file_handles(child.pid) == 0


def test_cpu_time_grows_with_work() -> None:
    before_s = processes.cpu_s([os.getpid()])
    while processes.cpu_s([os.getpid()]) < before_s + 0.02:
        sum(range(10_000))


def test_a_system_without_proc_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    processes.require_proc()
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    with pytest.raises(UsageError, match="/proc"):
        processes.require_proc()


def test_a_child_imports_this_very_package() -> None:
    code = "import harness; print(harness.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=processes.child_environment(),
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    assert Path(done.stdout.strip()) == Path(processes.__file__).parents[1] / "__init__.py"


def test_own_memory_grows_by_what_is_kept() -> None:
    before = processes.own_memory_bytes(os.getpid())
    with mmap.mmap(-1, 50_000_000, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as kept:
        kept[:] = b"x" * 50_000_000
        assert processes.own_memory_bytes(os.getpid()) - before > 40_000_000
