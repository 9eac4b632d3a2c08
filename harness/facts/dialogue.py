"""Facts of a conversation, in words of no protocol; a protocol's adapter makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.facts.fact import Fact


@dataclass(frozen=True, slots=True)
class _OfDialogue(Fact):
    source: ClassVar[Literal["dialogue"]] = "dialogue"


@dataclass(frozen=True, slots=True)
class SessionReady(_OfDialogue):
    """The session is as configured; again after each change of its settings."""

    type: ClassVar[Literal["session.ready"]] = "session.ready"


@dataclass(frozen=True, slots=True)
class UserSpeechStarted(_OfDialogue):
    """The server hears the user begin to speak."""

    type: ClassVar[Literal["user.speech_started"]] = "user.speech_started"

    turn_id: str
    """The turn that begins."""

    audio_ms: float | None
    """Where in the audio that the server received, milliseconds; null where it does not say."""


@dataclass(frozen=True, slots=True)
class UserSpeechStopped(_OfDialogue):
    """The server hears that the user has ended."""

    type: ClassVar[Literal["user.speech_stopped"]] = "user.speech_stopped"

    turn_id: str
    """The turn that ends."""

    audio_ms: float | None
    """Where in the audio that the server received, milliseconds; null where it does not say."""


@dataclass(frozen=True, slots=True)
class UserTurnCommitted(_OfDialogue):
    """The user's turn is part of the conversation."""

    type: ClassVar[Literal["user.committed"]] = "user.committed"

    turn_id: str
    """Which turn."""


@dataclass(frozen=True, slots=True)
class UserTranscript(_OfDialogue):
    """What the server understood the user to say."""

    type: ClassVar[Literal["user.transcript"]] = "user.transcript"

    turn_id: str
    """In which turn."""

    text: str
    """The words."""


@dataclass(frozen=True, slots=True)
class UserTranscriptFailed(_OfDialogue):
    """The server could not transcribe the user."""

    type: ClassVar[Literal["user.transcript_failed"]] = "user.transcript_failed"

    turn_id: str
    """Which turn."""

    message: str
    """Why, in the server's words; "" where it does not say."""


@dataclass(frozen=True, slots=True)
class AnswerStarted(_OfDialogue):
    """The assistant begins an answer."""

    type: ClassVar[Literal["answer.started"]] = "answer.started"

    answer_id: str
    """Its id from now on."""


@dataclass(frozen=True, slots=True)
class AnswerText(_OfDialogue):
    """More of an answer's transcript, or of its text."""

    type: ClassVar[Literal["answer.text"]] = "answer.text"

    answer_id: str
    """Which answer."""

    delta: str
    """What comes behind what came before."""


@dataclass(frozen=True, slots=True)
class AnswerAudioStarted(_OfDialogue):
    """The server begins to play an answer."""

    type: ClassVar[Literal["answer.audio_started"]] = "answer.audio_started"

    answer_id: str
    """Which answer."""


@dataclass(frozen=True, slots=True)
class AnswerAudioStopped(_OfDialogue):
    """The server has played an answer to its end."""

    type: ClassVar[Literal["answer.audio_stopped"]] = "answer.audio_stopped"

    answer_id: str
    """Which answer."""


@dataclass(frozen=True, slots=True)
class AnswerAudioCleared(_OfDialogue):
    """The server threw away what it had not played of an answer."""

    type: ClassVar[Literal["answer.audio_cleared"]] = "answer.audio_cleared"

    answer_id: str
    """Which answer."""


@dataclass(frozen=True, slots=True)
class AnswerTruncated(_OfDialogue):
    """An answer was cut, in the conversation too, to what was heard of it."""

    type: ClassVar[Literal["answer.truncated"]] = "answer.truncated"

    item_id: str
    """The protocol's item that was cut."""

    audio_end_ms: float
    """How much of its audio is left, milliseconds."""


@dataclass(frozen=True, slots=True)
class AnswerEnded(_OfDialogue):
    """The server has made all there is of an answer; it may still be played."""

    type: ClassVar[Literal["answer.ended"]] = "answer.ended"

    answer_id: str
    """Which answer."""

    status: str
    """completed, cancelled, incomplete or failed."""

    reason: str | None
    """Why it is not complete, in the protocol's words; null where there is no reason."""

    text: str
    """All of its transcript or text."""


@dataclass(frozen=True, slots=True)
class ToolCalled(_OfDialogue):
    """The assistant calls a function of the client."""

    type: ClassVar[Literal["tool.called"]] = "tool.called"

    call_id: str
    """To be given with the result."""

    name: str
    """Which function; "" where the other side does not tell it."""

    arguments: str
    """The JSON text as it came; "" where the other side does not tell it."""


@dataclass(frozen=True, slots=True)
class Problem(_OfDialogue):
    """The server says that something went wrong, or said something that nobody understands."""

    type: ClassVar[Literal["problem"]] = "problem"

    code: str | None
    """The protocol's code; null where it has none."""

    message: str
    """In words."""


DialogueFact = (
    SessionReady
    | UserSpeechStarted
    | UserSpeechStopped
    | UserTurnCommitted
    | UserTranscript
    | UserTranscriptFailed
    | AnswerStarted
    | AnswerText
    | AnswerAudioStarted
    | AnswerAudioStopped
    | AnswerAudioCleared
    | AnswerTruncated
    | AnswerEnded
    | ToolCalled
    | Problem
)
