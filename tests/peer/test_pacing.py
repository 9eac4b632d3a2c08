"""Outgoing audio: even, without drift, without bursts, with every lateness counted."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from harness.peer.pacing import FRAME_S, Schedule, run_paced
from harness.testing.hand_clock import HandClock


def send_all(schedule: Schedule, until_s: float, *, wake_late_s: float = 0.0) -> list[float]:
    """Send every frame due until `until_s`, waking a little late each time; the moments sent."""
    now_s, sent = 0.0, []
    while now_s < until_s:
        now_s += schedule.wait_s(now_s) + wake_late_s
        schedule.sent(now_s)
        sent.append(now_s)
    return sent


def test_frames_are_sent_every_20_ms() -> None:
    """One second holds 50 frames."""
    sent = send_all(Schedule(), 1.0)
    gaps = [later - earlier for earlier, later in itertools.pairwise(sent)]
    assert all(gap == pytest.approx(FRAME_S) for gap in gaps)


def test_waking_late_does_not_add_up() -> None:
    """A clock that wakes 3 ms late each time still gives 50 frames a second."""
    schedule = Schedule()
    sent = send_all(schedule, 10.0, wake_late_s=0.003)
    assert len(sent) == pytest.approx(500, abs=2)
    assert schedule.late_frames == 0


def test_schedules_of_one_clock_are_due_together() -> None:
    """Whenever each of them began; one with an offset is due so much later."""
    begun_s = (7.001, 7.008, 7.02)
    assert [at_s + Schedule().wait_s(at_s) for at_s in begun_s] == pytest.approx([7.02] * 3)
    later = [at_s + Schedule(offset_s=0.01).wait_s(at_s) for at_s in begun_s]
    assert later == pytest.approx([7.01, 7.01, 7.03])


def test_a_short_hold_up_is_caught_up_at_twice_the_pace() -> None:
    """After 100 ms without a turn, no two frames are closer than 10 ms, and none is lost."""
    schedule = Schedule()
    send_all(schedule, 0.1)
    now_s = 0.1 + schedule.wait_s(0.1) + 0.1
    sent = []
    while now_s < 1.0:
        schedule.sent(now_s)
        sent.append(now_s)
        now_s += schedule.wait_s(now_s)
    gaps = [later - earlier for earlier, later in itertools.pairwise(sent)]
    assert min(gaps) >= FRAME_S / 2 - 1e-9
    assert gaps[-1] == pytest.approx(FRAME_S)
    assert schedule.frames == pytest.approx(50, abs=1)
    assert schedule.late_frames > 0
    assert schedule.worst_late_s == pytest.approx(0.1)
    assert schedule.slipped_frames == 0


def test_a_long_hold_up_is_given_up_and_counted() -> None:
    """After a second without a turn the schedule starts again from now."""
    schedule = Schedule()
    send_all(schedule, 0.1)
    now_s = 1.2
    schedule.sent(now_s)
    assert schedule.slipped_frames == pytest.approx(54, abs=2)
    assert schedule.wait_s(now_s) == pytest.approx(FRAME_S, abs=FRAME_S)


async def test_the_runner_follows_the_schedule() -> None:
    """Frames go out one a time as the clock moves; cancelling ends it."""
    clock, sent = HandClock(), []
    schedule = Schedule(frame_s=0.0)

    def send() -> None:
        sent.append(clock.now_s())
        clock.advance(0.02)
        if len(sent) == 5:
            task.cancel()

    task = asyncio.ensure_future(run_paced(send, schedule, clock))
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sent == pytest.approx([0.0, 0.02, 0.04, 0.06, 0.08])
