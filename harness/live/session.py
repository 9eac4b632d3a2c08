"""The server's side of one Live session, as a machine without clock, socket or thread.

Nothing here speaks of turns or responses to the client, for the protocol knows none: what is heard
and said is on one timeline, in milliseconds from the session's start.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.errors import ProtocolError
from harness.live.appends import Appends
from harness.live.beginning import START_WITHIN_S, Beginning
from harness.live.commands import Commands
from harness.live.delegations import Delegations
from harness.live.ears import Ears, Heard
from harness.live.mouth import Mouth
from harness.live.permissions import ChannelPermissions
from harness.live.session_object import (
    MAX_SESSION_S,
    check_client_event,
    started_session,
)
from harness.live.shapes import MOST_ID_CHARS
from harness.live.state import LiveState, Transport, refusal
from harness.live.talk import Talk
from harness.live.wire_audio import CHUNK_FRAMES, CHUNK_MS, AudioCopies, WireFormat
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Assistant, Piece
from harness.realtime.server.outputs import NOT_STARTED, Close, NoteFault, Output
from harness.realtime.server.response_faults import SessionFaults
from harness.realtime.server.validation.mcp_values import RemoteFailure, RemoteResult, RemoteTool
from harness.realtime.wire import Event, decode_strict_object
from harness.speech.interface import SpeechDetector

Reason = Literal["close_requested", "expired", "content", "remote_hangup", "connection_lost"]
Source = Literal["channel", "sideband"]

DRAIN_S = 10.0
"""How long a session that was asked to close may go on with what it is saying."""

USAGE_EVERY_MS = 60_000


class LiveSession:
    """Takes events, audio, results and "now"; hands out things to do and "wake me at".

    The rule is that of `ServerSession`: `open` first; after every call drain `take_outputs`; call
    `advance` at the latest at `wake_at_s`. Nothing a client sends raises: the protocol's ``error``
    event answers it.

    Args:
        wanted: the session to start with; None over a WebSocket, whose first event brings it.
        assistant: who answers, and who does the work of a Responses delegation.
        detector: speech detection, for this session alone.
        unix_time_s: when it is made.
        made_s: the same as monotonic seconds, of the clock of all other times; None: it is opened
            at once.
        transport: "webrtc" plays through `pull_playback`; "websocket" sends and takes events.
        faults: what is to go wrong with its length.

    Raises:
        ProtocolError: the session cannot be had.
    """

    def __init__(
        self,
        wanted: dict[str, Any] | None,
        *,
        session_id: str,
        assistant: Assistant,
        detector: SpeechDetector,
        ids: Ids,
        unix_time_s: float,
        made_s: float | None = None,
        transport: Transport = "webrtc",
        faults: Iterable[Any] = (),
    ) -> None:
        own_faults = SessionFaults(faults)
        self._is_limited = own_faults.is_limited
        self._limit_s = own_faults.limit_s if self._is_limited else float(MAX_SESSION_S)
        self._id = session_id
        self._beginning = Beginning(unix_time_s, made_s, waits_for_client=transport == "websocket")
        self._state = LiveState({}, assistant, ids, transport)
        self._mouth = Mouth(self._state)
        self._ears = Ears(self._state, detector)
        self._delegations = Delegations(self._state)
        self._talk = Talk(self._state, self._mouth, self._delegations)
        self._appends = Appends(self._state)
        self._commands = Commands(
            self._state, self._ears, self._talk, self._delegations, self._appends
        )
        self.copies = AudioCopies(self._state)
        self.permissions = ChannelPermissions({})
        self._format: WireFormat | None = None
        self._sent_ms = 0
        self._usage_ms = USAGE_EVERY_MS
        self._closing: tuple[str | None, float] | None = None
        """What asked for the close, and until when it may drain."""

        self.is_closed = False
        if wanted is not None:
            self._configure(wanted)

    def _configure(self, wanted: dict[str, Any]) -> None:
        state = self._state
        state.session = started_session(wanted, state.transport, self._id)
        self.permissions = ChannelPermissions(state.session)
        if state.transport == "websocket":
            self._format = WireFormat(state.session["audio"]["format"])

    @property
    def settings(self) -> dict[str, Any]:
        """The session in force; {} before it has started. Not to be changed."""
        return self._state.session

    @property
    def has_started(self) -> bool:
        """Whether the client was told ``session.started``."""
        return self._state.started_s is not None

    # --- its life ---

    def open(self, now_s: float) -> None:
        """The client can be spoken to. Over a WebSocket it speaks first."""
        if self._beginning.open_s is not None:
            return
        self._beginning.open(now_s)
        self._state.now_s = now_s
        if self._state.transport == "webrtc":
            self._start(None)

    def _start(self, client_event_id: str | None) -> None:
        state = self._state
        state.started_s = state.now_s
        state.started_unix_s = self._beginning.unix_s(state.now_s)
        state.session["expires_at"] = int(state.started_unix_s + self._limit_s)
        state.send("session.started", client_event_id, session=state.session)
        if self.permissions.is_restricted:
            message = "This data channel is restricted to some events."
            state.send("info", code="data_channel_permissions", message=message)
        self._talk.start()

    def advance(self, now_s: float) -> None:
        """Time passed."""
        self._arrive(now_s)
        self._settle()

    def finish(self, reason: Reason, now_s: float) -> None:
        """The connection is over, or was hung up: the session's last event tells which."""
        self._state.now_s = max(self._state.now_s, now_s)
        if self.has_started and not self.is_closed:
            self._appends.give_up()
            self._end(reason)

    def _end(self, reason: Reason, client_event_id: str | None = None) -> None:
        self._talk.stop()
        self._mouth.flush()
        self._state.send(
            "session.closed",
            client_event_id,
            reason=reason,
            session=self._state.session,
            usage=self._usage(),
        )
        self.is_closed = True

    def _usage(self) -> dict[str, float]:
        return {"seconds": self._state.now_ms / 1000}

    def _arrive(self, now_s: float) -> None:
        self._state.now_s = max(self._state.now_s, now_s)

    def _settle(self) -> None:
        """Do what is due by now."""
        if self.is_closed:
            return
        if not self.has_started:
            if self._beginning.is_late(self._state.now_s):
                self._give_up()
            return
        self._talk.advance()
        self._appends.advance()
        self._send_output()
        if self._state.now_ms >= self._usage_ms:
            self._usage_ms += USAGE_EVERY_MS
            self._state.send("session.usage.updated", usage=self._usage())
        if self._state.now_ms >= self._limit_s * 1000:
            self._expire()
        elif self._closing is not None:
            self._drain(*self._closing)

    def _give_up(self) -> None:
        message = f"No 'session.start' came within {START_WITHIN_S:g} s."
        self._state.send_error(refusal(message, "not_started", "type"))
        self._state.put(Close(NOT_STARTED, message))
        self.is_closed = True

    def _expire(self) -> None:
        if self._is_limited:
            text = f"the session expired after {self._limit_s:g} s"
            self._state.put(NoteFault("session_limit", text))
        self._appends.give_up()
        self._end("expired")
        self._state.put(Close("expired"))

    def _drain(self, client_event_id: str | None, until_s: float) -> None:
        if self._state.now_s >= until_s or not self._talk.is_busy:
            self._end("close_requested", client_event_id)
            self._state.put(Close("the client closed the session"))

    def take_outputs(self) -> list[Output]:
        """Everything to be done since the last call, in order."""
        return self._state.take_outputs()

    def wake_at_s(self) -> float | None:
        """When `advance` is needed at the latest; None where only others can wake it."""
        started_s = self._state.started_s
        if self.is_closed:
            return None
        if started_s is None:
            return self._beginning.start_by_s
        due_ms = [int(self._limit_s * 1000), self._usage_ms]
        if (append_ms := self._appends.due_ms()) is not None:
            due_ms.append(append_ms)
        if self._format is not None:
            due_ms.append(self._sent_ms + CHUNK_MS)
        times = [started_s + min(due_ms) / 1000, self._talk.wake_at_s()]
        if self._closing is not None:
            times.append(self._closing[1] if self._talk.is_busy else self._state.now_s)
        return min(time_s for time_s in times if time_s is not None)

    # --- events ---

    def receive_text(self, text: str, now_s: float) -> None:
        """One message of the client itself: of its data channel, or of its WebSocket."""
        self._receive(text, now_s, "channel")

    def receive_beside(self, text: str, now_s: float) -> None:
        """One message of a second controller, to whom no permissions apply."""
        self._receive(text, now_s, "sideband")

    def _receive(self, text: str, now_s: float, source: Source) -> None:
        self._arrive(now_s)
        if self.is_closed:
            return
        client_event_id: str | None = None
        try:
            event = decode_strict_object(text)
            name = event.get("event_id")
            is_name = isinstance(name, str) and 0 < len(name) <= MOST_ID_CHARS
            client_event_id = name if is_name else None
            check_client_event(event)
            self._check_allowed(event["type"], source)
            self._receive_event(event)
        except ProtocolError as error:
            self._state.send_error(error, client_event_id)
            if not self.has_started and self._state.transport == "websocket":
                self._state.put(Close("the session could not start"))
                self.is_closed = True
        self._settle()

    def _receive_event(self, event: Event) -> None:
        match event["type"]:
            case "session.start":
                self._configure(event["session"])
                self._start(event.get("event_id"))
            case "session.input_audio.append":
                assert self._format is not None
                if self._closing is None:
                    self._hear(self._format.decode(event["audio"]))
            case "session.close":
                self._appends.give_up()
                self._closing = (event.get("event_id"), self._state.now_s + DRAIN_S)
            case _:
                self._commands.receive(event)

    def _check_allowed(self, kind: str, source: Source) -> None:
        if source == "channel" and not self.permissions.may_send(kind):
            raise refusal(f"'{kind}' is not allowed on this channel.", "event_not_allowed", "type")
        is_primary = self._state.transport == "websocket" and source == "channel"
        if kind in ("session.start", "session.input_audio.append") and not is_primary:
            message = f"'{kind}' belongs on a primary WebSocket; here the session is started, "
            raise refusal(message + "and its media are negotiated.", "event_not_allowed", "type")
        if (kind == "session.start") == self.has_started:
            message = "A session is started once, before anything else."
            raise refusal(message, "unexpected_event", "type")
        # A microphone does not know of it; sound has no answer that would be missed.
        if self._closing is not None and kind != "session.input_audio.append":
            raise refusal("The session is closing.", "session_closing", "type")

    # --- audio ---

    def receive_audio(self, samples: MonoFloat32, now_s: float) -> None:
        """Audio of the user's track: float32 at 24 kHz, shape (frames,)."""
        self._arrive(now_s)
        if self.has_started and not self.is_closed:
            self._hear(np.asarray(samples, dtype=np.float32))
            self._settle()

    def _hear(self, samples: MonoFloat32) -> None:
        self.copies.heard(samples)
        for heard in self._ears.receive(samples, self._mouth.is_speaking):
            if heard is None:
                self._talk.yield_floor()
            else:
                self._answer(heard)

    def _answer(self, heard: Heard) -> None:
        if self._closing is None:
            self._talk.on_heard(heard)

    def pull_playback(self, frames: int, now_s: float) -> MonoFloat32:
        """The next audio to play: float32 at 24 kHz, shape (frames,); silence where none is."""
        self._arrive(now_s)
        if not self.has_started or self.is_closed:
            return np.zeros(frames, dtype=np.float32)
        samples = self._pull(frames, self._state.now_ms)
        self._settle()
        return samples

    def _pull(self, frames: int, at_ms: int) -> MonoFloat32:
        samples = self._mouth.pull(frames, at_ms, self._ears.has_floor)
        self.copies.spoken(samples, at_ms)
        return samples

    def _send_output(self) -> None:
        """Over a WebSocket the output goes as events, never faster than the timeline."""
        while self._format is not None and self._sent_ms + CHUNK_MS <= self._state.now_ms:
            delta = self._format.encode(self._pull(CHUNK_FRAMES, self._sent_ms))
            self._sent_ms += CHUNK_MS
            if delta:
                self._state.send_bare("session.output_audio.delta", delta=delta)

    # --- results ---

    def receive_recognition(
        self,
        job_id: str,
        text: str | None,
        error: str | None,
        now_s: float,
        finished: float | None = None,
    ) -> None:
        """The result of a `Recognise`: its text, or None and what went wrong."""
        self._arrive(now_s)
        if not self.is_closed:
            for heard in self._ears.on_recognised(job_id, text):
                self._answer(heard)
            self._settle()

    def receive_speech(
        self, job_id: str, samples: MonoFloat32, is_last: bool, now_s: float
    ) -> None:
        """Audio of a `Synthesise`, in one or several pieces: float32 at 24 kHz."""
        self._arrive(now_s)
        if not self.is_closed:
            self._mouth.on_speech(job_id, np.asarray(samples, np.float32).reshape(-1), is_last)

    def speech_failed(self, job_id: str, message: str, now_s: float) -> None:
        """A `Synthesise` came to nothing."""
        self._arrive(now_s)
        if not self.is_closed:
            self._mouth.on_failed(job_id, message)

    def on_assistant_output(self, job_id: str, piece: Piece | None, now_s: float) -> None:
        """A piece of an `AskAssistant`'s answer, in order; None: that was all."""
        self._arrive(now_s)
        if not self.is_closed:
            self._talk.on_assistant_output(job_id, piece)
            self._settle()

    def on_assistant_failed(self, job_id: str, code: str, message: str, now_s: float) -> None:
        """An `AskAssistant` broke off; what was said before stays."""
        self._arrive(now_s)
        if not self.is_closed:
            self._talk.on_assistant_failed(job_id, code, message)
            self._settle()

    def receive_tools(
        self,
        job_id: str,
        tools: list[RemoteTool] | None,
        failure: RemoteFailure | None,
        now_s: float,
    ) -> None:
        """Nothing: this session asks no remote server."""

    def receive_tool_result(self, job_id: str, result: RemoteResult, now_s: float) -> None:
        """Nothing: this session asks no remote server."""
