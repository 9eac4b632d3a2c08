"""Responses stream events as a Live session nests them: one backend response from begin to end.

Snapshots are slim, as the service's: no input, no instructions, no tools, and no output even in the
last one, so whoever wants the calls collects them from ``response.output_item.done``.
"""

from __future__ import annotations

from typing import Any

from harness.live.state import LiveState
from harness.realtime.items import function_call
from harness.realtime.server.tokens import text_tokens


class BackendStream:
    """One response of the backend.

    Args:
        delegation_id: that it works for; None where a client asked for it by itself.
    """

    def __init__(self, state: LiveState, delegation_id: str | None) -> None:
        self.response_id = state.ids.response()
        self.calls: dict[str, str] = {}
        """Names of the functions that it called, by call id."""

        self.is_over = False
        self._state = state
        self._delegation_id = delegation_id
        self._created_at = state.unix_s
        self._sequence = 0
        self._outputs = 0
        self._message: tuple[str, int] | None = None
        self._text = ""
        self._tokens = 0

    def begin(self) -> None:
        """It runs."""
        self._send("response.created", response=self._snapshot("in_progress"))
        self._send("response.in_progress", response=self._snapshot("in_progress"))

    def call(self, name: str, arguments: str) -> str:
        """It calls a function; gives the call's id."""
        self.end_message()
        item_id, call_id = f"fc_{self._state.ids.letters(21)}", self._state.ids.function_call()
        where = {"output_index": self._outputs, "item_id": item_id}
        index = {"output_index": self._outputs}
        self._outputs += 1
        self.calls[call_id] = name
        empty = function_call(item_id, call_id, name, "", "in_progress")
        self._send("response.output_item.added", **index, item=empty)
        self._send("response.function_call_arguments.delta", **where, delta=arguments)
        self._send("response.function_call_arguments.done", **where, arguments=arguments)
        whole = function_call(item_id, call_id, name, arguments, "completed")
        self._send("response.output_item.done", **index, item=whole)
        self._tokens += text_tokens(arguments)
        return call_id

    def write(self, text: str) -> None:
        """More words of its message."""
        if self._message is None:
            self._begin_message()
        assert self._message is not None
        self._text += text
        self._send("response.output_text.delta", **self._where(), delta=text, logprobs=[])
        self._tokens += text_tokens(text)

    def _begin_message(self) -> None:
        self._message = (f"msg_{self._state.ids.letters(21)}", self._outputs)
        self._outputs += 1
        self._text = ""
        item = self._item([], "in_progress")
        self._send("response.output_item.added", output_index=self._message[1], item=item)
        self._send("response.content_part.added", **self._where(), part=_part(""))

    def end_message(self) -> None:
        """Its message is complete, if it writes one."""
        if self._message is None:
            return
        where, index = self._where(), self._message[1]
        self._send("response.output_text.done", **where, text=self._text, logprobs=[])
        self._send("response.content_part.done", **where, part=_part(self._text))
        item = self._item([_part(self._text)], "completed")
        self._send("response.output_item.done", output_index=index, item=item)
        self._message = None

    def end(self, problem: tuple[str, str] | None = None) -> None:
        """It is over: completed, or failed with a code and a message."""
        if self.is_over:
            return
        self.end_message()
        self.is_over = True
        status = "completed" if problem is None else "failed"
        snapshot = self._snapshot(status)
        if problem is not None:
            snapshot["error"] = {"code": "server_error", "message": problem[1]}
        snapshot["usage"] = self._usage()
        self._send(f"response.{status}", response=snapshot)

    def _where(self) -> dict[str, Any]:
        assert self._message is not None
        item_id, index = self._message
        return {"item_id": item_id, "output_index": index, "content_index": 0}

    def _item(self, content: list[dict[str, Any]], status: str) -> dict[str, Any]:
        assert self._message is not None
        item = {"id": self._message[0], "type": "message", "status": status}
        return {**item, "role": "assistant", "content": content}

    def _usage(self) -> dict[str, Any]:
        return {
            "input_tokens": 0,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": self._tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": self._tokens,
        }

    def _snapshot(self, status: str) -> dict[str, Any]:
        backend = self._state.session["delegation"].get("responses") or {}
        return {
            "id": self.response_id,
            "object": "response",
            "created_at": self._created_at,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "model": backend.get("model"),
            "output": [],
            "parallel_tool_calls": backend.get("parallel_tool_calls", True),
            "tool_choice": backend.get("tool_choice", "auto"),
            "tools": [],
            "usage": None,
            "metadata": {},
        }

    def _send(self, kind: str, **fields: Any) -> None:
        event = {"type": kind, "sequence_number": self._sequence, **fields}
        self._sequence += 1
        self._state.send("response.event", delegation_id=self._delegation_id, event=event)


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
