"""How a process is doing."""

from __future__ import annotations

import asyncio

import pytest

from harness.server.status.vitals import Vitals
from tests.support.waiting import until


def test_the_worst_lag_of_the_last_ten_seconds_counts() -> None:
    vitals = Vitals()
    assert vitals.worst_lag_s is None
    vitals.note(0.0, 0.5, 0.0)
    vitals.note(1.0, 0.02, 0.1)
    assert vitals.worst_lag_s == 0.5
    vitals.note(10.5, -0.001, 1.0)
    assert vitals.worst_lag_s == 0.02


def test_the_cpu_share_is_that_of_one_core() -> None:
    vitals = Vitals()
    assert vitals.cpu_share is None
    vitals.note(0.0, 0.0, 5.0)
    vitals.note(4.0, 0.0, 7.0)
    assert vitals.cpu_share == pytest.approx(0.5)


async def test_it_looks_by_itself_until_cancelled() -> None:
    vitals = Vitals()
    task = asyncio.create_task(vitals.run())
    try:
        await until(lambda: vitals.cpu_share is not None)
    finally:
        task.cancel()
    assert vitals.worst_lag_s is not None
