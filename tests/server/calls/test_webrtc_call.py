"""One call: the session on one side, the peer connection on the other, speech in threads."""

from __future__ import annotations

import asyncio
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.clock import MonotonicClock
from harness.peer.backends import ENGINE_NAMES
from harness.server.calls import webrtc_call as call_module
from harness.server.calls.registry import EndedCall
from harness.server.calls.webrtc_call import Call
from tests.support.fake_peer import FakePeers
from tests.support.fake_session import FakeSession
from tests.support.fake_speech import fake_speech_workers
from tests.support.local_server import LocalServer, call_to, local_server
from tests.support.waiting import until

TONE_HZ = 600


def tone(frames: int) -> NDArray[np.float32]:
    return (0.5 * np.sin(2 * np.pi * TONE_HZ * np.arange(frames) / 48_000)).astype(np.float32)


def level(blocks: list[NDArray[np.float32]]) -> float:
    return float(np.max(np.abs(np.concatenate(blocks)))) if blocks else 0.0


async def ended(server: LocalServer, call_id: str) -> EndedCall:
    """The call when it is over and gone from the running ones."""
    await until(lambda: server.state.calls.find_ended(call_id) is not None)
    assert server.state.calls.find(call_id) is None
    call = server.state.calls.find_ended(call_id)
    assert call is not None
    return call


@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_the_session_opens_with_the_channel(engine: str) -> None:
    """Its first event is the first message, and events come back."""
    async with local_server(engine) as server, call_to(server) as caller:
        await caller.event("session.created")
        assert caller.events()[0]["type"] == "session.created"
        caller.send(hello="there")
        assert (await caller.event("echo"))["text"] == '{"hello": "there"}'


@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_sound_reaches_the_session_and_comes_back(engine: str) -> None:
    """24 kHz for the session, 48 kHz on the connection."""
    async with local_server(engine) as server, call_to(server) as caller:
        caller.peer.attach_microphone(tone)
        await caller.listener.until(lambda: level(caller.listener.audio[-20:]) > 0.3)
        assert level(server.session.heard[-20:]) == pytest.approx(0.5, abs=0.1)
        heard = np.concatenate(server.session.heard[-20:])
        loudest = np.argmax(np.abs(np.fft.rfft(heard)))
        assert loudest * 24_000 / len(heard) == pytest.approx(TONE_HZ, abs=30)


async def test_speech_is_played_part_by_part() -> None:
    """Each part is handed in when it is ready; the last one says so."""
    async with local_server() as server, call_to(server) as caller:
        caller.send(do="speak", text="one two three")
        await caller.listener.until(lambda: len(caller.events()) >= 5)
        spoken = [event for event in caller.events() if event["type"] == "spoken"]
        assert [event["frames"] for event in spoken] == [2_400, 2_400, 2_400, 0]
        assert [event["is_last"] for event in spoken] == [False, False, False, True]
        await caller.listener.until(lambda: level(caller.listener.audio) > 0.2)


async def test_speech_that_fails_is_told_to_the_session() -> None:
    """The call goes on."""
    async with local_server() as server, call_to(server) as caller:
        caller.send(do="speak", text="one broken")
        failed = await caller.event("speech failed")
        assert failed["message"] == "The word cannot be spoken."
        caller.send(still="there")
        await caller.event("echo")


async def test_recognition_comes_back_with_its_job() -> None:
    """The text of what was heard."""
    async with local_server() as server, call_to(server) as caller:
        await caller.listener.until(lambda: len(server.session.heard) > 5)
        caller.send(do="recognise")
        recognised = await caller.event("recognised")
        assert recognised["job_id"] == "job"
        assert recognised["text"].endswith("seconds")


async def test_the_session_is_woken_when_it_asked_to_be() -> None:
    """By its own clock, also when nothing else happens."""
    async with local_server() as server, call_to(server) as caller:
        caller.send(do="wake")
        await caller.event("woken")


async def test_a_session_that_closes_ends_the_call_after_its_last_words() -> None:
    """Everything before the end is still sent; no task of the call is left."""
    async with local_server() as server, call_to(server) as caller:
        caller.send(do="close")
        await caller.event("last words")
        call = await ended(server, caller.call_id)
        assert call.because == "asked to"
        assert not [task for task in asyncio.all_tasks() if task.get_name() == caller.call_id]


@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_a_client_that_leaves_frees_its_call(engine: str) -> None:
    """At once when it says goodbye."""
    async with local_server(engine) as server:
        async with call_to(server) as caller:
            await caller.event("session.created")
        await ended(server, caller.call_id)


@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_a_channel_of_another_name_will_do(engine: str) -> None:
    """Where it is the only one: pages call it this and that."""
    async with local_server(engine) as server, call_to(server, label="realtime-channel") as caller:
        caller.send(hello="there")
        await caller.event("echo")
        assert caller.events()[0]["type"] == "session.created"


