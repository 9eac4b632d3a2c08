"""Delegations: work that the voice model hands over, to the application or to a backend model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.live.backend_stream import BackendStream
from harness.live.state import LiveState, refusal
from harness.realtime.items import function_call
from harness.realtime.server.assistants.assistant import UseTool

DELEGATE = {
    "type": "function",
    "name": "delegate",
    "description": "Hand what the user wants over to the application; its result comes later.",
    "parameters": {
        "type": "object",
        "properties": {"task": {"type": "string"}},
        "required": ["task"],
    },
}
"""What a language model calls to delegate to a client, who is told no task."""


@dataclass(slots=True)
class _Work:
    """Calls of one delegation, and what came back."""

    delegation_id: str | None
    stream: BackendStream
    outputs: dict[str, str] = field(default_factory=dict)
    """Results, by call id, of the calls of the latest response."""

    @property
    def is_done(self) -> bool:
        """It is over, and called nothing that it would go on with."""
        return self.stream.is_over and not self.stream.calls

    @property
    def is_complete(self) -> bool:
        """All its results are in."""
        return self.stream.is_over and bool(self.outputs) and not self.lacks

    @property
    def lacks(self) -> list[str]:
        """Calls without a result."""
        return [call_id for call_id in self.stream.calls if call_id not in self.outputs]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for the backend: the result of its last function, or what was typed."""

    stream: BackendStream
    tool: str | None = None
    result: str = ""
    text: str = ""


class Delegations:
    """All delegations of one session."""

    def __init__(self, state: LiveState) -> None:
        self._state = state
        self._client: set[str] = set()
        self._work: list[_Work] = []
        """The backend's, the oldest first; those that are done are dropped with the next one."""

        self._typed: list[str] = []
        """Messages that wait for a ``response.create``."""

    @property
    def is_backend(self) -> bool:
        """Whether a Responses model does the work."""
        return bool(self._state.session["delegation"]["type"] == "responses")

    @property
    def tools(self) -> tuple[dict[str, Any], ...]:
        """The functions that an assistant may call."""
        if not self.is_backend:
            return (DELEGATE,)
        tools = self._state.session["delegation"]["responses"].get("tools") or []
        return tuple(tool for tool in tools if tool["type"] == "function")

    def knows_client(self, delegation_id: str) -> bool:
        """Whether it is a delegation to the application."""
        return delegation_id in self._client

    # --- handing over ---

    def hand_over(self, call: UseTool, stream: BackendStream | None) -> BackendStream | None:
        """The assistant calls a function: a delegation, or one more call of the running work.

        Args:
            stream: of the response that the call belongs to; None where it begins some work.

        Gives the response that it belongs to now; None for the application's.
        """
        if not self.is_backend:
            self._create("client")
            return None
        if stream is None:
            stream = self._begin_work()
        call_id = stream.call(call.name, call.arguments_text)
        item_id = self._state.ids.item()
        self._state.history.append(
            function_call(item_id, call_id, call.name, call.arguments_text, "completed")
        )
        return stream

    def _begin_work(self) -> BackendStream:
        delegation_id = self._state.ids.item()
        stream = BackendStream(self._state, delegation_id)
        self._add(_Work(delegation_id, stream))
        self._announce(delegation_id, "responses", response_id=stream.response_id)
        stream.begin()
        return stream

    def _add(self, work: _Work) -> None:
        self._work = [one for one in self._work if not one.is_done]
        self._work.append(work)

    def _create(self, target: str) -> None:
        delegation_id = self._state.ids.item()
        self._client.add(delegation_id)
        self._announce(delegation_id, target)

    def _announce(self, delegation_id: str, target: str, **more: str) -> None:
        delegation = {"id": delegation_id, "type": "delegation", "target": target, **more}
        offset_ms = self._state.now_ms
        self._state.send("session.delegation.created", delegation=delegation, offset_ms=offset_ms)

    # --- what comes back ---

    def receive_item(self, item: dict[str, Any]) -> None:
        """``response.item.create``: the result of a function, or a typed message.

        Raises:
            ProtocolError: no backend, or no such call.
        """
        self._require_backend("response.item.create")
        if item["type"] == "message":
            content = item["content"]
            text = {"type": "input_text", "text": content}
            parts = [text] if isinstance(content, str) else content
            words = [part["text"] for part in parts if part["type"] == "input_text"]
            self._typed.append(" ".join(words).strip())
            return
        call_id = item["call_id"]
        work = next((one for one in self._work if call_id in one.stream.calls), None)
        if work is None:
            raise refusal(f"There is no call '{call_id}' that waits.", "unknown_call", "item")
        work.outputs[call_id] = item["output"]
        kept = {key: item[key] for key in ("type", "call_id", "output")}
        self._state.history.append({"id": self._state.ids.item(), **kept})

    def receive_create(self) -> list[Ask]:
        """``response.create``: the backend starts, or goes on with all work whose results are in.

        Raises:
            ProtocolError: no backend, results are missing, or there is nothing to answer.
        """
        self._require_backend("response.create")
        if complete := [work for work in self._work if work.is_complete]:
            return [self._continued(work) for work in complete]
        if any(not work.stream.is_over for work in self._work):
            raise refusal("A response of the backend is still being made.", "response_active")
        missing = ", ".join(call_id for work in self._work for call_id in work.lacks)
        # Results of earlier work that never come do not keep anybody from asking something else.
        if self._typed and not (self._work and self._work[-1].lacks):
            return [self._typed_question()]
        if missing:
            raise refusal(f"Results are missing for: {missing}.", "outputs_missing")
        raise refusal("There is nothing new to answer.", "nothing_to_answer")

    def _continued(self, work: _Work) -> Ask:
        call_id, result = list(work.outputs.items())[-1]
        tool = work.stream.calls[call_id]
        stream = BackendStream(self._state, work.delegation_id)
        self._work.remove(work)
        self._add(_Work(work.delegation_id, stream))
        stream.begin()
        return Ask(stream, tool=tool, result=result)

    def _typed_question(self) -> Ask:
        text, self._typed = " ".join(self._typed), []
        stream = BackendStream(self._state, None)
        self._add(_Work(None, stream))
        stream.begin()
        return Ask(stream, text=text)

    def _require_backend(self, kind: str) -> None:
        if not self.is_backend:
            message = f"'{kind}' needs a delegation of type 'responses'."
            raise refusal(message, "no_backend", "type")
