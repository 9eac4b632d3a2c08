"""The client's face: connecting and ending in every order, events, history, secrets."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.client.client import RealtimeClient
from harness.client.reconnect import NEVER
from harness.errors import (
    AlreadyConnected,
    ClosedWhileConnecting,
    ConnectInProgress,
    ExpectationFailed,
    KeyMissing,
    NotConnected,
    PeerLost,
    ReconnectFailed,
    RequestRefused,
    ServerUnreachable,
    StreamClosed,
    UsageError,
)
from harness.facts.steps import Note
from harness.realtime.client.events import Closed, Opened, VolumeChanged
from harness.realtime.client.settings import SessionSettings
from tests.support.fake_client import make_call, open_call, settle
from tests.support.fake_peer import FakePeers
from tests.support.waiting import until


def tone(frames: int) -> AudioClip:
    return AudioClip(np.full(frames, 0.5, np.float32), 48_000)


async def test_the_block_is_the_call() -> None:
    async with open_call() as call:
        assert call.client.state == "open"
        assert call.types() == ["peer_state", "data_channel", "opened"]
        assert call.peer.sent_types() == ["session.update"]
    assert str(call.client.state) == "idle"
    assert call.peer.closed
    assert call.types()[-2:] == ["peer_state", "closed"]


async def test_leaving_the_block_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    async with open_call() as call:
        call.peer.far_goes()
    await settle()
    assert asyncio.all_tasks() == before


async def test_two_connects_at_once_are_one_call_and_a_named_error() -> None:
    call = make_call()
    first, second = await asyncio.gather(
        call.client.connect(), call.client.connect(), return_exceptions=True
    )
    assert first is None
    assert isinstance(second, ConnectInProgress)
    with pytest.raises(AlreadyConnected):
        await call.client.connect()
    assert len(call.peers.made) == 1
    await call.client.aclose()


@pytest.mark.parametrize("how", ["disconnect", "aclose"])
async def test_closing_during_connect_has_a_name(how: str) -> None:
    call = make_call()
    call.peers.opens_by_itself = False
    connecting = asyncio.create_task(call.client.connect())
    await until(lambda: call.peers.made != [])
    await getattr(call.client, how)()
    with pytest.raises(ClosedWhileConnecting):
        await connecting
    assert call.peer.closed
    assert call.told("error") == []


async def test_after_disconnect_another_call_may_follow() -> None:
    async with open_call(settings=SessionSettings(instructions="Be brief.")) as call:
        await call.client.disconnect()
        assert str(call.client.state) == "idle"
        await call.client.connect()
        assert len(call.peers.made) == 2
        assert call.peer.sent[0]["session"]["instructions"] == "Be brief."
        assert call.types().count("opened") == 2


async def test_reinitialise_begins_anew_with_other_settings() -> None:
    async with open_call() as call:
        await call.client.send_text("Hello.")
        await call.client.reinitialise(SessionSettings(voice="cedar", volume=0.5))
        assert call.peer.sent[0]["session"]["audio"]["output"]["voice"] == "cedar"
        assert call.peer.sent_types() == ["session.update"]
        assert call.client.snapshot().items == ()
        assert call.client.volume == 0.5


async def test_a_closed_client_says_so() -> None:
    call = make_call()
    await call.client.aclose()
    await call.client.aclose()
    with pytest.raises(StreamClosed):
        await call.client.connect()
    with pytest.raises(StreamClosed):
        call.client.commit()
    assert [event async for event in call.client.events()] == []


async def test_a_lost_call_comes_back_with_its_conversation() -> None:
    async with open_call() as call:
        await call.client.send_text("Hello.")
        call.peer.far_goes()
        assert call.client.state == "reconnecting"
        waiting = call.client.send_text("Are you there?")
        await call.client.expect("resumed", within_s=5)
        await waiting
        texts = [item["content"][0]["text"] for item in call.client.snapshot().items]
        assert texts == ["Hello.", "Are you there?"]
        assert call.peer.sent_types() == ["session.update", *["conversation.item.create"] * 2]
        opened = call.told("opened")
        assert [event.data["resumed"] for event in opened] == [False, True]


async def test_without_auto_resume_the_conversation_stays_away() -> None:
    async with open_call(settings=SessionSettings(auto_resume=False)) as call:
        await call.client.send_text("Hello.")
        call.peer.far_goes()
        await until(lambda: call.types().count("opened") == 2)
        assert call.client.snapshot().items == ()


async def test_what_ended_the_call_is_raised_where_somebody_waits_for_its_end() -> None:
    async with open_call(reconnect=NEVER) as call:
        ended = asyncio.create_task(call.client.wait_closed())
        call.peer.far_goes()
        with pytest.raises(PeerLost):
            await ended
        assert call.types()[-3:] == ["lost", "error", "closed"]
        with pytest.raises(NotConnected):
            call.client.respond()


async def test_giving_up_is_told_with_every_failed_attempt() -> None:
    async with open_call() as call:

        async def away(offer: str) -> str:
            raise ServerUnreachable("nobody there")

        call.peers.signalling = away  # type: ignore[method-assign]
        call.client._core.parts.__dict__["signalling"] = away
        call.peer.far_goes()
        with pytest.raises(ReconnectFailed, match="3 attempts"):
            await call.client.wait_closed()
        kinds = [event.data["kind"] for event in call.told("error")]
        assert kinds == ["ServerUnreachable"] * 3 + ["ReconnectFailed"]


async def test_after_giving_up_the_conversation_can_be_taken_along() -> None:
    async with open_call(reconnect=NEVER) as call:
        await call.client.send_text("Hello.")
        call.peer.far_goes()
        with pytest.raises(PeerLost):
            await call.client.wait_closed()
        call.client.restore(call.client.history())
        await call.client.connect()
        await call.client.expect("resumed", within_s=5)
        assert call.client.snapshot().items[0]["content"][0]["text"] == "Hello."


async def test_a_clip_goes_on_after_a_short_loss() -> None:
    async with open_call() as call:
        said = asyncio.create_task(call.client.microphone.play(tone(4800)))
        await asyncio.sleep(0)
        assert call.peer.pull is not None
        assert call.peer.pull(960).any()
        call.peer.far_goes()
        await until(lambda: call.client.state == "open")
        while not said.done():
            call.peer.pull(960)
            await asyncio.sleep(0)
        await said


async def test_a_call_begun_as_another_fails_is_not_touched_by_its_end() -> None:
    call = make_call()
    call.peers.opens_by_itself = False
    first = asyncio.create_task(call.client.connect())
    await until(lambda: call.peers.made != [])
    call.peer.listener.failed(PeerLost("gone"))
    call.peers.opens_by_itself = True
    await until(lambda: call.client.state == "idle")
    await call.client.connect()
    with pytest.raises(PeerLost):
        await first
    await call.client.send_text("Hello.")
    await call.client.aclose()


async def test_our_own_end_is_no_error() -> None:
    async with open_call() as call:
        ended = asyncio.create_task(call.client.wait_closed())
        await asyncio.sleep(0)
        await call.client.disconnect()
        await ended


async def test_refused_settings_fail_the_connect_with_the_protocol_s_code() -> None:
    peers = FakePeers()
    peers.answers = False
    call = make_call(peers)
    connecting = asyncio.create_task(call.client.connect())
    await until(lambda: bool(peers.made and peers.last.sent))
    error = {"code": "invalid_value", "message": "no", "event_id": peers.last.sent[0]["event_id"]}
    peers.last.far_says(type="error", error=error)
    with pytest.raises(RequestRefused) as refused:
        await connecting
    assert refused.value.code == "invalid_value"
    await call.client.aclose()


async def test_without_a_key_connecting_says_where_one_may_come_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(KeyMissing):
        async with RealtimeClient("http://127.0.0.1:9", engine=FakePeers()):
            pass


async def test_events_are_read_by_pattern_from_the_beginning_or_from_now() -> None:
    async with open_call() as call:
        from_now = call.client.events("volume_*", from_start=False)
        call.client.set_volume(0.5)
        assert (await anext(from_now)).data == {"volume": 0.5}
        assert [event.type for event in call.told("opened", "peer_*")] == ["peer_state", "opened"]
        with pytest.raises(UsageError, match="answer_over"):
            call.client.events("no_such_event")


async def test_events_are_read_by_class_with_typed_fields() -> None:
    async with open_call() as call:
        call.client.set_volume(0.5)
        assert (await anext(call.client.events(VolumeChanged))).fact.volume == 0.5
        opened = await call.client.expect(Opened, Closed, within_s=10)
        assert isinstance(opened.fact, Opened)
        assert not opened.fact.resumed
        with pytest.raises(UsageError, match="facts"):
            call.client.events(Note)


async def test_expect_says_what_came_instead() -> None:
    async with open_call() as call:
        with pytest.raises(ExpectationFailed, match="opened"):
            await call.client.expect("answer_over", within_s=0.01)


async def test_heard_audio_has_the_volume_applied() -> None:
    async with open_call(settings=SessionSettings(volume=0.5)) as call:
        call.peer.far_sounds(np.full(480, 0.5, np.float32))
        heard = await anext(call.client.heard())
        assert float(heard.samples.max()) == 0.25


async def test_the_microphone_reaches_the_peer_and_is_told_of() -> None:
    async with open_call() as call:
        assert call.peer.pull is not None
        call.client.microphone.off()
        assert call.client.microphone.toggle()
        told = [event.data["is_on"] for event in call.told("microphone_changed")]
        assert told == [False, True]


async def test_a_history_waits_for_the_call_it_is_meant_for(tmp_path: Path) -> None:
    async with open_call(log_folder=tmp_path) as first:
        await first.client.send_text("My name is Ada.")
        assert first.client.log_path == tmp_path / "session-000001.jsonl"
    second = make_call()
    assert len(second.client.restore(tmp_path)) == 1
    async with second.client:
        await second.client.expect("resumed", within_s=5)
        assert second.client.snapshot().items[0]["content"][0]["text"] == "My name is Ada."


async def test_the_numbers_need_an_open_call() -> None:
    call = make_call()
    with pytest.raises(NotConnected):
        await call.client.stats()
    async with call.client:
        assert (await call.client.stats()).packets_sent == 7


async def test_a_session_that_is_only_described_can_be_looked_at() -> None:
    call = make_call(settings=SessionSettings(voice="cedar"))
    assert call.client.snapshot().state == "new"
    assert call.client.settings.voice == "cedar"
    assert len(call.client.history()) == 0
    await call.client.aclose()
