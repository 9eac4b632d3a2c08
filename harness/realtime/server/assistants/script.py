"""The scripted assistant: rules as data, the first that matches wins."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from harness.plain_data import Data, RegularExpression
from harness.realtime.faults.parse import Faults, for_an_answer
from harness.realtime.items import is_user_message, text_of
from harness.realtime.server.assistants.assistant import (
    InjectFault,
    Piece,
    Prompt,
    Say,
    Show,
    ToolOutcome,
    UseTool,
    Wait,
)
from harness.realtime.widgets import SHOW_WIDGET
from harness.speech.words import can_be_looked_for, contains_words

WHEN_NOT_UNDERSTOOD = "Sorry, I did not catch that."
WHEN_IDLE = "Are you still there?"
WHEN_GREETING = "Hello! How can I help you?"
WHEN_TOOL_ANSWERED = "Thank you, that is done."
WHEN_TOOL_FAILED = "I am sorry, that did not work."
WHEN_TOOL_REFUSED = "All right, I will not do that."
LONGEST_REPEAT_CHARS = 300


class When(Data):
    """The condition of a rule. Everything given must hold; nothing given always holds."""

    words: list[str] | None = Field(
        default=None, description="words the user said, in any order, in any spelling"
    )
    pattern: RegularExpression | None = Field(
        default=None, description="a regular expression found in what the user said (case ignored)"
    )
    known: RegularExpression | None = Field(
        default=None,
        description="a regular expression found in what was said before, by either side, or in the "
        "instructions (case ignored)",
    )
    turn: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="the number of the user's turn, counted from 1"
    )
    tool: str | None = Field(
        default=None, description="a tool of this name has just given its result"
    )
    result: RegularExpression | None = Field(
        default=None,
        description="a regular expression found in that tool's result, or in what came with that "
        "action (case ignored)",
    )
    outcome: ToolOutcome | None = Field(
        default=None, description="how that tool ended: ok, failed, or refused by the client"
    )
    action: str | None = Field(
        default=None, description="a widget's action of this type was set off"
    )
    greeting: bool | None = Field(
        default=None,
        description="true: the assistant is asked to speak before the user said anything new",
    )
    idle: bool | None = Field(
        default=None, description="true: the user has been silent for too long"
    )

    @field_validator("words")
    @classmethod
    def _read_the_dictionary(cls, words: list[str] | None) -> list[str] | None:
        contains_words("hello", words or ())  # 0.03 s the first time: now, and not within a turn
        return words


class ToolCall(Data):
    """A tool the assistant calls: a function of the client's, or a remote (MCP) tool."""

    name: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    server_label: str | None = Field(
        default=None, description="the remote server; absent: a function, else any that has it"
    )

    @property
    def arguments_text(self) -> str:
        """The arguments as the JSON text that goes over the wire."""
        return json.dumps(self.arguments, ensure_ascii=False)


