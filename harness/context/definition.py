"""Definitions of contexts: what a call is given, as data; from a YAML file or from Python.

The models are the schema: `harness/context/context.schema.json` is generated from them and a test
keeps it current.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from harness.context.long_work import LongWork
from harness.context.mcp_server import McpServer
from harness.context.parameters import check_parameters
from harness.plain_data import Data
from harness.realtime.widgets import SHOW_WIDGET

NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
REFERENCE = r"^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$"
HISTORY_TOKENS = 4000

KEPT = {"is_kept": True}
"""pydantic's context for a definition that was kept: what was let be once is not damaged today."""

SEARCH_KNOWLEDGE = "search_knowledge"
"""The tool by which the model looks into a context's knowledge."""

Owner = Literal["application", "user"]
WhenTaken = Literal["refuse", "wait"]


class ContextTool(Data):
    """A function that the model may call: one in Python, or one that is answered by hand."""

    name: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="as the model calls it; absent: the Python function's own",
    )
    description: str | None = Field(default=None, description="what the model is told about it")
    parameters: dict[str, Any] | None = Field(
        default=None, description="JSON schema of its arguments, where no Python function has them"
    )
    python: str | None = Field(
        default=None, pattern=REFERENCE, description="`module:function` that does the work"
    )
    long: LongWork | Literal[True] | None = Field(
        default=None,
        description="it takes longer than a conversation waits: the result is told later. `true` "
        "for a Python function",
    )

    @property
    def called(self) -> str:
        """As the model calls it."""
        return self.name or str(self.python).rpartition(":")[2]

    @property
    def long_work(self) -> LongWork | None:
        """Its long work; None where the conversation waits for it."""
        return LongWork() if self.long is True else self.long

    @model_validator(mode="after")
    def _is_whole(self, info: ValidationInfo) -> ContextTool:
        work = self.long_work
        if work is not None and work.is_done_elsewhere == (self.python is not None):
            raise ValueError("long work is done by one of `python`, `command` and `url`")
        if self.python is None and self.name is None:
            raise ValueError("a tool needs a `name`, or `python: module:function`")
        if self.python is not None and self.parameters is not None:
            raise ValueError("a Python function says its parameters itself: leave them out")
        if info.context is not KEPT:
            check_parameters(self.parameters or {})
        return self


class Knowledge(Data):
    """What a context knows from: files, a server that finds passages, or a retriever in Python."""

    files: list[str] = Field(
        default_factory=list,
        description="files, and folders with all that can be read in them (text, Markdown, HTML, "
        "PDF), relative to this one",
    )
    url: str | None = Field(
        default=None, pattern="^https?://", description="a server that finds passages"
    )
    python: str | None = Field(
        default=None, pattern=REFERENCE, description="`module:name` of a retriever"
    )
    by: Literal["words", "meaning", "both"] | None = Field(
        default=None,
        description="what passages of `files` share with a question: its `words` (the default), "
        "its `meaning`, or the best of `both`; the last two need `realtime-harness[meaning]`",
    )
    use: Literal["tool", "before"] = Field(
        default="tool",
        description="`tool`: the model asks for passages; `before`: what fits the user's words is "
        "put before each answer",
    )
    about: str | None = Field(
        default=None, description="what the model is told that can be found there"
    )
    passages: Annotated[int, Field(ge=1, le=10)] = Field(
        default=3, description="how many are found, at most"
    )

    @model_validator(mode="after")
    def _has_one_source(self) -> Knowledge:
        if sum(map(bool, (self.files, self.url, self.python))) != 1:
            raise ValueError("knowledge needs one of `files`, `url` and `python`")
        if self.by is not None and not self.files:
            raise ValueError("`by` is for `files`: another retriever finds in its own way")
        return self


class ContextDefinition(Data):
    """One context, as it begins."""

    name: Annotated[str, Field(pattern=NAME, max_length=80)]
    description: str = Field(default="", description="for people")
    owner: Owner = Field(
        default="application",
        description="`application`: one context for everybody; `user`: one for each user, which "
        "no other sees",
    )
    instructions: str | None = Field(
        default=None, description="what the model is told in every call, beside the session's own"
    )
    tools: list[ContextTool] = Field(default_factory=list, description="functions on offer")
    mcp: list[McpServer] = Field(
        default_factory=list, description="tool servers whose tools are on offer, too"
    )
    knowledge: Knowledge | None = Field(default=None, description="what the model can look into")
    folder: str | None = Field(
        default=None,
        description="where `python: module:name` is looked for first, relative to this file; "
        "absent: beside it",
    )
    widgets: bool = Field(
        default=False,
        description="true: the model may show ChatKit widgets in the thread, by a tool show_widget",
    )
    state: dict[str, Any] = Field(
        default_factory=dict,
        description="values to begin with; they stay between calls, and the model is told them",
    )
    metadata: dict[str, Any] = Field(
        default_factory=dict, description="your own notes; nobody is told"
    )
    history_tokens: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=HISTORY_TOKENS,
        description="how much of the thread a call begins with, the newest of it; 0: nothing",
    )
    calls: WhenTaken = Field(
        default="refuse",
        description="a second call while one goes on: `refuse` it, or let it `wait` for the end",
    )
    expires_after_days: Annotated[float, Field(gt=0, le=36_500)] | None = Field(
        default=None, description="so long after the last change it is over; absent: never"
    )

    @field_validator("tools")
    @classmethod
    def _names_differ(cls, tools: list[ContextTool]) -> list[ContextTool]:
        names = [tool.called for tool in tools]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two tools are called “{name}”")
        return tools

    @model_validator(mode="after")
    def _own_tools_are_not_ours(self, info: ValidationInfo) -> ContextDefinition:
        names = {tool.called for tool in self.tools}
        if self.widgets and SHOW_WIDGET in names:
            raise ValueError(f"with `widgets: true` no other tool is called “{SHOW_WIDGET}”")
        is_asked = self.knowledge is not None and self.knowledge.use == "tool"
        if is_asked and SEARCH_KNOWLEDGE in names and info.context is not KEPT:
            raise ValueError(f"with `knowledge` no other tool is called “{SEARCH_KNOWLEDGE}”")
        return self

    @field_validator("mcp")
    @classmethod
    def _servers_differ(cls, servers: list[McpServer]) -> list[McpServer]:
        names = [server.name for server in servers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two tool servers are called “{name}”")
        return servers


def without_tools(definition: ContextDefinition) -> ContextDefinition:
    """A context as far as it does nothing: its instructions, its state, its thread."""
    nothing: dict[str, Any] = {"tools": [], "mcp": [], "knowledge": None, "widgets": False}
    return definition.model_copy(update=nothing)


def without_hands(definition: ContextDefinition) -> ContextDefinition:
    """A context where nobody answers by hand: without the tools that wait for somebody."""
    own = [tool for tool in definition.tools if tool.python is not None or tool.long is not None]
    return definition.model_copy(update={"tools": own})
