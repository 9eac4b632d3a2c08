"""Findings of answers on the Realtime wire: asked for twice, tools without a result, no answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from harness.facts.call import ProtocolRecognised, SecondCall
from harness.facts.dialogue import AnswerEnded, AnswerStarted, ToolCalled, UserTurnCommitted
from harness.findings.finding import Finding, Severity
from harness.findings.rule import Overdue, Rule
from harness.findings.seen import Message, Seen
from harness.findings.session import error_in_words
from harness.findings.state import CallState, in_conversation
from harness.protocols.live import LiveProtocol
from harness.protocols.realtime import RealtimeProtocol

TOOL_S = 10.0
"""A function that takes longer lets the user wait in silence."""

ASKED_AFTER_TOOL_S = 4.0
"""After a tool's result, the next response is asked for at once."""

ANSWER_S = 8.0
"""After a turn is committed, an answer begins in about a second."""

FUNCTIONS_OF_PAGE = frozenset({RealtimeProtocol.name, LiveProtocol.name})
"""Protocols whose functions are the page's to answer; elsewhere a bot may have run them itself."""

ACTIVE = "conversation_already_has_active_response"


class ResponseAskedTwice(Finding):
    """The page asked for a response, and again before the first one had begun."""

    name: ClassVar[str] = "response_asked_twice"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Send response.create once a turn: look for two handlers of one event, or for a page that "
        "asks by hand while turn detection asks by itself (create_response)."
    )


class ResponseWhileActive(Finding):
    """The page asked for a response while another one was running."""

    name: ClassVar[str] = "response_while_active"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Wait for response.done, or send response.cancel first; one beside the conversation has "
        "`conversation: 'none'`."
    )


class ToolResultMissing(Finding):
    """The assistant called a function, and the page never gave its result."""

    name: ClassVar[str] = "tool_result_missing"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Send conversation.item.create with a function_call_output of the same call_id, also where "
        "the function failed, and then response.create."
    )


class ToolResultTwice(Finding):
    """The page gave the result of one function call twice."""

    name: ClassVar[str] = "tool_result_twice"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Answer each call_id once: take calls from response.done alone, not also from "
        "response.function_call_arguments.done."
    )


class ToolResultUnused(Finding):
    """The page gave a function's result and did not ask the assistant to go on."""

    name: ClassVar[str] = "tool_result_unused"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = "Send response.create after the function_call_output."


class TurnNeverAnswered(Finding):
    """The user's turn was committed, and no answer began."""

    name: ClassVar[str] = "turn_never_answered"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Where turn detection is off, or its create_response is false, send response.create after "
        "input_audio_buffer.committed."
    )


class AnswerFailed(Finding):
    """The server began an answer, and it failed."""

    name: ClassVar[str] = "answer_failed"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Look at the reason; show it to the user, and ask again where the server was too busy."
    )


class AnswerIncomplete(Finding):
    """An answer was cut by a limit, in the middle of what it had to say."""

    name: ClassVar[str] = "answer_incomplete"
    severity: ClassVar[Severity] = "warning"
    to_do: ClassVar[str] = (
        "Raise max_output_tokens, ask for shorter answers, or see what the content filter caught."
    )


class TwoCalls(Finding):
    """The page holds two calls at once: two voices answer one turn."""

    name: ClassVar[str] = "two_calls"
    severity: ClassVar[Severity] = "error"
    to_do: ClassVar[str] = (
        "Begin a call once: switch the button off while it connects, and close the old connection "
        "before a new one (in React, in the effect's clean-up)."
    )


class AskingRule(Rule):
    """response.create at the wrong moment."""

    finds = (ResponseAskedTwice, ResponseWhileActive)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._asked: dict[str, Seen] = {}
        self._running: dict[str, Seen] = {}
        self._told: set[str] = set()

    def on(self, seen: Seen) -> Iterator[Finding]:
        """Only responses in the conversation exclude each other."""
        message = seen.message
        if message is None:
            return
        if message.type == "response.create" and message.direction == "sent":
            if in_conversation(message):
                yield from self._create(seen, message.carrier)
        elif seen.is_received("response.created") and in_conversation(message):
            self._asked.pop(message.carrier, None)
            self._running[message.carrier] = seen
        elif seen.is_received("response.done"):
            self._running.pop(message.carrier, None)
        elif seen.is_received("error"):
            self._asked.pop(message.carrier, None)
            if message.text("error", "code") == ACTIVE and message.carrier not in self._told:
                cause = f"The server refused it: {error_in_words(message.part('error'))}."
                yield ResponseWhileActive.by(cause, seen.event)

    def _create(self, seen: Seen, carrier: str) -> Iterator[Finding]:
        before = self._asked.get(carrier)
        running = self._running.get(carrier)
        if before is not None:
            apart_s = seen.t_s - before.t_s
            cause = (
                f"response.create was sent twice, {apart_s:.2f} s apart, with no response between."
            )
            yield ResponseAskedTwice.by(cause, seen.event, before.event)
            self._told.add(carrier)
        elif running is not None:
            cause = "response.create was sent between response.created and response.done."
            yield ResponseWhileActive.by(cause, seen.event, running.event)
            self._told.add(carrier)
        self._asked[carrier] = seen


