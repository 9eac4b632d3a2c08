"""Output items about remote tools while they are made: the call, and the request to be allowed."""

from __future__ import annotations

import json
from typing import Any

from harness.realtime import items
from harness.realtime.items import Item
from harness.realtime.server.mcp_servers import SHELL_GRACE_S
from harness.realtime.server.output_items import (
    ARGUMENTS_DELTA_CHARS,
    SECONDS_PER_TEXT_DELTA,
    OutputContext,
)
from harness.realtime.server.outputs import CallTool, StopRemote
from harness.realtime.server.tokens import text_tokens
from harness.realtime.server.validation.mcp_values import (
    CALL_WITHIN_S,
    TIMED_OUT,
    RemoteFailure,
    RemoteResult,
    WantedCall,
)

INVALID_PARAMS = -32602
"""JSON-RPC's code for arguments that a method cannot take."""


class RemoteCall:
    """A call, from its arguments to the server's answer.

    The answer comes through `receive`; until then the response waits.
    """

    def __init__(self, context: OutputContext, output_index: int, wanted: WantedCall) -> None:
        self.item: Item | None = None
        self.is_finished = False
        self._context = context
        self._state = context.state
        self._index = output_index
        self._wanted = wanted
        self._item_id: str | None = None
        self._sent_chars = 0
        self._job_id: str | None = None
        self._result: RemoteResult | None = None
        self._due_s = 0.0

    def start(self, now_s: float) -> None:
        self._due_s = now_s

    def due_s(self) -> float | None:
        return None if self.is_finished else self._due_s

    def owns(self, job_id: str) -> bool:
        """Whether a job is this call's, and it still waits for it."""
        return job_id == self._job_id and not self.is_finished

    def on_result(self, result: RemoteResult, now_s: float) -> None:
        """What the server answered."""
        self._result = result
        self._due_s = now_s

    def step(self) -> None:
        if self._job_id is not None:
            self._end(self._result or self._too_late())
            return
        if self._item_id is None:
            self._announce()
        text = self._wanted.arguments_text
        delta = text[self._sent_chars : self._sent_chars + ARGUMENTS_DELTA_CHARS]
        self._sent_chars += len(delta)
        self._context.spent.text += text_tokens(delta)
        self._state.send_delta("response.mcp_call_arguments.delta", **self._where(), delta=delta)
        self._due_s += SECONDS_PER_TEXT_DELTA
        if self._sent_chars == len(text):
            self._call()

    def stop(self) -> None:
        """The answer that wanted the call was cut; a call that is out is given up."""
        if self.is_finished:
            return
        message = "The call was not made: the response was interrupted."
        if self._job_id is not None:
            self._state.put(StopRemote(self._job_id))
            message = "The call was given up: the response was interrupted."
        elif self._item_id is not None:
            self._say_arguments()
        failure = RemoteFailure("tool_execution_error", message)
        self._end(RemoteResult(failure=failure))

    def _announce(self) -> None:
        self._item_id = self._state.new_item_id()
        self._context.spent.text += text_tokens(self._wanted.name)
        self._state.busy_item_ids.add(self._item_id)
        self._context.announce(self._as_item(), self._index)

    def _call(self) -> None:
        self._say_arguments()
        where = {"item_id": self._item_id, "output_index": self._index}
        self._state.send("response.mcp_call.in_progress", **where)
        self._job_id = self._state.new_job_id()
        failure = self._refusal()
        if failure is not None:
            self._result = RemoteResult(failure=failure)
            return
        arguments = json.loads(self._wanted.arguments_text or "{}")
        server, name = self._wanted.server, self._wanted.name
        self._state.put(CallTool(self._job_id, server, name, arguments, CALL_WITHIN_S))
        self._due_s += CALL_WITHIN_S + SHELL_GRACE_S

    def _refusal(self) -> RemoteFailure | None:
        if self._wanted.is_forbidden:
            message = "The call needs approval, which only a response on the conversation can get."
            return RemoteFailure("tool_execution_error", message)
        try:
            is_object = isinstance(json.loads(self._wanted.arguments_text or "{}"), dict)
        except (ValueError, RecursionError):
            is_object = False
        if is_object:
            return None
        message = "The arguments are not a JSON object."
        return RemoteFailure("protocol_error", message, INVALID_PARAMS)

    def _too_late(self) -> RemoteResult:
        self._state.put(StopRemote(str(self._job_id)))
        message = f"The server gave no answer within {CALL_WITHIN_S:g} s."
        return RemoteResult(failure=RemoteFailure("protocol_error", message, TIMED_OUT))

    def _say_arguments(self) -> None:
        sent = self._wanted.arguments_text[: self._sent_chars]
        self._state.send("response.mcp_call_arguments.done", **self._where(), arguments=sent)

    def _where(self) -> dict[str, Any]:
        return {
            "response_id": self._context.response_id,
            "item_id": self._item_id,
            "output_index": self._index,
        }

    def _as_item(self, **more: Any) -> Item:
        wanted = self._wanted
        sent = wanted.arguments_text[: self._sent_chars]
        more["approval_request_id"] = wanted.approval_request_id
        return items.mcp_call(str(self._item_id), wanted.server.label, wanted.name, sent, **more)

    def _end(self, result: RemoteResult) -> None:
        self.is_finished = True
        if self._item_id is None:
            return
        error = result.failure.as_error() if result.failure is not None else None
        how = "failed" if error else "completed"
        where = {"item_id": self._item_id, "output_index": self._index}
        self._state.send(f"response.mcp_call.{how}", **where)
        self._state.busy_item_ids.discard(self._item_id)
        self.item = self._as_item(output=result.output, error=error)
        self._context.conclude(self.item, self._index)


class ApprovalRequest:
    """A request to be allowed to make a call; the client answers with an item of its own."""

    def __init__(self, context: OutputContext, output_index: int, wanted: WantedCall) -> None:
        self.item: Item | None = None
        self.is_finished = False
        self.wanted = wanted
        self._context = context
        self._index = output_index
        self._due_s = 0.0

    def start(self, now_s: float) -> None:
        self._due_s = now_s

    def due_s(self) -> float | None:
        return None if self.is_finished else self._due_s

    def step(self) -> None:
        self.is_finished = True
        wanted, context = self.wanted, self._context
        item_id = context.state.new_item_id()
        item = items.mcp_approval_request(
            item_id, wanted.server.label, wanted.name, wanted.arguments_text
        )
        context.spent.text += text_tokens(wanted.name + wanted.arguments_text)
        context.state.open_approvals[item_id] = wanted
        context.announce(item, self._index)
        context.conclude(item, self._index)
        self.item = item

    def stop(self) -> None:
        self.is_finished = True
