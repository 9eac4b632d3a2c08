"""The server's side of one Realtime session, as a machine without clock, socket or thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.errors import ProtocolError
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Assistant, Piece
from harness.realtime.server.items import Items
from harness.realtime.server.mcp_servers import RemoteTools
from harness.realtime.server.mcp_turns import RemoteTurns
from harness.realtime.server.outputs import (
    SESSION_EXPIRED,
    Close,
    NoteFault,
    Output,
    Recognise,
    SendEvent,
    Synthesise,
)
from harness.realtime.server.response_faults import SessionFaults
from harness.realtime.server.responses import Responses
from harness.realtime.server.state import SessionState, Transport
from harness.realtime.server.transcription import Transcription
from harness.realtime.server.turns import Turns
from harness.realtime.server.validation.client_events import check_client_event
from harness.realtime.server.validation.mcp_values import RemoteFailure, RemoteResult, RemoteTool
from harness.realtime.server.validation.settings import restarted, updated_session
from harness.realtime.server.validation.shapes import MAX_EVENT_ID_CHARS
from harness.realtime.session_object import Settings, is_transcription
from harness.realtime.wire import Event, decode_strict_object, with_type
from harness.speech.interface import SpeechDetector

EXPIRED_MESSAGE = "Your session hit the maximum duration of 60 minutes."

__all__ = ["Close", "Output", "Recognise", "SendEvent", "ServerSession", "Synthesise"]

RESPONSE_EVENTS = ("response.create", "response.cancel")


class ServerSession:
    """Takes events, audio, results and "now"; hands out things to do and "wake me at".

    The rule: call `open` first; after every call drain `take_outputs` and do what it says, in
    order; call `advance` at the latest at `wake_at_s`. `now_s` is any monotonic clock, the same
    in all calls; a clock that goes back stands still here. Nothing a client sends raises: the
    protocol's ``error`` event answers it. Not safe for use from several threads at once.

    Where the reference leaves the choice, `harness/docs/server.md` says what is done.

    Args:
        settings: the session to start with, as minted or as a client asked for it.
        assistant: who answers.
        detector: speech detection, for this session alone.
        ids: where identifiers come from.
        unix_time_s: when the session starts; used for ``expires_at`` alone.
        transport: "webrtc" plays the answers through `pull_playback`; "websocket" sends their
            audio as events and takes the user's audio as events.
        session_id: where the caller names the session itself.
        faults: what is to go wrong with its answers and its length (`server.faults`).

    Raises:
        ProtocolError: the settings are not valid, or a method is called before `open`.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        assistant: Assistant,
        detector: SpeechDetector,
        ids: Ids,
        unix_time_s: float,
        transport: Transport = "webrtc",
        session_id: str | None = None,
        faults: Iterable[Any] = (),
    ) -> None:
        own_faults = SessionFaults(faults)
        expires_at = int(unix_time_s + own_faults.limit_s)
        started = restarted(settings, session_id=session_id or ids.session(), expires_at=expires_at)
        self._state = SessionState(started, assistant, ids, transport, own_faults)
        self._transcription = Transcription(self._state)
        self._items = Items(self._state, self._transcription)
        self._remote = RemoteTools(self._state)
        self._responses = Responses(self._state, self._transcription, self._remote)
        self._remote_turns = RemoteTurns(self._state, self._responses)
        self._turns = Turns(self._state, self._transcription, self._responses, detector)
        self._now_s: float | None = None
        self._expires_at_s = 0.0
        self.is_closed = False
        self._handlers: dict[str, Callable[[Event, float], None]] = {
            "session.update": self._receive_update,
            "input_audio_buffer.append": self._turns.receive_append,
            "input_audio_buffer.commit": self._turns.receive_commit,
            "input_audio_buffer.clear": self._turns.receive_clear,
            "output_audio_buffer.clear": self._receive_playback_clear,
            "conversation.item.create": self._receive_item,
            "conversation.item.retrieve": self._items.receive_retrieve,
            "conversation.item.delete": self._items.receive_delete,
            "conversation.item.truncate": self._items.receive_truncate,
            "response.create": self._responses.receive_create,
            "response.cancel": self._responses.receive_cancel,
        }
        if is_transcription(started):
            self._handlers |= dict.fromkeys(RESPONSE_EVENTS, _refuse_response)

    @property
    def settings(self) -> Settings:
        """The effective session, as the client reads it back. Not to be changed."""
        return self._state.settings

    @property
    def items(self) -> list[dict[str, Any]]:
        """The conversation's items, in order. Not to be changed."""
        return list(self._state.conversation)

    def open(self, now_s: float) -> None:
        """The client is connected: its events channel is open."""
        if self._now_s is not None:
            return
        self._now_s = now_s
        self._expires_at_s = now_s + self._state.faults.limit_s
        self._state.send("session.created", session=self._state.settings)
        self._remote.use(self._state.settings.get("tools") or [], now_s)

    def receive_text(self, text: str, now_s: float) -> None:
        """One message of the events channel."""
        now_s = self._arrive(now_s)
        if self.is_closed:
            return
        event_id: str | None = None
        try:
            event = decode_strict_object(text)
            event_id = _own_name(event)
            check_client_event(with_type(event))
            self._handlers[event["type"]](event, now_s)
        except ProtocolError as error:
            self._state.send_error(error, event_id)
        self._settle(now_s)

    def receive_audio(self, samples: MonoFloat32, now_s: float) -> None:
        """Audio of the user's track: float32 at 24 kHz, shape (frames,)."""
        now_s = self._arrive(now_s)
        if not self.is_closed:
            self._turns.receive_audio(np.asarray(samples, dtype=np.float32), now_s)
            self._settle(now_s)

    def receive_recognition(
        self,
        job_id: str,
        text: str | None,
        error: str | None,
        now_s: float,
        finished: float | None = None,
    ) -> None:
        """The result of a `Recognise`: its text, or None and what went wrong.

        Args:
            finished: how likely it is that the turn is over, 0 to 1, where it asked for that and
                there is an engine that knows; None leaves it to the words.
        """
        now_s = self._arrive(now_s)
        if self.is_closed:
            return
        look = self._transcription.on_recognised(job_id, text, error, finished)
        if look is not None:
            self._turns.receive_look(look, now_s)
        self._settle(now_s)

    def receive_speech(
        self, job_id: str, samples: MonoFloat32, is_last: bool, now_s: float
    ) -> None:
        """Audio of a `Synthesise`, in one or several pieces: float32 at 24 kHz."""
        now_s = self._arrive(now_s)
        if not self.is_closed:
            speech = np.asarray(samples, dtype=np.float32).reshape(-1)
            self._responses.receive_speech(job_id, speech, is_last, now_s)
            self._settle(now_s)

    def speech_failed(self, job_id: str, message: str, now_s: float) -> None:
        """A `Synthesise` came to nothing."""
        now_s = self._arrive(now_s)
        if not self.is_closed:
            self._responses.speech_failed(job_id, message, now_s)
            self._settle(now_s)

    def on_assistant_output(self, job_id: str, piece: Piece | None, now_s: float) -> None:
        """A piece of a `AskAssistant`'s answer, in order; None: that was all."""
        now_s = self._arrive(now_s)
        if not self.is_closed:
            self._responses.on_assistant_output(job_id, piece, now_s)
            self._settle(now_s)

    def on_assistant_failed(self, job_id: str, code: str, message: str, now_s: float) -> None:
        """A `AskAssistant` broke off; what was said before stays."""
        now_s = self._arrive(now_s)
        if not self.is_closed:
            self._responses.on_assistant_failed(job_id, code, message, now_s)
            self._settle(now_s)

    def receive_tools(
        self,
        job_id: str,
        tools: list[RemoteTool] | None,
        failure: RemoteFailure | None,
        now_s: float,
    ) -> None:
        """The result of a `ListTools`: all tools of the server, or None and what went wrong."""
        now_s = self._arrive(now_s)
        if not self.is_closed:
            self._remote.on_listed(job_id, tools, failure)
            self._settle(now_s)

    def receive_tool_result(self, job_id: str, result: RemoteResult, now_s: float) -> None:
        """The result of a `CallTool`."""
        now_s = self._arrive(now_s)
        if not self.is_closed:
            self._responses.receive_tool_result(job_id, result, now_s)
            self._settle(now_s)

    def advance(self, now_s: float) -> None:
        """Time passed."""
        self._arrive(now_s)

    def pull_playback(self, frames: int, now_s: float) -> MonoFloat32:
        """The next audio to play: float32 at 24 kHz, shape (frames,); silence where none is.

        This is the playback clock: what was pulled counts as heard.
        """
        now_s = self._arrive(now_s)
        samples, changes = self._state.playback.pull(max(frames, 0), now_s)
        if self.is_closed:
            return np.zeros_like(samples)
        self._state.send_playback_changes(changes, now_s)
        return samples

    def take_outputs(self) -> list[Output]:
        """Everything to be done since the last call, in order."""
        return self._state.take_outputs()

    def wake_at_s(self) -> float | None:
        """When `advance` is needed at the latest; None once the session is closed."""
        if self._now_s is None or self.is_closed:
            return None
        times = [
            self._expires_at_s,
            self._responses.wake_at_s(),
            self._turns.idle_at_s(),
            self._remote.wake_at_s(),
            self._remote_turns.wake_at_s(),
        ]
        return min(time_s for time_s in times if time_s is not None)

    def _arrive(self, now_s: float) -> float:
        """Move to now and do what was due on the way; gives the session's own now."""
        if self._now_s is None:
            raise ProtocolError(
                "The session was used before it was opened.",
                expected="open() as the first call",
                found="another method first",
            )
        self._now_s = max(self._now_s, now_s)
        if not self.is_closed and self._now_s >= self._expires_at_s:
            self._expire()
        if not self.is_closed:
            self._settle(self._now_s)
        return self._now_s

    def _settle(self, now_s: float) -> None:
        self._remote.advance(now_s)
        self._responses.advance(now_s)
        self._turns.advance(now_s)
        self._remote_turns.advance(now_s, self._turns.is_speaking)
        self._responses.advance(now_s)

    def _receive_update(self, event: Event, now_s: float) -> None:
        updated = updated_session(
            self._state.settings, event["session"], has_spoken=self._state.has_spoken
        )
        tools = self._remote.resolved(updated.get("tools") or [], "session.tools")
        if tools:
            updated["tools"] = tools
        self._state.settings = updated
        self._turns.apply_settings()
        self._state.send("session.updated", session=self._state.settings)
        self._remote.use(tools, now_s)

    def _receive_item(self, event: Event, now_s: float) -> None:
        self._remote_turns.check_response(event["item"])
        self._items.receive_create(event, now_s)
        self._remote_turns.receive_response(event["item"], now_s)

    def _receive_playback_clear(self, event: Event, now_s: float) -> None:
        if not self._state.plays_audio:
            raise ProtocolError(
                "output_audio_buffer.clear is not supported on this connection: the client plays "
                "the audio itself.",
                code="unsupported_event",
                param="type",
            )
        self._responses.clear_playback(now_s)

    def _expire(self) -> None:
        faults = self._state.faults
        message = EXPIRED_MESSAGE
        if faults.is_limited:
            longest = f"{faults.limit_s:g} seconds"
            message = f"Your session hit the maximum duration of {longest}."
            self._state.put(NoteFault("session_limit", f"the session expired after {longest}"))
        self._state.send_error(ProtocolError(message, code=SESSION_EXPIRED))
        self._state.put(Close(SESSION_EXPIRED, message))
        self.is_closed = True


def _own_name(event: Event) -> str | None:
    """What the client calls its event; None where that is no name to repeat."""
    name = event.get("event_id")
    return name if isinstance(name, str) and len(name) <= MAX_EVENT_ID_CHARS else None


def _refuse_response(event: Event, now_s: float) -> None:
    raise ProtocolError(
        f"'{event['type']}' is not supported in a transcription session: it gives no responses.",
        code="unsupported_event",
        param="type",
    )
