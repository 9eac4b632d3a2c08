"""Calls of function tools: each once, its result sent, and an answer asked for afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.errors import ProtocolError, ToolError, ToolFailed, ToolRefused, ToolTimeout
from harness.realtime.client.core import SessionCore
from harness.realtime.client.events import ToolCalled, ToolFinished
from harness.realtime.client.outputs import CancelTool, RunTool
from harness.realtime.client.responses import Responses
from harness.realtime.client.tools import Tool, error_text, output_text
from harness.realtime.items import Item
from harness.realtime.wire import Event


@dataclass(slots=True)
class _Call:
    call_id: str
    name: str
    response_id: str
    deadline_s: float | None
    is_finished: bool = False
    failed: bool = False
    output_id: str = ""
    """The item of its result."""


class ToolCalls:
    """The trigger is the finished item of a call; ``response.done`` catches what that missed.

    When every call of an answer has its result and the answer is done, one answer is requested.
    A call that was interrupted (``incomplete``) is not run; a call outside the conversation is
    only told of, since its result could not be put anywhere. Results of tools that are not ours
    (`is_by_hand`) are given by the caller.
    """

    def __init__(
        self,
        core: SessionCore,
        answers: Responses,
        tools: dict[str, Tool],
        is_by_hand: Callable[[str], bool],
    ) -> None:
        self._core = core
        self._answers = answers
        self._tools = tools
        self._is_by_hand = is_by_hand
        self._calls: dict[str, _Call] = {}
        self._to_follow: set[str] = set()
        """Responses whose calls want an answer in turn."""

        self._with_words: set[str] = set()
        """Responses that say something beside what they call."""

    @property
    def running(self) -> list[str]:
        """Ids of calls whose result is awaited."""
        return [call.call_id for call in self._calls.values() if not call.is_finished]

    def on_server_event(self, event: Event) -> None:
        """Look for calls in one checked server event."""
        if event["type"] == "response.output_item.done":
            self._look_at(event["item"], event["response_id"])
        elif event["type"] == "response.done":
            for item in event["response"].get("output") or []:
                self._look_at(item, event["response"]["id"])
        self._follow_up()

    def finished(self, call_id: str, output: object, error: BaseException | str | None) -> None:
        """The result of a call, from the shell or by hand; one that comes too late is dropped.

        Raises:
            ToolRefused: no tool call has this id.
        """
        call = self._calls.get(call_id)
        if call is None:
            raise ToolRefused(f"No tool call has the id {call_id}.", code="invalid_tool_call_id")
        if call.is_finished:
            return
        if error is None:
            try:
                self._finish(call, output_text(output), failed=False)
            except ValueError as problem:  # such as an object that contains itself
                self._fail(call, ToolFailed(f"What “{call.name}” gave is not JSON: {problem}"))
        else:
            self._fail(call, as_tool_error(call.name, error))

    def advance(self) -> None:
        """End calls that took too long, and tell the model."""
        for call in self._calls.values():
            if call.is_finished or call.deadline_s is None or self._core.now_s < call.deadline_s:
                continue
            self._core.put(CancelTool(call.call_id))
            self._fail(call, took_too_long(self._tools[call.name]))

    def abandon(self) -> None:
        """Nobody wants the results any more."""
        for call in self._calls.values():
            if not call.is_finished:
                call.is_finished = True
                self._core.put(CancelTool(call.call_id))
        self._to_follow.clear()

    def wake_at_s(self) -> float | None:
        open_calls = (call for call in self._calls.values() if not call.is_finished)
        deadlines = [call.deadline_s for call in open_calls if call.deadline_s is not None]
        return min(deadlines, default=None)

    def _look_at(self, item: Item, response_id: str) -> None:
        if item["type"] == "message":
            self._with_words.add(response_id)
        if item["type"] != "function_call" or item.get("status") != "completed":
            return
        call_id, name = item["call_id"], item["name"]
        if call_id in self._calls:
            return
        answer = self._answers.get(response_id)
        is_ours = not self._is_by_hand(name) and not (answer and answer.is_outside)
        self._core.notify(ToolCalled(call_id, name, item["arguments"], is_ours))
        if answer and answer.is_outside:
            return
        call = _Call(call_id, name, response_id, deadline_s=None)
        self._calls[call_id] = call
        self._to_follow.add(response_id)
        if is_ours:
            self._run(call, item["arguments"])

    def _run(self, call: _Call, arguments_text: str) -> None:
        tool = self._tools.get(call.name)
        if tool is None:
            error = ToolRefused(f"There is no tool “{call.name}”.", code="unknown_tool")
            return self._fail(call, error)
        try:
            arguments = tool.read_arguments(arguments_text)
        except ToolRefused as error:
            return self._fail(call, error)
        call.deadline_s = self._core.now_s + tool.time_limit_s
        self._core.put(RunTool(call.call_id, call.name, arguments, tool))
        return None

    def _fail(self, call: _Call, error: ToolError) -> None:
        self._core.report(error)
        self._finish(call, error_text(error), failed=True)

    def _finish(self, call: _Call, output: str, failed: bool) -> None:
        call.is_finished, call.failed = True, failed
        call.output_id = self._core.ids.item()
        item: Item = {
            "id": call.output_id,
            "type": "function_call_output",
            "call_id": call.call_id,
            "output": output,
        }
        self._core.command({"type": "conversation.item.create", "item": item})
        self._core.notify(ToolFinished(call.call_id, call.name, output, failed))
        self._follow_up()

    def _follow_up(self) -> None:
        """Ask for the answer once all calls of a done answer have their results."""
        for response_id in list(self._to_follow):
            answer = self._answers.get(response_id)
            is_done = answer is None or answer.done_s is not None
            calls = [call for call in self._calls.values() if call.response_id == response_id]
            if is_done and all(call.is_finished for call in calls):
                self._to_follow.remove(response_id)
                if self._want_answer(calls) and not self._answers.asking.will_answer():
                    output_ids = tuple(call.output_id for call in calls)
                    self._answers.ask({"type": "response.create"}, "tools", output_ids)

    def _want_answer(self, calls: list[_Call]) -> bool:
        """Whether somebody has to go on: not behind words beside which something was shown."""
        return any(
            call.failed
            or call.response_id not in self._with_words
            or (tool := self._tools.get(call.name)) is None
            or tool.wants_answer
            for call in calls
        )


def took_too_long(tool: Tool) -> ToolTimeout:
    """What a tool that is not done within its time is given up with."""
    message = f"The tool “{tool.name}” took longer than {tool.time_limit_s:g} s."
    return ToolTimeout(message, code="tool_timeout")


def as_tool_error(name: str, error: BaseException | str) -> ToolError:
    """What a tool raised, or why it is given up, as the model and the caller are told of it."""
    if isinstance(error, ToolError):
        return error
    if isinstance(error, TimeoutError):
        return ToolTimeout(f"The tool “{name}” took too long.", code="tool_timeout")
    found = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    message = error.message if isinstance(error, ProtocolError) else found
    result = ToolFailed(f"The tool “{name}” failed: {message}", code="tool_failed")
    result.__cause__ = error if isinstance(error, BaseException) else None
    return result