class Rule(Data):
    """When this holds, say that, call this, or stay silent."""

    when: When = Field(default_factory=When, description="absent: always")
    say: str | None = Field(
        default=None, description="what the assistant says, any number of sentences"
    )
    widget: dict[str, Any] | None = Field(
        default=None,
        description="a ChatKit widget that a chat shows, or a call whose context has widgets",
    )
    call: ToolCall | list[ToolCall] | None = Field(
        default=None, description="tools the assistant calls, after what it says"
    )
    silent: bool = Field(default=False, description="true: an answer without any output")
    delay_ms: Annotated[int, Field(ge=0, le=600_000)] = Field(
        default=0, description="how long the assistant thinks before it speaks"
    )
    faults: Faults = Field(default=(), description="what goes wrong with this answer")

    @field_validator("faults")
    @classmethod
    def _concern_an_answer(cls, faults: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(for_an_answer(faults))

    @model_validator(mode="after")
    def _does_one_thing(self) -> Rule:
        does_something = self.say is not None or bool(self.calls) or self.widget is not None
        if self.silent and does_something:
            raise ValueError("a silent rule cannot `say` or `call` anything, or show a widget")
        if not self.silent and not does_something:
            raise ValueError("a rule needs `say`, `call`, `widget` or `silent: true`")
        return self

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The tools that the rule calls, in order."""
        if self.call is None:
            return ()
        return (self.call,) if isinstance(self.call, ToolCall) else tuple(self.call)


class Script(Data):
    """The scripted assistant."""

    voice: str | None = Field(
        default=None, description="the synthesiser's voice; absent: the session's"
    )
    speed: Annotated[float, Field(ge=0.25, le=4.0)] | None = Field(
        default=None, description="rate of speech, times the session's own; 1.0 is normal"
    )
    rules: list[Rule] = Field(default_factory=list, description="the first that matches wins")
    faults: Faults = Field(default=(), description="what goes wrong with requests and calls")

    @property
    def all_faults(self) -> tuple[Any, ...]:
        """Its own, and those of its rules."""
        return (*self.faults, *(fault for rule in self.rules for fault in rule.faults))

    @property
    def reads_history(self) -> bool:
        """Whether it needs the words of all turns, and not of the last one alone."""
        return any(rule.when.known is not None for rule in self.rules)

    def answer(self, prompt: Prompt) -> Iterator[Piece]:
        """What the first rule that holds says and does."""
        reply = choose_reply(self, prompt)
        if reply.delay_s:
            yield Wait(reply.delay_s)
        if reply.faults:
            yield InjectFault(reply.faults)
        if reply.say is not None:
            yield Say(reply.say, self.voice, self.speed or 1.0)
        if reply.widget is not None:
            yield Show(reply.widget)
        for call in reply.calls:
            yield UseTool(call.name, call.arguments_text, call.server_label)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the assistant does about it. Nothing at all is a silent answer."""

    say: str | None = None
    calls: tuple[ToolCall, ...] = ()
    delay_s: float = 0.0
    faults: tuple[Any, ...] = ()
    widget: dict[str, Any] | None = None


def choose_reply(script: Script, prompt: Prompt) -> Reply:
    """The first rule that matches, else a polite default that repeats what was understood."""
    for rule in script.rules:
        if _holds(rule.when, prompt) and _is_meant_for(rule, prompt):
            delay_s = rule.delay_ms / 1000
            return Reply(rule.say, rule.calls, delay_s, rule.faults, rule.widget)
    if prompt.tool == SHOW_WIDGET:
        return Reply()
    return Reply(_default_line(prompt))


def _holds(when: When, prompt: Prompt) -> bool:
    checks = (
        when.words is None or _has_words(prompt.text, when.words),
        when.pattern is None or re.search(when.pattern, prompt.text, re.IGNORECASE) is not None,
        when.known is None or _is_known(when.known, prompt),
        when.turn is None or when.turn == prompt.turn,
        when.tool is None or when.tool == prompt.tool,
        when.result is None or _is_in_result(when.result, prompt),
        when.outcome is None or when.outcome == prompt.outcome,
        when.action is None or when.action == prompt.action,
        when.greeting is None or when.greeting == prompt.is_greeting,
        when.idle is None or when.idle == prompt.is_idle,
    )
    return all(checks)


def _is_meant_for(rule: Rule, prompt: Prompt) -> bool:
    """Whether a rule that holds was also meant for this moment.

    A rule about what the user says answers a tool's result, a greeting or an idle moment only if
    it names that moment too; and a tool's result leads to another call only where a rule says so,
    or "always call it" would call for ever.
    """
    when = rule.when
    about_user = when.words is not None or when.pattern is not None or when.turn is not None
    about_tool = when.tool is not None or when.result is not None or when.outcome is not None
    if prompt.tool == SHOW_WIDGET and not about_tool:
        return False  # the client says that it is shown, and nobody wants an answer to that
    if prompt.tool is not None and not about_tool:
        return not about_user and not rule.calls
    if prompt.action is not None and when.action is None:
        return not about_user
    if prompt.is_greeting and when.greeting is None:
        return not about_user
    if prompt.is_idle and when.idle is None:
        return not about_user
    return True


def _is_known(pattern: str, prompt: Prompt) -> bool:
    """Whether it was said before the words that are answered, or stands in the instructions."""
    last = max((n for n, one in enumerate(prompt.items) if is_user_message(one)), default=-1)
    said = [text_of(one) for n, one in enumerate(prompt.items) if n != last]
    known = "\n".join([prompt.instructions, *said])
    return re.search(pattern, known, re.IGNORECASE) is not None


def _is_in_result(pattern: str, prompt: Prompt) -> bool:
    result = prompt.tool_result if prompt.tool is not None else prompt.action_payload
    has_one = prompt.tool is not None or prompt.action is not None
    return has_one and re.search(pattern, result, re.IGNORECASE) is not None


def _has_words(text: str, words: list[str]) -> bool:
    """Whether they were said, compared as the expectations of a scenario are."""
    spoken = f" {_plain(text)} "  # most are written as they were heard, and that costs nothing
    other = [word for word in words if f" {_plain(word)} " not in spoken]
    return all(map(can_be_looked_for, other)) and contains_words(text, other)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower().replace("’", "'")))


_TOOL_LINES: dict[ToolOutcome, str] = {
    "ok": WHEN_TOOL_ANSWERED,
    "failed": WHEN_TOOL_FAILED,
    "refused": WHEN_TOOL_REFUSED,
}


def _default_line(prompt: Prompt) -> str:
    if prompt.is_idle:
        return WHEN_IDLE
    if prompt.tool is not None or prompt.action is not None:
        return _TOOL_LINES[prompt.outcome or "ok"]
    if prompt.is_greeting:
        return WHEN_GREETING
    if not prompt.text.strip():
        return WHEN_NOT_UNDERSTOOD
    return f"You said: {prompt.text.strip()[:LONGEST_REPEAT_CHARS]}"
