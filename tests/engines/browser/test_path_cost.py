"""The path's cost, from markers and answers whose places are known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.browser.launch import Chromium
from harness.engines.browser import path_cost
from harness.engines.browser.path_cost import (
    AFTER_S,
    EVERY_S,
    cost_of,
    joined,
    marker,
    measure_path,
)
from harness.errors import PeerLost
from harness.line.audio import AudioFrames

RATE_HZ = 48_000
FIRST_S = 2.0
SENT_S = tuple(3.0 + EVERY_S * number for number in range(4))


def heard(paths_s: tuple[float | None, ...]) -> MonoFloat32:
    """What is played where the path takes so long for each marker; None: no answer."""
    samples = np.zeros(6 * RATE_HZ, np.float32)
    for sent_s, path_s in zip(SENT_S, paths_s, strict=True):
        if path_s is not None:
            at = round((sent_s + AFTER_S + path_s - FIRST_S) * RATE_HZ)
            samples[at : at + marker().frames] = marker().samples
    return samples


def test_the_cost_is_the_median_and_half_the_spread_its_doubt() -> None:
    cost = cost_of(SENT_S, heard((0.15, 0.16, 0.17, 0.16)), FIRST_S, 0.05)
    assert cost.path_s == pytest.approx(0.16, abs=2e-4)
    assert cost.uncertainty_s == pytest.approx(0.01, abs=2e-4)
    assert (cost.count, cost.buffer_s) == (4, 0.05)


def test_equal_answers_leave_no_less_than_a_millisecond_of_doubt() -> None:
    assert cost_of(SENT_S, heard((0.15,) * 4), FIRST_S, 0.0).uncertainty_s == 0.001


def test_an_answer_may_be_missing_but_not_most_of_them() -> None:
    assert cost_of(SENT_S, heard((0.15, None, 0.15, 0.15)), FIRST_S, 0.0).count == 3
    with pytest.raises(PeerLost, match="not answered"):
        cost_of(SENT_S, heard((0.15, None, None, None)), FIRST_S, 0.0)


@pytest.mark.parametrize("path_s", [0.25, 0.39, 0.8])
def test_a_long_path_is_no_short_one(path_s: float) -> None:
    """As after a busy start, where the page's jitter buffer alone holds 0.4 s."""
    cost = cost_of(SENT_S, heard((path_s,) * 4), FIRST_S, path_s - 0.06)
    assert cost.path_s == pytest.approx(path_s, abs=2e-4)
    assert cost.count == 4


def test_a_path_shorter_than_its_own_buffer_is_refused() -> None:
    """Each marker has the answer to the one before; what comes of it would be a cost below 0."""
    with pytest.raises(PeerLost, match="told apart"):
        cost_of(SENT_S, heard((EVERY_S + 0.05,) * 4), FIRST_S, 0.8)


def test_pieces_are_joined_with_silence_where_one_is_missing() -> None:
    ones = np.ones(480, np.float32)
    pieces = [AudioFrames(1.0, ones, "page", 0), AudioFrames(1.02, ones, "page", 960)]
    samples, first_s = joined(pieces)
    assert first_s == 1.0
    assert [samples[n] for n in (0, 479, 500, 960, 1_439)] == [1, 1, 0, 1, 1]


async def test_a_call_that_hangs_is_given_up_and_nothing_of_it_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    @asynccontextmanager
    async def block(what: object) -> AsyncIterator[Any]:
        try:
            yield what
        finally:
            await asyncio.sleep(0)  # an end that takes its time is not cut short
            done.append(str(what))

    async def hang(_page: object, _url: str) -> None:
        await asyncio.Event().wait()

    async def set_nothing(*_: object) -> None: ...

    monkeypatch.setattr(path_cost, "open_answering_peer", block)
    monkeypatch.setattr(path_cost, "open_voice_page", block)
    monkeypatch.setattr(path_cost, "set_answer", set_nothing)
    monkeypatch.setattr(path_cost, "start_call", hang)
    monkeypatch.setattr(path_cost, "MEASURED_WITHIN_S", 0.01)
    with pytest.raises(TimeoutError):
        await measure_path(cast("Chromium", "chromium"), "wrtc")
    assert done == ["chromium", "wrtc"]


@pytest.mark.browser
@pytest.mark.realtime
async def test_a_path_of_this_machine_is_measured(shared_chromium: Chromium) -> None:
    """No path is shorter than a packet each way; its jitter buffer is a part of it."""
    cost = await measure_path(shared_chromium)
    assert cost.count >= 3
    assert cost.path_s > 0.04
    assert 0 < cost.buffer_s < cost.path_s + cost.uncertainty_s
