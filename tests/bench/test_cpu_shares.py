"""Where the CPU time goes."""

from __future__ import annotations

import os

import pytest

from harness.bench.cpu_shares import CpuReading, busy_s, call_groups, cores_used, look


def test_what_nobody_of_ours_used_is_others_and_the_rest_is_idle() -> None:
    before = CpuReading(10.0, {"server": 1.0, "browser": 5.0}, 100.0)
    after = CpuReading(14.0, {"server": 3.0, "browser": 6.0}, 106.0)
    assert cores_used(before, after, cores=2) == {
        "server": 0.5,
        "browser": 0.25,
        "others": 0.75,
        "idle": 0.5,
    }


def test_rounding_never_makes_a_share_negative() -> None:
    before, after = CpuReading(0.0, {"server": 0.0}, 0.0), CpuReading(1.0, {"server": 1.1}, 1.05)
    assert cores_used(before, after, cores=1)["others"] == 0.0
    assert cores_used(before, after, cores=1)["idle"] == 0.0


def test_waiting_for_a_disk_is_not_busy() -> None:
    ticks = os.sysconf("SC_CLK_TCK")
    stat = f"cpu  {ticks} 0 {ticks} 999 888 0 {ticks} 0 0 0\ncpu0 1 2 3"
    assert busy_s(stat) == pytest.approx(3.0)


def test_every_process_of_ours_counts_once() -> None:
    groups = call_groups(server_pid=-1)
    assert os.getpid() in groups["harness"]
    assert groups["server"] == [-1]
    assert look(0.0, groups).groups["server"] == 0.0
