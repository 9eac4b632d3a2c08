"""A client end in memory: its delays, its hang-up, its ways to break."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.engines.simulated.line import (
    AUDIO_UP_S,
    CONNECT_S,
    MESSAGE_S,
    TICK_S,
    SimulatedLine,
    open_simulated_line,
)
from harness.errors import PeerError, PeerLost
from harness.facts.catalogue import AnyFact
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.session import ServerSession
from harness.realtime.wire import EVENTS_LABEL
from harness.virtual_time import run_in_virtual_time
from tests.support.fake_speech import FakeDetector, FakeRecogniser, FakeSynthesiser

SETTINGS = {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad"}}}}


class Silent:
    """A report that nobody reads."""

    def note(self, fact: AnyFact) -> None: ...
    def fail(self, error: Exception) -> None: ...
    def hide(self, secret: str) -> None: ...


def session() -> ServerSession:
    return ServerSession(
        settings=SETTINGS,
        assistant=Script.model_validate({"rules": [{"say": "one two three"}]}),
        detector=FakeDetector(),
        ids=Ids(1),
        unix_time_s=0.0,
    )


def on_a_line(
    work: Callable[[SimulatedLine], Awaitable[None]],
    make_session: Callable[[], Any] = session,
) -> SimulatedLine:
    async def main() -> SimulatedLine:
        opening = open_simulated_line(make_session, FakeRecogniser(), FakeSynthesiser())
        async with opening as line:
            await line.connect(10, Silent())
            await work(line)
        return line

    return run_in_virtual_time(main)


def messages(
    line: SimulatedLine, direction: str = "received"
) -> list[tuple[float, dict[str, Any]]]:
    return [
        (line.timeline.page_to_s(e.page_ms), json.loads(e.data["text"]))
        for e in line.envelopes.snapshot()
        if e.type == "data_channel.message" and e.data["direction"] == direction
    ]


def test_it_comes_up_after_a_while_and_the_session_says_so() -> None:
    line = on_a_line(lambda line: asyncio.sleep(1))
    kinds = [e.type for e in line.envelopes.snapshot()]
    assert kinds[:4] == [
        "peer_connection.state",
        "data_channel.created",
        "peer_connection.state",
        "data_channel.open",
    ]
    (at_s, event) = messages(line)[0]
    assert event["type"] == "session.created"
    assert at_s == pytest.approx(CONNECT_S + MESSAGE_S)


def test_a_message_takes_its_time_and_keeps_its_place() -> None:
    async def work(line: SimulatedLine) -> None:
        await asyncio.sleep(1 - 1e-12)
        for number in range(3):
            await line.send_text(EVENTS_LABEL, json.dumps({"type": "x", "event_id": f"{number}"}))
        await asyncio.sleep(1)

    line = on_a_line(work)
    errors = [(t, e["error"]["event_id"]) for t, e in messages(line) if e["type"] == "error"]
    assert [event_id for _, event_id in errors] == ["0", "1", "2"]
    assert errors[0][0] == pytest.approx(1 + 2 * MESSAGE_S)
    assert len(messages(line, "sent")) == 3


def test_speech_reaches_the_session_and_its_answer_the_ear() -> None:
    async def work(line: SimulatedLine) -> None:
        speech = 0.3 * np.sin(np.arange(CALL_RATE_HZ) * 0.06)
        played = await line.microphone.play(AudioClip(speech.astype(np.float32), CALL_RATE_HZ), 1.0)
        assert played.start_s == 1.0
        await asyncio.sleep(6)

    line = on_a_line(work)
    started = [t for t, e in messages(line) if e["type"] == "input_audio_buffer.speech_started"]
    assert 1 + AUDIO_UP_S < started[0] < 1.3
    sent = np.concatenate([f.samples for f in line.sent.snapshot()])
    assert np.flatnonzero(sent)[0] == pytest.approx(48_000, abs=1)
    heard = line.heard.snapshot()
    assert max(np.abs(f.samples).max() for f in heard) > 0.2
    ends = [f.end_s for f in heard]
    assert [f.start_s for f in heard[1:]] == pytest.approx(ends[:-1])


def test_hanging_up_ends_the_call_and_time_goes_on() -> None:
    async def work(line: SimulatedLine) -> None:
        await asyncio.sleep(1)
        await line.hang_up()
        await line.hang_up()
        with pytest.raises(PeerError, match="not open"):
            await line.send_text(EVENTS_LABEL, "{}")
        await asyncio.sleep(1)
        assert line.sent.snapshot()[-1].end_s == pytest.approx(2.0, abs=0.1 + TICK_S)

    line = on_a_line(work)
    kinds = [e.type for e in line.envelopes.snapshot()]
    assert kinds.count("data_channel.closed") == 1
    assert line.envelopes.ended
    assert line.envelopes.cause is None


def test_a_channel_of_another_name_is_not_there() -> None:
    async def work(line: SimulatedLine) -> None:
        await asyncio.sleep(1)
        with pytest.raises(PeerError, match="“other”"):
            await line.send_text("other", "{}")

    on_a_line(work)


def test_a_session_that_is_over_closes_the_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.realtime.server.response_faults.MAX_SESSION_S", 30)
    line = on_a_line(lambda line: asyncio.sleep(31))
    (closed,) = [e for e in line.envelopes.snapshot() if e.type == "data_channel.closed"]
    assert closed.page_ms / 1000 == pytest.approx(30, abs=1)


def test_a_mistake_in_the_session_is_a_lost_call() -> None:
    class Broken(ServerSession):
        def receive_text(self, text: str, now_s: float) -> None:
            raise ZeroDivisionError("oops")

    def make() -> ServerSession:
        return Broken(
            settings=SETTINGS,
            assistant=Script.model_validate({}),
            detector=FakeDetector(),
            ids=Ids(1),
            unix_time_s=0.0,
        )

    async def work(line: SimulatedLine) -> None:
        await asyncio.sleep(1)
        await line.send_text(EVENTS_LABEL, "{}")
        await asyncio.sleep(1)

    line = on_a_line(work, make)
    assert isinstance(line.envelopes.cause, PeerLost)
    assert "oops" in str(line.envelopes.cause)
