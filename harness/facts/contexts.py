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
    """As ChatKit calls it: user_message, assistant_message, client_tool_call or widget; an action
    of a widget is a hidden_context_item."""

    text: str
    """Its words, after the names of what is attached; of a tool's call, its name."""


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


@dataclass(frozen=True, slots=True)
class PictureNotShown(HarnessFact):
    """A picture is in the thread, and the model of this call is told its name alone."""

    type: ClassVar[Literal["context.picture_not_shown"]] = "context.picture_not_shown"

    attachment_id: str
    """Its id in the thread."""

    name: str
    """Of the file."""

    why: str
    """In words."""

    error: str | None = None
    """Name of the error's class, where it is broken or cannot be made to fit; null for an older
    one of many."""


class FoundPassage(TypedDict):
    """A piece of a document that was found."""

    source: str
    """Which document."""

    score: float
    """How well it fits, by its retriever's own measure: more is better."""

    text: str
    """What the model got of it."""


@dataclass(frozen=True, slots=True)
class PassagesFound(HarnessFact):
    """Passages of the context's knowledge went into the session."""

    type: ClassVar[Literal["knowledge.found"]] = "knowledge.found"

    query: str
    """What was asked for."""

    passages: list[FoundPassage]
    """The best one first."""


@dataclass(frozen=True, slots=True)
class KnowledgeFailed(HarnessFact):
    """The context's knowledge could not be asked; the call goes on without."""

    type: ClassVar[Literal["knowledge.failed"]] = "knowledge.failed"

    query: str
    """What was asked for."""

    error: str
    """Name of the error's class."""

    message: str
    """What it said."""


class NotOffered(TypedDict):
    """A tool of a server that the model is not offered."""

    name: str
    """As the server calls it."""

    why: str
    """In words."""


@dataclass(frozen=True, slots=True)
class McpListed(HarnessFact):
    """A tool server (MCP) of the context has told which tools it has."""

    type: ClassVar[Literal["mcp.listed"]] = "mcp.listed"

    server: str
    """Its name in the context."""

    tools: list[str]
    """Those on offer, as the model calls them."""

    left_out: list[NotOffered]
    """Those that cannot be offered; those that the context does not want are not told."""


@dataclass(frozen=True, slots=True)
class McpCalled(HarnessFact):
    """A tool server has done what the model asked for."""

    type: ClassVar[Literal["mcp.called"]] = "mcp.called"

    server: str
    """Its name in the context."""

    tool: str
    """As the server calls it."""

    arguments: str
    """As JSON."""

    output: str
    """What the model got, up to its first 2000 characters."""


@dataclass(frozen=True, slots=True)
class McpRefused(HarnessFact):
    """A tool was not called: it needs somebody's yes each time, and nobody gave it."""

    type: ClassVar[Literal["mcp.refused"]] = "mcp.refused"

    server: str
    """Its name in the context."""

    tool: str
    """As the server calls it."""

    arguments: str
    """As JSON."""


@dataclass(frozen=True, slots=True)
class McpPrompted(HarnessFact):
    """A tool server has given a prompt, which is a part of the call's instructions."""

    type: ClassVar[Literal["mcp.prompted"]] = "mcp.prompted"

    server: str
    """Its name in the context."""

    prompt: str
    """As the server calls it."""

    arguments: str
    """As JSON."""

    text: str
    """What it says, its first 2000 characters."""


@dataclass(frozen=True, slots=True)
class McpFailed(HarnessFact):
    """A tool server, or one of its tools or prompts, failed; the call goes on without."""

    type: ClassVar[Literal["mcp.failed"]] = "mcp.failed"

    server: str
    """Its name in the context."""

    tool: str | None
    """Which tool was called, or prompt asked for; None: it was asked for its list."""

    error: str
    """Name of the error's class."""

    message: str
    """What it said."""


@dataclass(frozen=True, slots=True)
class ThinkingStarted(HarnessFact):
    """Long work has begun; the conversation goes on."""

    type: ClassVar[Literal["thinking.started"]] = "thinking.started"

    job: str
    """Its id, of this call."""

    tool: str
    """The tool that the model called."""

    arguments: str
    """As JSON."""


@dataclass(frozen=True, slots=True)
class ThinkingProgress(HarnessFact):
    """Long work tells how far it is."""

    type: ClassVar[Literal["thinking.progress"]] = "thinking.progress"

    job: str
    """Its id, of this call."""

    text: str
    """In its own words."""


@dataclass(frozen=True, slots=True)
class ThinkingEnded(HarnessFact):
    """Long work is over, whatever it came to."""

    type: ClassVar[Literal["thinking.ended"]] = "thinking.ended"

    job: str
    """Its id, of this call."""

    status: Literal["done", "failed", "replaced", "cancelled"]
    """`replaced`: a newer call of the tool ended it; `cancelled`: the call had ended before."""

    error: str | None
    """Name of the error's class; None where nothing went wrong."""

    text: str
    """The result, or what went wrong, up to its first 2000 characters."""


@dataclass(frozen=True, slots=True)
class ThinkingDelivered(HarnessFact):
    """What long work came to is told: put into the session, or into the thread alone."""

    type: ClassVar[Literal["thinking.delivered"]] = "thinking.delivered"

    job: str
    """Its id, of this call."""

    where: Literal["session", "thread"]
    """`thread`: the call was over."""

    waited_s: float
    """From its being there until then: neither side was to speak, seconds."""


ContextFact = (
    ContextBound
    | ContextReleased
    | ThreadItemKept
    | ThreadItemForgotten
    | ContextTrouble
    | PictureNotShown
    | PassagesFound
    | KnowledgeFailed
    | McpListed
    | McpCalled
    | McpPrompted
    | McpRefused
    | McpFailed
    | ThinkingStarted
    | ThinkingProgress
    | ThinkingEnded
    | ThinkingDelivered
)
