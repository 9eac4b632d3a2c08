"""The events of a client session that tell of the conversation: turns, answers, tools.

`harness.realtime.client.events` has all events of a session, these among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from harness.facts.fact import Typed

# --- the user's turn -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UserSpeechStarted(Typed):
    """The server hears the user begin to speak."""

    type: ClassVar[Literal["user_speech_started"]] = "user_speech_started"

    item_id: str
    """The item that the turn will be."""

    audio_ms: float | None
    """Where in the audio that the server received, milliseconds; None where it does not say."""


@dataclass(frozen=True, slots=True)
class UserSpeechStopped(Typed):
    """The server hears that the user has ended."""

    type: ClassVar[Literal["user_speech_stopped"]] = "user_speech_stopped"

    item_id: str
    """The item that the turn is."""

    audio_ms: float | None
    """Where in the audio that the server received, milliseconds; None where it does not say."""


@dataclass(frozen=True, slots=True)
class UserTranscript(Typed):
    """What the server understood the user to say."""

    type: ClassVar[Literal["user_transcript"]] = "user_transcript"

    item_id: str
    """In which item."""

    text: str
    """The words."""


@dataclass(frozen=True, slots=True)
class UserTranscriptFailed(Typed):
    """The server could not transcribe the user."""

    type: ClassVar[Literal["user_transcript_failed"]] = "user_transcript_failed"

    item_id: str
    """Which item."""

    message: str
    """Why, in the server's words; "" where it does not say."""


# --- the assistant's answer ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerStarted(Typed):
    """The assistant begins an answer."""

    type: ClassVar[Literal["answer_started"]] = "answer_started"

    response_id: str
    """Its id from now on."""

    is_outside: bool
    """Whether it stays out of the conversation."""


@dataclass(frozen=True, slots=True)
class AnswerText(Typed):
    """More of an answer's transcript, or of its text."""

    type: ClassVar[Literal["answer_text"]] = "answer_text"

    response_id: str
    """Which answer."""

    item_id: str
    """Which of its items."""

    delta: str
    """What comes behind what came before."""


@dataclass(frozen=True, slots=True)
class AudioStarted(Typed):
    """The assistant is heard."""

    type: ClassVar[Literal["audio_started"]] = "audio_started"

    response_id: str
    """Which answer."""


@dataclass(frozen=True, slots=True)
class AudioEnded(Typed):
    """The assistant is not heard any more."""

    type: ClassVar[Literal["audio_ended"]] = "audio_ended"

    response_id: str
    """Which answer."""

    how: str
    """stopped, cleared, lost or unknown."""


@dataclass(frozen=True, slots=True)
class AnswerOver(Typed):
    """An answer is done, and played to its end, or cut."""

    type: ClassVar[Literal["answer_over"]] = "answer_over"

    response_id: str
    """Which answer."""

    status: str
    """completed, cancelled, incomplete or failed."""

    reason: str | None
    """Why it is not complete; None where there is no reason."""

    text: str
    """All of its transcript or text."""

    is_outside: bool
    """Whether it stays out of the conversation."""


# --- tools ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToolCalled(Typed):
    """The assistant calls a function."""

    type: ClassVar[Literal["tool_called"]] = "tool_called"

    call_id: str
    """To be given with the result."""

    name: str
    """Which function."""

    arguments: str
    """The JSON text as it came."""

    is_ours: bool
    """Whether the session calls it; else somebody has to give the result by hand."""


@dataclass(frozen=True, slots=True)
class ToolFinished(Typed):
    """A function has its result, which goes to the server."""

    type: ClassVar[Literal["tool_finished"]] = "tool_finished"

    call_id: str
    """Which call."""

    name: str
    """Which function."""

    output: str
    """The result as text, or what went wrong."""

    failed: bool
    """Whether it went wrong."""


@dataclass(frozen=True, slots=True)
class ToolsListed(Typed):
    """A remote tool server said what it has, or failed to."""

    type: ClassVar[Literal["tools_listed"]] = "tools_listed"

    server_label: str | None
    """Which server."""

    names: list[str | None]
    """Its tools."""

    failed: bool
    """Whether it failed."""


@dataclass(frozen=True, slots=True)
class ApprovalRequested(Typed):
    """A remote tool waits for yes or no."""

    type: ClassVar[Literal["approval_requested"]] = "approval_requested"

    approval_request_id: str
    """To be given with the answer."""

    server_label: str | None
    """Which server."""

    name: str | None
    """Which of its tools."""

    arguments: str | None
    """The JSON text as it came."""


ConversationEvent = (
    UserSpeechStarted
    | UserSpeechStopped
    | UserTranscript
    | UserTranscriptFailed
    | AnswerStarted
    | AnswerText
    | AudioStarted
    | AudioEnded
    | AnswerOver
    | ToolCalled
    | ToolFinished
    | ToolsListed
    | ApprovalRequested
)
