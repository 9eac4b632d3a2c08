"""The interface of an assistant: somebody who is asked, and answers in pieces.

An assistant has one method, `answer`. It gets a `Prompt` and yields `Say`, `Play`, `Show`,
`UseTool`, `Wait` and `InjectFault`, in the order in which the user shall get them. A plain
generator answers at once, inside the session, so it must not wait for anything; an async generator
takes its time beside the session, and is closed when the answer is cancelled or interrupted.
Yielding nothing is a silent answer. What it raises fails the response: an `AssistantError` with its
code and message, anything else as ``assistant_failed``, with the details in the server's log alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from harness.audio.clip import MonoFloat32
from harness.realtime.items import Item

ASSISTANT_RATE_HZ = 24_000
"""Rate of all samples an assistant gets and gives."""

ToolOutcome = Literal["ok", "failed", "refused"]
"""How a tool ended. A function's result is "ok" whatever it says; a remote tool may fail, or be
refused by the client."""

MOST_PIECES = 1_000
"""A plain generator is asked for no more than this."""


@dataclass(frozen=True, slots=True)
class Say:
    """Words, or a part of some: what follows each other is one message.

    The first sentence is spoken while the rest is still to come.
    """

    text: str

    voice: str | None = None
    """The synthesiser's voice; None for the session's. The first `Say` of a message decides."""

    speed: float = 1.0
    """Rate of speech, times the session's own. The first `Say` of a message decides."""


@dataclass(frozen=True, slots=True, eq=False)
class Play:
    """Sound as it is, instead of words to be spoken."""

    samples: MonoFloat32
    """float32 at 24 kHz, shape (frames,)."""

    transcript: str
    """What it says."""

    early_s: float = 0.0
    """It comes this much before it is to be heard. At least one frame of playback, 20 ms: then it
    begins where it should, to the sample, and not with the next frame. The first of a message
    decides."""


@dataclass(frozen=True, slots=True)
class Show:
    """A widget in a written conversation.

    In a call it is a call of the function `show_widget`, or left out where none is offered.
    """

    widget: dict[str, Any]
    """A ChatKit widget: a ``Card``, a ``ListView`` or a ``Basic``, as JSON."""

    copy_text: str | None = None
    """What it says in words."""


@dataclass(frozen=True, slots=True)
class UseTool:
    """A call of a function or a remote tool. The session must offer it, or the response fails."""

    name: str

    arguments_text: str = "{}"
    """JSON, as it goes over the wire."""

    server_label: str | None = None
    """The remote server to ask; None for a function, else the first remote server that has it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Time that passes before the next piece."""

    seconds: float

    since_asked: bool = False
    """Counted from when the response was created, whatever has passed of it by now; after a spoken
    turn from where that was over by its samples, which is noticed some ms before or after."""


@dataclass(frozen=True, slots=True)
class InjectFault:
    """Faults of this answer, from here on; see `harness.realtime.faults.parse`."""

    faults: tuple[Any, ...]


Piece = Say | Play | Show | UseTool | Wait | InjectFault


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a response answers."""

    text: str = ""
    """What the user said or wrote last; "" where nothing was understood."""

    turn: int = 0
    """Number of the user's turn, counted from 1; 0 before the first."""

    tool: str | None = None
    """Name of the tool whose result came last, if that is what is answered."""

    tool_result: str = ""
    """That result; where the tool failed or was refused, the reason."""

    outcome: ToolOutcome | None = None
    """How that tool ended."""

    action: str | None = None
    """Type of a widget's action that the user has just set off, in a written conversation."""

    action_payload: str = ""
    """What came with it, as JSON."""

    is_greeting: bool = False
    """Nothing new from the user."""

    is_idle: bool = False
    """The user was silent for too long."""

    instructions: str = ""
    """In force for this response."""

    tools: tuple[dict[str, Any], ...] = ()
    """The functions on offer, as the session has them."""

    tool_choice: Any = "auto"
    """As the session has it: "auto", "none", "required", or an object naming a function."""

    items: tuple[Item, ...] = field(default=(), repr=False, compare=False)
    """The conversation up to here, as items of the protocol, with the words that are known.

    Of a long one, what the session's ``truncation`` leaves."""

    samples: MonoFloat32 | None = field(default=None, repr=False, compare=False)
    """The audio of the user's last turn (float32 at 24 kHz), where they spoke."""


class Assistant(Protocol):
    """Answers prompts. One object serves all calls; what it keeps, it keeps for all of them."""

    def answer(self, prompt: Prompt) -> Iterable[Piece] | AsyncIterator[Piece]:
        """The pieces of one answer.

        Raises:
            AssistantError: here or while it yields; its code and message reach the client.
        """
        ...


def reads_history(assistant: Assistant) -> bool:
    """Whether all of the user's audio has to be recognised before it is asked.

    An assistant says so with an attribute ``reads_history = True``; otherwise the words of the
    turn that it answers will do.
    """
    return bool(getattr(assistant, "reads_history", False))
