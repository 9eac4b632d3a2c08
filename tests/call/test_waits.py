"""Nobody waits for a call that is over, and who waited in vain is told what came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import pytest_asyncio

from harness.call.recorder import CallRecorder
from harness.call.recordings import Recordings
from harness.call.waits import STILL_HEARD_S, CallWaits
from harness.errors import ExpectationFailed, HarnessError, PageClosed, PageCrashed, PeerLost
from harness.protocols.realtime import RealtimeProtocol
from harness.speech.voice_activity import VoiceActivity
from harness.testing.hand_clock import HandClock
from harness.trace import TraceWriter
from tests.support.fake_page import FakePage
from tests.support.fake_speech import FakeDetector

CHANNEL = {"connection": "c", "channel": "d", "label": "oai-events"}


@pytest.fixture
def page() -> FakePage:
    return FakePage()


@pytest.fixture
def clock(page: FakePage) -> HandClock:
    """Python's clock; 0 where the call was opened."""
    page.timeline.pair_python(0.0, 0.0, 0.001)
    return HandClock()


@pytest_asyncio.fixture
async def call(page: FakePage, clock: HandClock, tmp_path: Path) -> AsyncIterator[CallWaits]:
    with TraceWriter(tmp_path / "trace.jsonl", {"name": "t"}) as trace:
        recorder = CallRecorder(
            page,
            trace,
            Recordings(tmp_path),
            [RealtimeProtocol()],
            lambda: VoiceActivity(FakeDetector()),
        )
        async with recorder:
            yield CallWaits(cast("Any", page), recorder, clock)


async def waiting(call: CallWaits) -> asyncio.Task[None]:
    """A wait for a moment that the microphone has not reached."""
    wait = asyncio.create_task(call.until(2.0))
    await asyncio.sleep(0)
    return wait


async def test_a_wait_ends_when_the_microphone_is_there(call: CallWaits, page: FakePage) -> None:
    wait = await waiting(call)
    page.send(0.0, np.zeros(96_000, np.float32))
    await wait


async def test_time_goes_on_when_the_page_has_given_its_microphone_back(
    call: CallWaits, page: FakePage, clock: HandClock
) -> None:
    page.tell("microphone.started", {"microphone": "m"}, 0.1)
    page.tell("microphone.stopped", {"microphone": "m"}, 0.5)
    wait = await waiting(call)
    clock.advance(2.1)
    page.tell("data_channel.message", {}, 2.1)
    await asyncio.sleep(0.01)
    assert not wait.done()  # what was heard until then may still be on its way
    page.hear(0.0, np.zeros(96_000, np.float32))
    await wait


async def test_without_a_microphone_and_a_voice_the_clock_alone_counts(
    call: CallWaits, page: FakePage, clock: HandClock
) -> None:
    page.tell("microphone.started", {"microphone": "m"}, 0.1)
    page.tell("microphone.stopped", {"microphone": "m"}, 0.5)
    wait = await waiting(call)
    clock.advance(2.0 + STILL_HEARD_S)
    await wait


async def test_a_lost_call_ends_the_wait_with_its_loss(call: CallWaits, page: FakePage) -> None:
    wait = await waiting(call)
    page.tell("data_channel.open", CHANNEL, 0.5)
    page.tell("data_channel.closed", CHANNEL, 1.0)
    with pytest.raises(PeerLost, match="was lost"):
        await wait


async def test_a_call_that_was_hung_up_ends_the_wait(call: CallWaits, page: FakePage) -> None:
    wait = await waiting(call)
    page.tell("close.clicked", {}, 1.0)
    with pytest.raises(PeerLost, match="hung up"):
        await wait


@pytest.mark.parametrize("cause", [None, PageCrashed("The page crashed.")], ids=["gone", "crash"])
async def test_a_page_that_goes_ends_the_wait(
    call: CallWaits, page: FakePage, cause: HarnessError | None
) -> None:
    wait = await waiting(call)
    page.sent.end()
    page.envelopes.end(cause)
    with pytest.raises(type(cause) if cause else PageClosed):
        await wait


async def test_what_came_instead_is_told(call: CallWaits, page: FakePage) -> None:
    page.say('{"type": "session.created", "session": {}}', 0.1)
    with pytest.raises(ExpectationFailed, match=r"session\.ready"):
        await call.event(lambda event: event.type == "answer.over", 0.05, "an answer")


async def test_a_lost_call_is_no_disappointed_expectation(call: CallWaits, page: FakePage) -> None:
    page.envelopes.end(PageCrashed("The page crashed."))
    with pytest.raises(PageCrashed):
        await call.event(lambda event: event.type == "answer.over", 5, "an answer")
