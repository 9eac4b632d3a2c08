"""Shares of a machine's CPU time while something is measured. Linux alone."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.bench.processes import cpu_s, family

_STAT = Path("/proc/stat")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class CpuReading:
    """CPU seconds used so far, by whom."""

    at_s: float
    groups: Mapping[str, float]
    busy_s: float
    """Of the whole machine, all cores."""


def look(at_s: float, groups: Mapping[str, Sequence[int]]) -> CpuReading:
    """Read the clocks of groups of processes, and of the machine.

    Args:
        at_s: now.
        groups: process ids by name; a process counts in one group only.
    """
    used = {name: cpu_s(pids) for name, pids in groups.items()}
    return CpuReading(at_s, used, busy_s(_STAT.read_text(encoding="ascii")))


def cores_used(before: CpuReading, after: CpuReading, cores: int) -> dict[str, float]:
    """Cores that each group used between two looks, and `others`, and `idle`.

    A process that began in between counts whole, one that ended not at all.
    """
    passed_s = after.at_s - before.at_s
    used = {name: (after.groups[name] - before.groups[name]) / passed_s for name in after.groups}
    busy = (after.busy_s - before.busy_s) / passed_s
    used["others"] = max(0.0, busy - sum(used.values()))
    used["idle"] = max(0.0, cores - busy)
    return {name: round(value, 3) for name, value in used.items()}


def busy_s(stat: str) -> float:
    """CPU seconds the machine was not idle, of the text of /proc/stat."""
    user, nice, system, _idle, _waiting, interrupts, soft, stolen = map(
        int, stat.splitlines()[0].split()[1:9]
    )
    return (user + nice + system + interrupts + soft + stolen) / _TICKS_PER_S


def call_groups(server_pid: int) -> dict[str, list[int]]:
    """Our processes by what they are: the server, the browser, and the harness itself."""
    server = family(server_pid)
    ours = [pid for pid in family(os.getpid()) if pid not in server]
    browser = [pid for pid in ours if "chrom" in _name(pid)]
    return {
        "server": server,
        "browser": browser,
        "harness": [pid for pid in ours if pid not in browser],
    }


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").lower()
    except OSError:
        return ""
