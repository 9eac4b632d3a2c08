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
        self._work: _Work | None = None
        """The latest of the backend's."""

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
        self._work = _Work(delegation_id, stream)
        self._announce(delegation_id, "responses", response_id=stream.response_id)
        stream.begin()
        return stream

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
            parts = [{"text": content}] if isinstance(content, str) else content
            self._typed.append(" ".join(part.get("text", "") for part in parts).strip())
            return
        work, call_id = self._work, item["call_id"]
        if work is None or call_id not in work.stream.calls:
            raise refusal(f"There is no call '{call_id}' that waits.", "unknown_call", "item")
        work.outputs[call_id] = item["output"]
        kept = {key: item[key] for key in ("type", "call_id", "output")}
        self._state.history.append({"id": self._state.ids.item(), **kept})

    def receive_create(self) -> Ask:
        """``response.create``: the backend starts, or goes on with all its results.

        Raises:
            ProtocolError: no backend, results are missing, or there is nothing to answer.
        """
        self._require_backend("response.create")
        work = self._work
        if work is not None and not work.stream.is_over:
            raise refusal("A response of the backend is still being made.", "response_active")
        if work is not None and work.lacks:
            missing = ", ".join(work.lacks)
            raise refusal(f"Results are missing for: {missing}.", "outputs_missing")
        if work is not None and work.outputs:
            return self._continued(work)
        if self._typed:
            return self._typed_question()
        raise refusal("There is nothing new to answer.", "nothing_to_answer")

    def _continued(self, work: _Work) -> Ask:
        call_id, result = list(work.outputs.items())[-1]
        tool = work.stream.calls[call_id]
        stream = BackendStream(self._state, work.delegation_id)
        self._work = _Work(work.delegation_id, stream)
        stream.begin()
        return Ask(stream, tool=tool, result=result)

    def _typed_question(self) -> Ask:
        text, self._typed = " ".join(self._typed), []
        stream = BackendStream(self._state, None)
        self._work = _Work(None, stream)
        stream.begin()
        return Ask(stream, text=text)

    def _require_backend(self, kind: str) -> None:
        if not self.is_backend:
            message = f"'{kind}' needs a delegation of type 'responses'."
            raise refusal(message, "no_backend", "type")