class ToolRule(Rule):
    """Results of functions."""

    finds = (ToolResultMissing, ToolResultTwice, ToolResultUnused)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._calls = Overdue(TOOL_S)
        self._given: dict[str, Seen] = {}
        self._unused = Overdue(ASKED_AFTER_TOOL_S)
        self._is_for_page = True

    def on(self, seen: Seen) -> Iterator[Finding]:
        """A call waits for its result, a result for a response."""
        match seen.fact:
            case ProtocolRecognised(protocol=name):
                self._is_for_page = name in FUNCTIONS_OF_PAGE
            case ToolCalled(call_id=call_id) if self._is_for_page and call_id not in self._given:
                self._calls.wait(call_id, seen)
        if sent := seen.is_sent("conversation.item.create"):
            yield from self._result(seen, sent)
        elif (m := seen.message) and m.type in ("response.create", "response.created"):
            self._unused.came(m.carrier)
        yield from self._late(seen.t_s)

    def at_end(self, t_s: float) -> Iterator[Finding]:
        """A call that ends before its tool's time is up is no fault of the page."""
        yield from self._late(t_s)

    def _result(self, seen: Seen, sent: Message) -> Iterator[Finding]:
        call_id = sent.text("item", "call_id")
        if sent.text("item", "type") != "function_call_output":
            return
        self._calls.came(call_id)
        if before := self._given.get(call_id):
            cause = f"function_call_output of {call_id} was sent twice."
            yield ToolResultTwice.by(cause, seen.event, before.event)
        self._given[call_id] = seen
        self._unused.wait(sent.carrier, seen)

    def _late(self, now_s: float) -> Iterator[Finding]:
        for _, called in self._calls.due(now_s):
            assert isinstance(called.fact, ToolCalled)
            cause = f"“{called.fact.name}” was called, and for {TOOL_S:g} s no result came."
            yield ToolResultMissing.by(cause, called.event)
        for _, given in self._unused.due(now_s):
            cause = f"For {ASKED_AFTER_TOOL_S:g} s after the result no response was asked for."
            yield ToolResultUnused.by(cause, given.event)


class TurnRule(Rule):
    """Turns that get no answer, and answers that come to nothing."""

    finds = (TurnNeverAnswered, AnswerFailed, AnswerIncomplete)

    def __init__(self, state: CallState) -> None:
        super().__init__(state)
        self._turns = Overdue(ANSWER_S)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """A turn waits for an answer to begin."""
        match seen.fact:
            case UserTurnCommitted():
                self._turns.wait("turn", seen)
            case AnswerStarted():
                self._turns.clear()
            case AnswerEnded(status="failed", reason=reason):
                cause = f"The answer failed: {reason or 'no reason was given'}.".replace("..", ".")
                yield AnswerFailed.by(cause, seen.event)
            case AnswerEnded(status="incomplete", reason=reason):
                cause = f"The answer is incomplete: {reason or 'no reason was given'}."
                yield AnswerIncomplete.by(cause, seen.event)
        if self.state.ending is None:
            yield from self._unanswered(seen.t_s)

    def _unanswered(self, now_s: float) -> Iterator[Finding]:
        for _, turn in self._turns.due(now_s):
            off = self.state.switched_off("create_response")
            why = f"; {off}, and nobody sent response.create" if off else ""
            cause = f"For {ANSWER_S:g} s after the user's turn no answer began{why}."
            yield TurnNeverAnswered.by(cause, turn.event)


class SecondCallRule(Rule):
    """Calls beside a call."""

    finds = (TwoCalls,)

    def on(self, seen: Seen) -> Iterator[Finding]:
        """As the harness has counted them."""
        if isinstance(seen.fact, SecondCall):
            cause = f"Call {seen.fact.calls} was opened while another was open."
            yield TwoCalls.by(cause, seen.event)


RULES = (AskingRule, ToolRule, TurnRule, SecondCallRule)
