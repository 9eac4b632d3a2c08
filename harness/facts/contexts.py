"""Facts of a conversation's context: what a call began with, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from typing_extensions import TypedDict

from harness.facts.fact import HarnessFact


class NotPutIn(TypedDict):
    """An item of a thread that the session did not get."""

    item_id: str
    """Its id in the thread."""

    why: str
    """In words."""


@dataclass(frozen=True, slots=True)
class ContextBound(HarnessFact):
    """The call has a context: its thread stands in front of the conversation."""

    type: ClassVar[Literal["context.bound"]] = "context.bound"

    name: str
    """As its definition calls it."""

    context_id: str
    """Id of the thread."""

    call: int
    """Which call of the context this is, from 1."""

    items: int
    """How many items were put into the session."""

    left_out: list[NotPutIn]
    """Those that were not."""

    took_s: float
    """From the call being up to the last item being in, seconds."""


@dataclass(frozen=True, slots=True)
class ContextReleased(HarnessFact):
    """The call goes on without its context."""

    type: ClassVar[Literal["context.released"]] = "context.released"

    name: str
    """As its definition calls it."""

    context_id: str
    """Id of the thread."""


@dataclass(frozen=True, slots=True)
class ThreadItemKept(HarnessFact):
    """Something said or written stands in the context's thread, or stands there changed."""

    type: ClassVar[Literal["thread.item"]] = "thread.item"

    context_id: str
    """Id of the thread."""

    item_id: str
    """Its id in the thread."""

    kind: str
    """As ChatKit calls it: user_message, assistant_message or client_tool_call."""

    text: str
    """Its words; of a tool's call, its name."""


@dataclass(frozen=True, slots=True)
class ThreadItemForgotten(HarnessFact):
    """An item was taken out of the thread again: nothing of it was heard."""

    type: ClassVar[Literal["thread.item_removed"]] = "thread.item_removed"

    context_id: str
    """Id of the thread."""

    item_id: str
    """Its id in the thread."""


@dataclass(frozen=True, slots=True)
class ContextTrouble(HarnessFact):
    """The context could not be read or written; the call goes on."""

    type: ClassVar[Literal["context.trouble"]] = "context.trouble"

    error: str
    """Name of the error's class."""

    message: str
    """What it said."""


ContextFact = ContextBound | ContextReleased | ThreadItemKept | ThreadItemForgotten | ContextTrouble
