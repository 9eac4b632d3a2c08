"""Markers are answered to the sample, whatever the pieces that sound comes and goes in."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.clip import MonoFloat32
from harness.engines.browser.answering_peer import (
    KEPT_TIMES,
    Answering,
    Pace,
    open_answering_peer,
)
from harness.engines.browser.path_cost import marker

RATE_HZ = 48_000
BLOCK = 480
BEGINS_S = 100.0


def silence(duration_s: float) -> MonoFloat32:
    return np.zeros(round(duration_s * RATE_HZ), np.float32)


def answered(sent: MonoFloat32, answering: Answering, jitter_s: float = 0.0) -> MonoFloat32:
    """What comes back while this is sent; both in blocks of 10 ms, each up to so much late."""
    lots, back = random.Random(3), []
    for first in range(0, len(sent), BLOCK):
        now_s = BEGINS_S + first / RATE_HZ + lots.uniform(0, jitter_s)
        answering.heard(sent[first : first + BLOCK], now_s)
        back.append(answering.pull(BLOCK, now_s + 0.001))
    return np.concatenate(back)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2_000), st.integers(4_800, 20_000))
def test_an_answer_begins_as_many_samples_later_as_was_programmed(start: int, after: int) -> None:
    """The two streams lie a millisecond apart: 48 samples."""
    answering = Answering(np.ones(100, np.float32), after / RATE_HZ)
    at = RATE_HZ // 2 + start
    sent = silence(1.5)
    sent[at : at + marker().frames] = marker().samples
    (heard_at,) = np.flatnonzero(np.diff(answered(sent, answering), prepend=0) > 0.5)
    first_loud = int(np.flatnonzero(np.abs(sent) > 0.1)[0])
    assert heard_at - first_loud == pytest.approx(after - 48, abs=1)


def test_pieces_that_come_late_now_and_then_move_no_answer_by_a_millisecond() -> None:
    """Up to 4 ms late, each by its own: half of that on average, on both sides alike."""
    answering = Answering(np.ones(100, np.float32), 0.2)
    sent = np.concatenate([silence(1.0), marker().samples, silence(0.5)])
    back = answered(sent, answering, jitter_s=0.004)
    heard_at = int(np.flatnonzero(back > 0.5)[0])
    assert (heard_at / RATE_HZ - 1.0) == pytest.approx(0.2 - 0.001, abs=0.001)


def test_words_behind_a_marker_are_no_markers() -> None:
    """As long as their pauses are shorter than the quiet before a marker."""
    answering = Answering(np.ones(10, np.float32), 0.05, quiet_s=0.5)
    word = 0.5 * np.ones(2_400, np.float32)
    sent = np.concatenate([silence(1.0), word, silence(0.3), word, silence(0.7), word, silence(1)])
    begins = np.diff(answered(sent, answering), prepend=0) > 0.5
    assert np.count_nonzero(begins) == 2


def test_a_pace_forgets_single_delays() -> None:
    pace = Pace()
    for number in range(2 * KEPT_TIMES):
        pace.piece(number * 0.01 + (0.5 if number % 7 == 0 else 0.0), BLOCK)
    assert pace.time_s(pace.frames) == pytest.approx(2 * KEPT_TIMES * 0.01)
    assert pace.frame_at(0.5) == RATE_HZ // 2


class Stubborn:
    """A process that says where it is, and ends only when it is killed."""

    def __init__(self) -> None:
        self.stdin = self.stdout = self
        self.returncode: int | None = None
        self.waited = asyncio.Event()
        self._ended = asyncio.Event()

    async def readline(self) -> bytes:
        return b"http://127.0.0.1:1/\n"

    def close(self) -> None:
        """Its input: it does not look at it."""

    async def wait(self) -> int:
        self.waited.set()
        await self._ended.wait()
        return -9

    def kill(self) -> None:
        self.returncode = -9
        self._ended.set()


async def test_a_peer_does_not_outlive_who_is_cancelled_while_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = Stubborn()

    async def start(*_: object, **__: Any) -> Stubborn:
        return process

    async def use() -> None:
        async with open_answering_peer("wrtc"):
            pass

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    using = asyncio.create_task(use())
    await process.waited.wait()
    using.cancel()
    with pytest.raises(asyncio.CancelledError):
        await using
    assert process.returncode == -9
