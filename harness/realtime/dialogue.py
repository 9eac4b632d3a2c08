"""Realtime events of both directions, told as a dialogue in words of no protocol.

Scenarios and reports speak of turns, answers, tools and problems; this is the one place that
says what those are on the Realtime wire. It keeps what it must remember of a call (which text
belongs to which answer), knows no clock, and never raises over what came: an event it does not
know says nothing about the dialogue. What it tells is listed in `harness.facts.dialogue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from harness.errors import ProtocolError
from harness.facts.dialogue import (
    AnswerAudioCleared,
    AnswerAudioStarted,
    AnswerAudioStopped,
    AnswerEnded,
    AnswerStarted,
    AnswerText,
    AnswerTruncated,
    DialogueFact,
    Problem,
    SessionReady,
    ToolCalled,
    UserSpeechStarted,
    UserSpeechStopped,
    UserTranscript,
    UserTranscriptFailed,
    UserTurnCommitted,
)
from harness.realtime.response_object import final_text_of, reason_of
from harness.realtime.wire import Event, decode

Direction = Literal["sent", "received"]
"""As the client sees it: what it sent, what it received."""

_Told = Iterable[DialogueFact]


@dataclass(slots=True)
class _Answer:
    text: str = ""
    is_aside: bool = False
    """Written, outside the conversation: nothing that is said."""


class Dialogue:
    """Follows one call's events channel."""

    def __init__(self) -> None:
        self._pending_updates = 0
        self._session: Event = {}
        self._answers: dict[str, _Answer] = {}
        self._called: set[str] = set()
        self._sent_here: dict[str, str] = {}
        """Answers whose sound came as events, by their items: the client plays it itself."""

        self._tellers: dict[str, Callable[[Event], _Told]] = {
            "session.created": self._session_created,
            "session.updated": self._session_updated,
            "error": self._problem,
            "input_audio_buffer.speech_started": self._speech_started,
            "input_audio_buffer.speech_stopped": self._speech_stopped,
            "input_audio_buffer.committed": self._committed,
            "conversation.item.input_audio_transcription.completed": self._transcript,
            "conversation.item.input_audio_transcription.failed": self._transcript_failed,
            "conversation.item.truncated": self._truncated,
            "response.created": self._answer_started,
            "response.output_audio_transcript.delta": self._answer_text,
            "response.output_text.delta": self._answer_text,
            "response.output_audio.delta": self._answer_audio,
            "response.output_item.done": self._output_item_done,
            "response.done": self._answer_ended,
            "output_audio_buffer.started": self._playback(AnswerAudioStarted),
            "output_audio_buffer.stopped": self._playback(AnswerAudioStopped),
            "output_audio_buffer.cleared": self._playback(AnswerAudioCleared),
        }

    @property
    def is_transcribed(self) -> bool:
        """Whether transcripts of the user's words may come, as far as the session is known."""
        if self._pending_updates or not self._session:
            return True
        audio: Any = self._session.get("audio")
        inputs: Any = audio.get("input") if isinstance(audio, dict) else None
        if not isinstance(inputs, dict):
            return True  # of another shape: nothing is known
        return inputs.get("transcription") is not None

    def on_message(self, direction: Direction, text: str) -> list[DialogueFact]:
        """What one message of the channel means.

        Args:
            direction: "sent" by the client, or "received" by it.
            text: the message as it was on the wire.
        """
        try:
            event = decode(text)
        except ProtocolError as error:
            if direction == "sent":
                return []  # the server will complain; it is not ours to judge
            return [Problem(error.code, error.message)]
        if direction == "sent":
            self._pending_updates += event["type"] == "session.update"
            return []
        teller = self._tellers.get(event["type"])
        if teller is None:
            return []
        try:
            return list(teller(event))
        except (KeyError, TypeError, AttributeError) as error:
            message = f"The server sent a {event['type']} that lacks what it must have: {error!r}."
            return [Problem("malformed_event", message)]

    # --- the session ---

    def _session_created(self, event: Event) -> _Told:
        session = event.get("session")
        self._session = session if isinstance(session, dict) else {}
        if self._pending_updates == 0:
            yield SessionReady()

    def _session_updated(self, event: Event) -> _Told:
        self._pending_updates = max(0, self._pending_updates - 1)
        yield from self._session_created(event)

    def _problem(self, event: Event) -> _Told:
        error = event["error"]
        yield Problem(error.get("code") or error.get("type"), error["message"])
        if self._pending_updates:
            # Most likely its refusal: the session stands as it was before.
            yield from self._session_updated({**event, "session": self._session})

    # --- the user ---

    def _speech_started(self, event: Event) -> _Told:
        yield UserSpeechStarted(event["item_id"], event["audio_start_ms"])

    def _speech_stopped(self, event: Event) -> _Told:
        yield UserSpeechStopped(event["item_id"], event["audio_end_ms"])

    def _committed(self, event: Event) -> _Told:
        yield UserTurnCommitted(event["item_id"])

    def _transcript(self, event: Event) -> _Told:
        yield UserTranscript(event["item_id"], event["transcript"])

    def _transcript_failed(self, event: Event) -> _Told:
        message = (event.get("error") or {}).get("message") or ""
        yield UserTranscriptFailed(event["item_id"], message)

    # --- the assistant ---

    def _answer_started(self, event: Event) -> _Told:
        response = event["response"]
        is_written = response.get("output_modalities") == ["text"]
        is_outside = "conversation_id" in response and response["conversation_id"] is None
        answer = _Answer(is_aside=is_written and is_outside)
        self._answers[response["id"]] = answer
        if not answer.is_aside:
            yield AnswerStarted(response["id"])

    def _answer_text(self, event: Event) -> _Told:
        answer = self._answers.setdefault(event["response_id"], _Answer())
        answer.text += event["delta"]
        if not answer.is_aside:
            yield AnswerText(event["response_id"], event["delta"])

    def _answer_audio(self, event: Event) -> _Told:
        self._sent_here[event["item_id"]] = event["response_id"]
        return ()

    def _output_item_done(self, event: Event) -> _Told:
        yield from self._call_in(event["item"])

    def _answer_ended(self, event: Event) -> _Told:
        response = event["response"]
        for item in response.get("output") or []:
            yield from self._call_in(item)
        answer = self._answers.pop(response["id"], _Answer())
        if answer.is_aside:
            return
        yield AnswerEnded(
            answer_id=response["id"],
            status=response["status"],
            reason=reason_of(response),
            text=final_text_of(response) or answer.text,
        )

    def _truncated(self, event: Event) -> _Told:
        yield AnswerTruncated(event["item_id"], event["audio_end_ms"])
        if event["item_id"] in self._sent_here:
            # Nobody else says so where no server plays: the client stopped in the middle.
            yield AnswerAudioCleared(self._sent_here[event["item_id"]])

    def _call_in(self, item: dict[str, Any]) -> _Told:
        """A completed function call; the same call is told once."""
        if item.get("type") != "function_call" or item.get("status") != "completed":
            return
        if item["call_id"] not in self._called:
            self._called.add(item["call_id"])
            yield ToolCalled(item["call_id"], item["name"], item["arguments"])

    def _playback(
        self, kind: type[AnswerAudioStarted | AnswerAudioStopped | AnswerAudioCleared]
    ) -> Callable[[Event], _Told]:
        def tell(event: Event) -> _Told:
            yield kind(event["response_id"])

        return tell
