"""CPU time, memory and file handles of processes, read from /proc. Linux alone."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from harness.errors import UsageError

_PROC = Path("/proc")
_PACKAGE_HOME = str(Path(__file__).resolve().parents[2])
_TICKS_PER_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def require_proc() -> None:
    """Refuse to measure where there is nothing to read.

    Raises:
        UsageError: this system has no /proc.
    """
    if not (_PROC / "self" / "stat").exists():
        raise UsageError("This benchmark reads /proc.", expected="Linux", found=os.name)


def child_environment() -> dict[str, str]:
    """The environment of a Python process that imports this very package."""
    path = os.pathsep.join(filter(None, [_PACKAGE_HOME, os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path}


def family(pid: int) -> list[int]:
    """A process and all its descendants, as they are now."""
    children: dict[int, list[int]] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))) is not None:
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found


def cpu_s(pids: Iterable[int]) -> float:
    """CPU seconds that these processes have used so far, all threads; gone ones count 0."""
    ticks = 0
    for pid in pids:
        if (fields := _stat(pid)) is not None:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS_PER_S


def memory_bytes(pids: Iterable[int]) -> int:
    """Memory of these processes: proportional set size, so that shared pages count once."""
    total_kb = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total_kb += int(line.split()[1])
    return total_kb * 1024


def own_memory_bytes(pid: int) -> int:
    """Memory that a process alone has and that is no file's: what it keeps, whoever else runs."""
    for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Anonymous:"):
            return int(line.split()[1]) * 1024
    return 0


def file_handles(pid: int) -> int:
    """Open file handles of a process; 0 when it is gone."""
    try:
        return len(list((_PROC / str(pid) / "fd").iterdir()))
    except OSError:
        return 0


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat after the name: state, parent, …; None when it is gone."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()