@pytest.mark.parametrize("engine", ENGINE_NAMES)
@pytest.mark.parametrize("channel_id", [0, 7])
async def test_a_channel_that_was_agreed_on_is_opened_from_both_ends(
    engine: str, channel_id: int
) -> None:
    """Neither announces it: the number stands in the address."""
    async with (
        local_server(engine) as server,
        call_to(server, label="mine", channel_id=channel_id) as caller,
    ):
        caller.send(hello="there")
        await caller.event("echo")
        assert caller.events()[0]["type"] == "session.created"
        assert caller.listener.opened == ["mine"]


async def test_the_usual_channel_comes_before_another_one() -> None:
    """Though that one opened first."""
    async with local_server() as server, call_to(server) as caller:
        call = server.state.calls.find(caller.call_id)
        assert isinstance(call, Call)
        await caller.event("session.created")
        caller.peer.open_channel("telemetry")
        await caller.listener.until(lambda: "telemetry" in caller.listener.opened)
        caller.peer.send("telemetry", '{"no": "event"}')
        caller.send(hello="there")
        await caller.event("echo")
        assert server.session.texts == ['{"hello": "there"}']


async def test_a_client_that_vanished_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Soon after its connection was noticed to be silent, unless it comes back before."""
    monkeypatch.setattr(call_module, "DISCONNECTED_GRACE_S", 0.1)
    async with local_server() as server, call_to(server) as caller:
        call = server.state.calls.find(caller.call_id)
        assert isinstance(call, Call)
        call.state_changed("connection", "disconnected")
        call.state_changed("connection", "connected")
        await asyncio.sleep(0.2)
        assert call.ended_because is None
        call.state_changed("connection", "disconnected")
        assert (await ended(server, caller.call_id)).because == "the client is gone"


async def test_a_call_without_a_channel_still_listens() -> None:
    """The offer had no section for it; the session opens with the connection."""
    async with local_server() as server, call_to(server, with_channel=False):
        await until(lambda: bool(server.sessions and server.session.heard))


async def test_a_binary_message_is_given_to_the_session_as_text() -> None:
    """Which refuses it in the protocol's own way."""
    async with local_server() as server, call_to(server) as caller:
        await caller.event("session.created")
        caller.peer.send("oai-events", b'{"binary": true}')
        await caller.event("echo")
        assert server.session.texts == ['{"binary": true}']


async def test_an_event_the_channel_cannot_take_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """By the protocol's error event; the call goes on."""
    async with local_server() as server, call_to(server) as caller:
        caller.send(do="shout")
        error = (await caller.event("error"))["error"]
        assert (error["type"], error["code"]) == ("server_error", "event_not_sent")
        assert "'loud'" in error["message"]
        caller.send(still="there")
        await caller.event("echo")
    assert "loud" in caplog.text


async def test_a_mistake_of_ours_ends_the_call_loudly(caplog: pytest.LogCaptureFixture) -> None:
    """Rather than leaving it half alive."""
    async with local_server() as server, call_to(server) as caller:
        await caller.event("session.created")
        caller.send(do="break")
        call = await ended(server, caller.call_id)
        assert call.because == "the server made a mistake"
    assert "a mistake in the session" in caplog.text


async def test_numbers_of_a_running_call() -> None:
    """Packets both ways, and what was late."""
    async with local_server() as server, call_to(server) as caller:
        await caller.listener.until(lambda: len(caller.listener.audio) > 20)
        call = server.state.calls.find(caller.call_id)
        assert call is not None
        before = await cast("Call", call)._peer.stats()
        numbers = await call.numbers()
        after = await cast("Call", call)._peer.stats()
        assert numbers["packets_sent"] > 0
        # How many were late is the machine's affair; that they are the engine's own is ours.
        assert before.slipped_frames <= numbers["slipped_frames"] <= after.slipped_frames
        assert before.late_frames <= numbers["late_frames"] <= after.late_frames
        assert numbers["discarded_frames"] == 0


@pytest.mark.parametrize("engine", ENGINE_NAMES)
async def test_half_a_character_of_a_client_comes_back(engine: str) -> None:
    """An event that holds one is sent like any other, and nothing is lost."""
    async with local_server(engine) as server, call_to(server) as caller:
        await caller.event("session.created")
        server.session._event("half", text="\ud83d")
        caller.send(hello="there")
        assert (await caller.event("half"))["text"] == "\ud83d"


async def test_messages_that_come_too_early_wait_up_to_a_bound() -> None:
    """The client is told of those that were lost."""
    peers = FakePeers()
    call = Call("rtc_1", FakeSession(), peers, fake_speech_workers(), MonotonicClock())
    peers.last.connection_state = "connected"
    for number in range(call_module.MOST_UNREAD + 1):
        call.channel_message("own", f'{{"number": {number}}}')
    call.channel_opened("own")
    await until(lambda: call.is_open)
    events = peers.last.sent
    assert [event["type"] for event in events[:2]] == ["session.created", "echo"]
    assert events[-2]["text"] == f'{{"number": {call_module.MOST_UNREAD - 1}}}'
    assert events[-1]["error"]["code"] == "session_not_started"
