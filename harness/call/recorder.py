"""The recorder: from the page's envelopes to everything that is kept of a call.

One task reads the page; for each envelope it writes the trace, feeds the stereo recording, asks
the protocol's adapter what a message means, follows the answers, and pushes `CallEvent`s.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Protocol, cast, get_args

from harness.call.events import CallEvent, CallSource, call_events
from harness.call.news import News
from harness.call.other_connections import OtherConnections
from harness.call.playback_watch import PlaybackWatch
from harness.call.protocol_channels import ProtocolChannels
from harness.call.reconnecting import Reconnecting, call_lost
from harness.call.recordings import Recordings
from harness.call.sending_watch import SendingWatch
from harness.call.voices import Voices
from harness.errors import HarnessError, failed_itself
from harness.facts.answers import AnswerOver
from harness.facts.call import (
    AgentMissing,
    CallFailed,
    ClipPlayed,
    NotPlayed,
    NotSent,
    ProtocolRecognised,
    RecordingFailed,
    SecondCall,
    TrackRecorded,
    VoiceStarted,
    VoiceStopped,
)
from harness.facts.catalogue import AnyFact
from harness.facts.dialogue import DialogueFact, UserTranscript
from harness.facts.media import SamplesFact
from harness.facts.microphone import SpeakingStopped
from harness.line.agent_connections import AgentConnections
from harness.line.audio import AudioFrames
from harness.line.envelope import Envelope
from harness.protocols.agreed_channel import channel_notes
from harness.protocols.interface import VoiceProtocol
from harness.redact import Masker
from harness.score.answers import AnswerTracker
from harness.speech.voice_activity import VoiceActivity, VoiceChange
from harness.streams.event_stream import EventStream
from harness.timeline import Timeline
from harness.trace import TraceWriter

logger = logging.getLogger(__name__)

BULKY = frozenset(kind.type for kind in get_args(SamplesFact))
"""Envelopes that are not copied into the trace: the recording holds what they carry."""

OPENINGS = frozenset(
    {"data_channel.created", "data_channel.open", "web_socket.created", "web_socket.open"}
)
OPEN = frozenset({"data_channel.open", "web_socket.open"})
MESSAGES = frozenset({"data_channel.message", "web_socket.message"})
CLOSINGS = {"data_channel.closed": "data channel", "web_socket.closed": "WebSocket"}

CLICKS = frozenset({"microphone.clicked", "close.clicked"})
"""What our own page tells of its user; what comes from there on is news."""


class PageStreams(Protocol):
    """What the recorder reads of a page."""

    envelopes: EventStream[Envelope]
    timeline: Timeline

    @property
    def received(self) -> EventStream[AudioFrames]:
        """What came from the remote peer, played or not."""

    @property
    def heard(self) -> EventStream[AudioFrames]:
        """What is played of it."""

    @property
    def sent(self) -> EventStream[AudioFrames]:
        """What the microphone produced; silence included."""


class CallRecorder:
    """Keeps a call: trace, recording, events, answers. Runs inside ``async with``."""

    def __init__(
        self,
        page: PageStreams,
        trace: TraceWriter,
        recordings: Recordings,
        protocols: Sequence[VoiceProtocol],
        make_voice: Callable[[], VoiceActivity],
        reconnects_s: float | None = None,
    ) -> None:
        self.events = call_events()
        self.news = News(self.events)
        self.tracker = AnswerTracker()
        self.user_transcripts: dict[str, str] = {}
        self.heard_until_s = 0.0
        self.hanging_up = False
        self._was_up = False
        self._reconnecting = Reconnecting(reconnects_s, self._give_up)
        self._page = page
        self._trace = trace
        self.recordings = recordings
        self._is_recording = True
        self.channels = ProtocolChannels(protocols)
        self._voices = Voices(make_voice)
        self._tasks: list[asyncio.Task[None]] = []
        # Without a page, what was received is what is heard.
        has_page = page.received is not page.heard
        self.playback = PlaybackWatch() if has_page else None
        self.sending = SendingWatch() if has_page else None
        self.others = OtherConnections()
        self._agent: AgentConnections | None = getattr(page, "agent", None)

    async def __aenter__(self) -> CallRecorder:
        self._tasks = [
            asyncio.create_task(self._read_envelopes(), name="call-envelopes"),
            asyncio.create_task(self._read_audio(self._page.heard, self._heard), name="call-heard"),
            asyncio.create_task(self._read_audio(self._page.sent, self._sent), name="call-sent"),
        ]
        if self.playback is not None:
            reading = self._read_audio(self._page.received, self._received)
            self._tasks.append(asyncio.create_task(reading, name="call-received"))
        if (others := getattr(self._page, "others", None)) is not None:
            reading = self._read_audio(others, self._heard_of_another)
            self._tasks.append(asyncio.create_task(reading, name="call-others"))
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop reading; whatever the page had already told is kept first."""
        await asyncio.sleep(0)  # let readers take what is already in their streams
        self._reconnecting.close()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for stretch in self.playback.unplayed() if self.playback else ():
            self._trace.add(NotPlayed(**asdict(stretch)), stretch.start_s)
        for other in self.others.heard():
            self._trace.add(other, other.start_s)
        if (missing := self.agent_missing) is not None:
            self._trace.add(missing)
        self.events.end()

    @property
    def trace_path(self) -> Path:
        """The trace of this call, which is written as it runs."""
        return self._trace.path

    @property
    def agent_missing(self) -> AgentMissing | None:
        """The connection that was chosen as the agent's, as long as no sound has come on it."""
        if self._agent is None or not self._agent.missing:
            return None
        return AgentMissing(self._agent.choice, self._agent.names)

    @property
    def masker(self) -> Masker:
        """What is hidden in all that is kept of the call."""
        return self._trace.masker

    def note(self, fact: AnyFact, t_s: float) -> None:
        """Something the harness or the dialogue knows: into the trace and the events."""
        if isinstance(fact, ClipPlayed) and self.sending is not None:
            self.sending.clip(fact.to_data())
        if isinstance(fact, ClipPlayed) and not fact.muted:
            self.tracker.user_speaks(fact.speech_end_s)
        if isinstance(fact, SpeakingStopped):
            self.tracker.user_stops(fact.end_s)
            if self.sending is not None:
                self.sending.stopped(fact.since_s, fact.end_s)
        kept = self._trace.add(fact, t_s)
        self.events.push(CallEvent(t_s, cast("CallSource", kept.source), kept.type, kept.data))

    async def _read_envelopes(self) -> None:
        reader = self._page.envelopes.reader(holds=True)
        try:
            async for envelope in reader:
                self._envelope(envelope)
        except HarnessError as error:
            self.fail(error)
        except Exception as error:
            self._fail_itself(error)
        else:
            self.events.end()
        finally:
            reader.close()

    async def _read_audio(
        self, stream: EventStream[AudioFrames], take: Callable[[AudioFrames], None]
    ) -> None:
        reader = stream.reader(holds=True)
        try:
            async for frames in reader:
                take(frames)
        except HarnessError:
            pass  # the envelope stream says why
        except Exception as error:
            self._fail_itself(error)
        finally:
            reader.close()

    def _sent(self, frames: AudioFrames) -> None:
        self.recordings.sent(frames)
        self._check_recording(frames.end_s)
        if self.sending is not None:
            self.sending.said(frames)

    def _received(self, frames: AudioFrames) -> None:
        if self.playback is not None:
            self.playback.received(frames)
        if name := self.recordings.received(frames):
            self.note(TrackRecorded(name, frames.source), frames.start_s)
        self._check_recording(frames.end_s)

    def _check_recording(self, t_s: float) -> None:
        """Tell once that the disk takes no more; the call goes on, and fails at its end."""
        if self._is_recording and (broken := self.recordings.broken) is not None:
            self._is_recording = False
            self.note(RecordingFailed(str(broken)), t_s)

    def _envelope(self, envelope: Envelope) -> None:
        t_s = self._page.timeline.page_to_s(envelope.page_ms)
        if envelope.type in BULKY:
            return
        if envelope.type in CLICKS:
            self.news.user_acts(t_s)
        told = {key: value for key, value in envelope.data.items() if key != "data"}
        kept = self._trace.write("page", envelope.type, told, t_s)
        self.events.push(CallEvent(t_s, "page", envelope.type, kept.data))
        if envelope.type == "page.unloaded":
            self.channels.forget_realm(envelope.frame_id)
            if ended := self._voices.unload(envelope.frame_id, self.heard_until_s, t_s):
                self._voice_changed(ended)
        if envelope.type == "peer_connection.closed":
            self._voices.close(f"{envelope.frame_id}/{envelope.data['connection']}")
        if self.sending is not None:
            self._watch_sending(self.sending, envelope, t_s)
        if envelope.type == "playback.changed":
            self._playback_changed(envelope, t_s)
        if envelope.type == "close.clicked":
            self.hanging_up = True  # what closes now was meant to close
        if envelope.type in OPENINGS and self.channels.take_open(envelope):
            self._recognised(t_s)
        found = self._loss(envelope)  # asked in any case: it follows which channels are open
        if envelope.type in MESSAGES:
            self._message(envelope, t_s)
        elif found and not self.hanging_up:
            if (lost := self._reconnecting.lost(found, t_s)) is not None:
                self.note(lost, t_s)
        elif self._is_up_with(envelope) and (back := self._reconnecting.back(t_s)) is not None:
            self.note(back, t_s)

    def _give_up(self, found: str) -> None:
        if self.hanging_up:
            return
        notes = channel_notes(self.events.snapshot())
        has_page = self.playback is not None
        self.fail(call_lost("; ".join([found, *notes]), has_page=has_page))

    def _is_up_with(self, envelope: Envelope) -> bool:
        """A channel of the protocol opens; or, in a call without one, a connection is up."""
        if self.channels.channel is not None:
            return envelope.type in OPEN and self.channels.has_label(envelope)
        return _state(envelope) == "connected"

    def _watch_sending(self, sending: SendingWatch, envelope: Envelope, t_s: float) -> None:
        """What the page does with its microphones, and what its senders count."""
        data = envelope.data
        if envelope.type in ("microphone.started", "microphone.stopped", "microphone.enabled"):
            is_gone = envelope.type == "microphone.stopped"
            is_on = None if is_gone else bool(data.get("enabled", True))
            sending.microphone(f"{envelope.frame_id}/{data['microphone']}", is_on, t_s)
        elif envelope.type == "stats":
            sending.stats(f"{envelope.frame_id}/{data['connection']}", data["report"], t_s)
            for stretch in sending.take_unsent(t_s):
                self.note(NotSent(**asdict(stretch)), stretch.start_s)

    def _playback_changed(self, envelope: Envelope, t_s: float) -> None:
        playback = self.playback
        if playback and playback.changed(envelope.frame_id, envelope.data, t_s):
            self.tracker.silenced(t_s)

    def _loss(self, envelope: Envelope) -> str | None:
        """What of the call was lost with this envelope, if anything."""
        is_closed = envelope.type in CLOSINGS and self.channels.take_closed(envelope)
        if envelope.type == "data_channel.open" or self.channels.is_call_on_socket:
            self._was_up = True
        if not self._was_up:
            return None  # a call that never came up is the opening's business
        if is_closed:
            return f"the {CLOSINGS[envelope.type]} “{envelope.data.get('label')}” closed"
        return "the peer connection failed" if _state(envelope) == "failed" else None

    def _message(self, envelope: Envelope, t_s: float) -> None:
        calls, was_known = self.channels.calls, self.channels.channel is not None
        message = self.channels.take_message(envelope)
        if message is None:
            return
        if not was_known:
            self._recognised(t_s)
        if self._agent and message.direction == "received" and "connection" in envelope.data:
            self._agent.speaks(envelope.frame_id, envelope.data["connection"])
        if self.channels.calls > max(calls, 1) and "connection" in envelope.data:
            self.note(SecondCall(envelope.data["connection"], self.channels.calls), t_s)
        protocol = self.channels.protocol
        text = message.text and self._trace.masker.text(message.text)
        if event := protocol.event_of(replace(message, text=text)):
            self.events.push(CallEvent(t_s, "wire", *event, message.direction))
        for fact in protocol.read(message):
            self._dialogue(fact, t_s)

    def _recognised(self, t_s: float) -> None:
        channel = self.channels.channel
        if channel is not None:
            spoken = self.channels.protocol
            tells: list[str] = sorted(spoken.tells)
            self.tracker.endings_are_told = "answers" in tells
            found = ProtocolRecognised(spoken.name, channel.carrier, channel.label, tells)
            self.note(found, t_s)

    def _dialogue(self, fact: DialogueFact, t_s: float) -> None:
        if isinstance(fact, UserTranscript):
            self.user_transcripts[str(fact.turn_id)] = str(fact.text)
        self.tracker.on_dialogue_event(fact.type, fact.to_data(), t_s)
        self.note(fact, t_s)
        self._note_over(t_s)

    def _heard(self, frames: AudioFrames) -> None:
        self.recordings.heard(frames)
        self._check_recording(frames.end_s)
        if self.playback is not None:
            self.playback.played(frames)
        for change in self._voices.hear(frames):
            self._voice_changed(change)
        self.heard_until_s = max(self.heard_until_s, frames.end_s)
        self._note_over(self.heard_until_s)

    def _heard_of_another(self, frames: AudioFrames) -> None:
        """Of a connection that is not the agent's, as it turned out; what was heard stays."""
        is_sound = self.others.take(frames)
        self.recordings.of_another(frames, is_sound=is_sound)
        if self.playback is not None:
            self.playback.played(frames)
        if ended := self._voices.forget(frames.source, frames.start_s):
            self._voice_changed(ended)

    def _voice_changed(self, change: VoiceChange) -> None:
        if change.kind == "started":
            answer = self.tracker.voice_started(change.t_s)
            self.note(VoiceStarted(answer.answer_id, change.uncertainty_s), change.t_s)
        else:
            self.tracker.voice_stopped(change.t_s)
            self.note(VoiceStopped(change.uncertainty_s), change.t_s)

    def _note_over(self, now_s: float) -> None:
        for answer in self.tracker.take_over(max(now_s, self.heard_until_s)):
            self.note(AnswerOver(answer.answer_id, answer.is_spoken), now_s)

    def _fail_itself(self, error: Exception) -> None:
        """A mistake of ours ends the call loudly; stalled, nobody would know why it waits."""
        logger.exception("The recorder of a call failed.")
        self.fail(failed_itself("recorded the call", error))

    def fail(self, error: HarnessError) -> None:
        t_s = self._page.timeline.page_to_s(_last_page_ms(self._page))
        self._trace.add(CallFailed(type(error).__name__, str(error)), t_s)
        self.events.end(error)


def _state(envelope: Envelope) -> str | None:
    """The state that a peer connection is in now; None: the envelope tells of something else."""
    told, data = envelope.type == "peer_connection.state", envelope.data
    return str(data.get("state")) if told and data.get("kind") == "connection" else None


def _last_page_ms(page: PageStreams) -> float:
    latest = page.envelopes.latest
    return 0.0 if latest is None else latest.page_ms
