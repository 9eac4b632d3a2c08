"""From envelopes to trace, recording, events and answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.call.events import CallEvent
from harness.call.recorder import CallRecorder
from harness.call.recordings import Recordings
from harness.errors import HarnessError, PageCrashed, PeerLost
from harness.facts.call import AgentMissing
from harness.line.audio import AudioFrames
from harness.protocols.realtime import RealtimeProtocol
from harness.speech.voice_activity import VoiceActivity
from harness.streams.event_stream import EventStream
from harness.trace import Trace, TraceWriter, read_trace
from tests.support.fake_page import FakePage
from tests.support.fake_speech import FakeDetector

TONE = (0.3 * np.sin(np.arange(48_000) * 0.06)).astype(np.float32)
QUIET = np.zeros(48_000, np.float32)


class Kept:
    """A recorder on a fake page, and what it wrote."""

    def __init__(self, path: Path, reconnects_s: float | None = None) -> None:
        self.page = FakePage()
        self.path = path
        self.recording = Recordings(path.parent)
        self.trace = TraceWriter(path, {"name": "t"})
        self.recorder = CallRecorder(
            self.page,
            self.trace,
            self.recording,
            [RealtimeProtocol()],
            lambda: VoiceActivity(FakeDetector()),
            reconnects_s,
        )

    def read(self) -> Trace:
        return read_trace(self.path)

    async def event(self, type: str) -> CallEvent:
        async with asyncio.timeout(5):
            async for event in self.recorder.events.reader():
                if event.type == type:
                    return event
        raise AssertionError(f"no {type}")


@asynccontextmanager
async def keeping(folder: Path, reconnects_s: float | None = None) -> AsyncIterator[Kept]:
    kept = Kept(folder / "trace.jsonl", reconnects_s)
    async with kept.recorder:
        yield kept
    kept.trace.close()
    kept.recording.close()


async def test_a_message_is_kept_as_it_came_and_as_what_it_means(tmp_path: Path) -> None:
    async with keeping(tmp_path) as kept:
        kept.page.say(json.dumps({"type": "session.created", "session": {}}), 1.5)
        wire = await kept.event("session.created")
        ready = await kept.event("session.ready")
    assert (wire.source, wire.direction, wire.t_s) == ("wire", "received", 1.5)
    assert ready.source == "dialogue"
    types = [e.type for e in kept.read().events]
    assert types == ["data_channel.message", "call.protocol", "session.ready"]


async def test_what_is_no_json_is_kept_too(tmp_path: Path) -> None:
    async with keeping(tmp_path) as kept:
        kept.page.say("{oops", 1.0)
        event = await kept.event("message.unreadable")
    assert event.data["text"] == "{oops"


async def test_secrets_on_the_wire_reach_neither_events_nor_trace(tmp_path: Path) -> None:
    async with keeping(tmp_path) as kept:
        kept.page.say(json.dumps({"type": "x", "key": "ek_0123456789abcdef"}), 1.0)
        event = await kept.event("x")
    assert "ek_0123456789abcdef" not in str(event.data)
    assert "ek_0123456789abcdef" not in kept.path.read_text()


async def test_both_sides_are_recorded_where_they_are_on_the_time_line(tmp_path: Path) -> None:
    async with keeping(tmp_path) as kept:
        kept.page.send(0.5, TONE)
        kept.page.hear(1.0, TONE)
        await kept.event("heard.voice_started")
    both, _ = soundfile.read(tmp_path / "call.wav", always_2d=True)
    assert np.abs(both[:24_000, 0]).max() == 0
    assert np.abs(both[24_000:, 0]).max() > 0
    assert np.abs(both[:48_000, 1]).max() == 0


async def test_an_answer_is_over_when_it_ended_and_fell_silent(tmp_path: Path) -> None:
    async with keeping(tmp_path) as kept:
        page = kept.page
        response = {"id": "resp_1", "status": "in_progress", "conversation_id": "c", "output": []}
        page.say(json.dumps({"type": "response.created", "response": response}), 0.5)
        page.say(json.dumps({"type": "output_audio_buffer.started", "response_id": "resp_1"}), 0.6)
        await kept.event("answer.audio_started")
        page.hear(1.0, TONE)
        done = {**response, "status": "completed"}
        page.say(json.dumps({"type": "response.done", "response": done}), 1.1)
        page.say(json.dumps({"type": "output_audio_buffer.stopped", "response_id": "resp_1"}), 1.9)
        await kept.event("answer.audio_stopped")
        page.hear(2.0, QUIET)
        over = await kept.event("answer.over")
    assert over.data == {"answer_id": "resp_1", "spoken": True}
    assert 2.2 < over.t_s < 3.1


async def test_two_tracks_are_listened_to_apart(tmp_path: Path) -> None:
    async with keeping(tmp_path) as kept:
        kept.page.hear(0.0, QUIET, "a")
        kept.page.hear(0.0, TONE, "b")
        kept.page.hear(1.0, QUIET, "b")
        await kept.event("heard.voice_stopped")
    starts = [e for e in kept.read().events if e.type == "heard.voice_started"]
    assert len(starts) == 1


async def test_a_channel_that_closes_in_mid_call_is_a_lost_call(tmp_path: Path) -> None:
    channel = {"connection": "c", "channel": "d", "label": "oai-events"}
    async with keeping(tmp_path) as kept:
        kept.page.tell("data_channel.open", channel, 1.0)
        kept.page.tell("data_channel.closed", channel, 2.0)
        with pytest.raises(PeerLost, match="oai-events") as raised:
            async for _ in kept.recorder.events.reader():
                pass
    assert "reconnects_s" in str(raised.value)
    assert kept.read().of_type("error")[0].data["kind"] == "PeerLost"


async def test_a_page_that_connects_again_in_time_goes_on_with_its_call(tmp_path: Path) -> None:
    """What else ends with the old connection is no second loss, and the new one no second call."""
    channel = {"connection": "c", "channel": "d", "label": "oai-events"}
    again = {"connection": "c2", "channel": "d2", "label": "oai-events"}
    failed = {"connection": "c", "kind": "connection", "state": "failed"}
    created = json.dumps({"type": "session.created", "session": {}})
    async with keeping(tmp_path, reconnects_s=60) as kept:
        kept.page.tell("data_channel.open", channel, 1.0)
        kept.page.say(created, 1.1)
        kept.page.tell("data_channel.closed", channel, 2.0)
        kept.page.tell("peer_connection.state", failed, 2.1)
        kept.page.tell("data_channel.open", {**again, "label": "chat"}, 2.5)
        kept.page.tell("data_channel.open", again, 3.5)
        said = {**again, "direction": "received", "text": created}
        kept.page.tell("data_channel.message", said, 3.6)
        lost, back = await kept.event("call.lost"), await kept.event("call.reconnected")
        kept.page.tell("page.webrtc_call", {}, 4.0)
        await kept.event("page.webrtc_call")
    assert (lost.t_s, lost.data["within_s"]) == (2.0, 60)
    assert (back.t_s, back.data["took_s"]) == (3.5, 1.5)
    assert not kept.read().of_type("error")
    assert not kept.read().of_type("page.second_call")


async def test_a_call_after_one_that_was_closed_is_no_second_one(tmp_path: Path) -> None:
    """Also where nobody minds the loss, as on a page that is only looked at."""
    created = json.dumps({"type": "session.created", "session": {}})
    async with keeping(tmp_path) as kept:
        kept.recorder.hanging_up = True
        for number in (1.0, 2.0, 3.0):
            channel = {"connection": "c", "channel": f"d{number}", "label": "oai-events"}
            kept.page.tell("data_channel.open", channel, number)
            said = {**channel, "direction": "received", "text": created}
            kept.page.tell("data_channel.message", said, number + 0.1)
            if number < 3:
                kept.page.tell("data_channel.closed", channel, number + 0.2)
        kept.page.tell("page.webrtc_call", {}, 4.0)
        await kept.event("page.webrtc_call")
    assert not kept.read().of_type("page.second_call")


async def test_a_page_without_a_channel_is_back_with_its_connection(tmp_path: Path) -> None:
    state = {"connection": "c", "kind": "connection", "state": "failed"}
    channel = {"connection": "c", "channel": "d", "label": "chat"}
    async with keeping(tmp_path, reconnects_s=60) as kept:
        kept.page.tell("data_channel.open", channel, 1.0)
        kept.page.tell("peer_connection.state", state, 2.0)
        await kept.event("call.lost")
        kept.page.tell("peer_connection.state", {**state, "connection": "e"}, 2.2)
        connected = {**state, "connection": "e", "state": "connected"}
        kept.page.tell("peer_connection.state", connected, 2.5)
        assert (await kept.event("call.reconnected")).data["took_s"] == 0.5


async def test_a_page_that_does_not_connect_again_has_lost_its_call(tmp_path: Path) -> None:
    channel = {"connection": "c", "channel": "d", "label": "oai-events"}
    async with keeping(tmp_path, reconnects_s=0.01) as kept:
        kept.page.tell("data_channel.open", channel, 1.0)
        kept.page.tell("data_channel.closed", channel, 2.0)
        with pytest.raises(PeerLost, match=r"did not connect again within 0\.01 s"):
            await kept.event("nothing more")


async def test_a_call_over_a_web_socket_is_read_and_lost_with_it(tmp_path: Path) -> None:
    label = {"socket": "s", "label": "wss://voice.example/v1/realtime"}
    said = {**label, "direction": "received", "bytes_length": 1, "data": None}
    async with keeping(tmp_path) as kept:
        kept.page.tell("web_socket.open", {**label, "subprotocol": ""}, 0.5)
        created = json.dumps({"type": "session.created", "session": {}})
        kept.page.tell("web_socket.message", {**said, "text": created}, 0.6)
        kept.page.tell("web_socket.message", {**said, "text": None, "data": "AAAA"}, 0.7)
        kept.page.tell("web_socket.closed", {**label, "code": 1006, "reason": ""}, 1.0)
        recognised = await kept.event("call.protocol")
        assert (await kept.event("session.ready")).t_s == 0.6
        with pytest.raises(PeerLost, match=r"the WebSocket “wss://voice\.example/v1/realtime”"):
            await kept.event("nothing more")
    assert recognised.data["over"] == "web_socket"
    assert "AAAA" not in kept.path.read_text(encoding="utf-8")


async def test_a_channel_that_closes_when_the_person_hangs_up_is_not(tmp_path: Path) -> None:
    channel = {"connection": "c", "channel": "d", "label": "oai-events"}
    async with keeping(tmp_path) as kept:
        kept.page.tell("data_channel.open", channel, 1.0)
        kept.page.tell("close.clicked", {}, 2.0)
        kept.page.tell("data_channel.closed", channel, 2.1)
        clicked = await kept.event("close.clicked")
        await kept.event("data_channel.closed")
        assert (clicked.source, clicked.t_s) == ("page", 2.0)
        assert not kept.recorder.events.ended
    assert not kept.read().of_type("error")


async def test_a_channel_that_closes_when_we_hang_up_is_not(tmp_path: Path) -> None:
    channel = {"connection": "c", "channel": "d", "label": "oai-events"}
    async with keeping(tmp_path) as kept:
        kept.page.tell("data_channel.open", channel, 1.0)
        await kept.event("data_channel.open")
        kept.recorder.hanging_up = True
        kept.page.tell("data_channel.closed", channel, 2.0)
        await kept.event("data_channel.closed")
    assert kept.read().of_type("error") == []


async def test_a_crashed_page_ends_the_events_with_its_cause(tmp_path: Path) -> None:
    async with keeping(tmp_path) as kept:
        kept.page.tell("page.loaded", {"url": "x", "is_top": True}, 0.1)
        kept.page.envelopes.end(PageCrashed("crashed"))
        with pytest.raises(PageCrashed):
            async for _ in kept.recorder.events.reader():
                pass
    assert [e.type for e in kept.read().events] == ["page.loaded", "error"]


async def test_a_second_call_of_the_page_is_told_once(tmp_path: Path) -> None:
    created = json.dumps({"type": "session.created", "session": {}})
    async with keeping(tmp_path) as kept:
        for channel, t_s in (("channel-0", 1.0), ("channel-1", 1.5), ("channel-1", 1.6)):
            data = {"connection": channel, "channel": channel, "label": "realtime-channel"}
            data |= {"direction": "received", "text": created}
            kept.page.tell("data_channel.message", data, t_s)
        second = await kept.event("page.second_call")
        assert (second.t_s, dict(second.data)) == (1.5, {"connection": "channel-1", "calls": 2})
    assert len(kept.read().of_type("page.second_call")) == 1
    assert len(kept.read().of_type("session.ready")) == 3


async def test_what_the_page_did_not_play_is_in_the_trace_with_its_reason(tmp_path: Path) -> None:
    """Nothing is heard, and it is told what was received meanwhile, and why nobody heard it."""
    async with keeping(tmp_path) as kept:
        state = {"track": "track", "gain": 0, "via": "nothing", "reason": "the element is muted"}
        kept.page.tell("playback.changed", state, 0.1)
        kept.page.receive(1.0, TONE)
        kept.page.hear(1.0, QUIET, "frame/page")
        await asyncio.sleep(0)
    assert kept.recorder.tracker.answers == []
    [lost] = [e for e in kept.read().events if e.type == "heard.not_played"]
    assert (lost.t_s, lost.data["reason"]) == (1.0, "the element is muted")


@pytest.mark.parametrize("stream", ["heard", "received", "sent"])
async def test_audio_that_cannot_be_taken_ends_the_call_by_name(
    tmp_path: Path, stream: str
) -> None:
    """A reader that died without a word would leave everybody waiting for what it reads."""
    async with keeping(tmp_path) as kept:
        audio: EventStream[AudioFrames] = getattr(kept.page, stream)
        audio.push(AudioFrames(0.0, None, "t", 0))  # type: ignore[arg-type]
        with pytest.raises(HarnessError, match="failed while it recorded the call"):
            await kept.event("never")
    assert kept.read().events[-1].type == "error"


async def test_a_voice_that_turns_out_to_be_another_connection_s_is_no_answer_any_more(
    tmp_path: Path,
) -> None:
    """Who speaks the protocol is the agent; what was heard before that stays."""
    async with keeping(tmp_path) as kept:
        kept.page.tell("tap.started", {"connection": "c", "track": "a"}, 0.5)
        kept.page.hear(1.0, TONE, "frame/other")
        await kept.event("heard.voice_started")
        kept.page.say(json.dumps({"type": "session.created", "session": {}}), 1.5)
        await kept.event("session.ready")
        assert kept.page.agent.is_judged("frame", "c")
        kept.page.agent.receive(kept.page.envelopes.snapshot()[0])
        assert not kept.page.agent.is_judged("frame", "other")
        kept.page.hear_beside(2.0, TONE, "frame/other")
        stopped = await kept.event("heard.voice_stopped")
    assert stopped.t_s == 2.0
    [other] = kept.read().of_type("heard.other_connection")
    assert (other.data["connection"], other.data["start_s"]) == ("other", 2.0)


@pytest.mark.parametrize(("choice", "missing"), [("c", False), ("connection-7", True)])
async def test_a_chosen_connection_is_missing_until_sound_comes_on_it(
    tmp_path: Path, choice: str, missing: bool
) -> None:
    async with keeping(tmp_path) as kept:
        kept.page.agent.choice = choice
        kept.page.tell("tap.started", {"connection": "c", "track": "a"}, 0.5)
        kept.page.agent.receive(kept.page.envelopes.snapshot()[0])
        found = kept.recorder.agent_missing
    assert found == (AgentMissing("connection-7", ["c"]) if missing else None)
    assert bool(kept.read().of_type("call.agent_missing")) == missing


async def test_a_document_that_goes_while_it_speaks_is_heard_no_more(tmp_path: Path) -> None:
    async with keeping(tmp_path) as kept:
        kept.page.hear(0.0, TONE, "frame/c")
        await kept.event("heard.voice_started")
        kept.page.tell("page.unloaded", {}, 1.2)
        stopped = await kept.event("heard.voice_stopped")
        kept.page.hear(2.0, TONE, "next/c")
        kept.page.tell("peer_connection.closed", {"connection": "c"}, 3.1)
        await kept.event("peer_connection.closed")
    assert stopped.t_s == 1.0
    assert stopped.data["uncertainty_s"] == pytest.approx(0.2)
    assert len(kept.read().of_type("heard.voice_started")) == 2
