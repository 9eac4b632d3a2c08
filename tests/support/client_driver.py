"""Drives a client session with events told one by one, or joined to a server session in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from harness.realtime.client.outputs import (
    CancelTool,
    Notify,
    RequestCompleted,
    RunTool,
    SendEvent,
    SessionEvent,
    SetMicrophone,
    SetVolume,
)
from harness.realtime.client.session import RealtimeSession
from harness.realtime.client.settings import SessionSettings
from harness.realtime.ids import Ids
from tests.support.session_driver import SessionDriver


class ClientDriver:
    """A client session whose shell is the test. Tools run when `runs_tools` is set."""

    def __init__(self, *tools: Callable[..., Any], **settings: Any) -> None:
        given = SessionSettings(**settings)
        self.session = RealtimeSession(given, tools, 0.0, ids=Ids(seed=1))
        self.now_s = 0.0
        self.runs_tools = True
        self.sent: list[dict[str, Any]] = []
        self.told: list[SessionEvent] = []
        self.answers: dict[str, RequestCompleted] = {}
        self.runs: list[RunTool] = []
        self.others: list[CancelTool | SetMicrophone | SetVolume] = []

    # --- the shell's part ---

    def drain(self) -> None:
        while outputs := self.session.take_outputs():
            for output in outputs:
                match output:
                    case SendEvent(event):
                        self.sent.append(json.loads(json.dumps(event)))
                    case Notify(event):
                        self.told.append(event)
                    case RequestCompleted():
                        assert output.event_id not in self.answers, "settled once"
                        self.answers[output.event_id] = output
                    case RunTool():
                        self.runs.append(output)
                        self._run(output)
                    case _:
                        self.others.append(output)

    def _run(self, run: RunTool) -> None:
        if self.runs_tools:
            self.session.tool_finished(
                run.call_id, run.tool.function(**run.arguments), now_s=self.now_s
            )

    def open(self) -> ClientDriver:
        """Open the channel, and let the server accept the settings."""
        self.session.open(self.now_s)
        self.drain()
        self.receive("session.created", session={"id": "sess_1"})
        self.receive("session.updated", session={"id": "sess_1"})
        return self

    def receive(self, kind: str, **fields: Any) -> None:
        self.session.receive_event({"type": kind, "event_id": "event_x", **fields}, self.now_s)
        self.drain()

    def do(self, command: Callable[..., Any], *args: Any, **fields: Any) -> Any:
        """Call a command, and drain."""
        result = command(*args, **fields)
        self.drain()
        return result

    def wait(self, seconds: float) -> None:
        """Time passes; the session is woken when it asks to be."""
        end_s = self.now_s + seconds
        while (wake_s := self.session.wake_at_s()) is not None and wake_s <= end_s:
            self.now_s = max(self.now_s, wake_s)
            self.session.advance(self.now_s)
            self.drain()
        self.now_s = end_s
        self.session.advance(end_s)
        self.drain()

    # --- what a server would say ---

    def refuse(self, event_id: str, code: str, param: str | None = None) -> None:
        facts = {"type": "invalid_request_error", "code": code, "message": code, "param": param}
        self.receive("error", error={**facts, "event_id": event_id})

    def accept_items(self) -> None:
        """Put every item that was sent, and not yet accepted, where it was asked for."""
        known = self.session.snapshot()
        there = [item["id"] for item in known.items]
        for event in self.sent:
            if event["type"] == "conversation.item.create" and event["item"]["id"] not in there:
                before = event.get("previous_item_id", there[-1] if there else None)
                before = None if before == "root" else before
                self.add(event["item"], before)
                there.insert(there.index(before) + 1 if before else 0, event["item"]["id"])

    def add(self, item: dict[str, Any], before: str | None = None) -> None:
        self.receive("conversation.item.added", item=item, previous_item_id=before)
        self.receive("conversation.item.done", item=item, previous_item_id=before)

    def answer(self, response_id: str = "resp_1", **fields: Any) -> None:
        self.receive("response.created", response=response(response_id, "in_progress", **fields))

    def done(self, response_id: str = "resp_1", *items: dict[str, Any], **fields: Any) -> None:
        fields = {"status": "completed", **fields}
        self.receive("response.done", response=response(response_id, output=list(items), **fields))

    def call_tool(
        self, name: str, arguments: str = "{}", call_id: str = "call_1", response_id: str = "resp_1"
    ) -> dict[str, Any]:
        """The events of a completed call, without the end of its answer; gives the item."""
        item = {
            "id": f"item_{call_id}",
            "type": "function_call",
            "status": "completed",
            "call_id": call_id,
            "name": name,
            "arguments": arguments,
        }
        there = self.session.snapshot().items
        self.add(item, there[-1]["id"] if there else None)
        self.receive("response.output_item.done", response_id=response_id, item=item)
        return item

    # --- what was seen ---

    def types(self) -> list[str]:
        return [event["type"] for event in self.sent]

    def count(self, kind: str) -> int:
        return self.types().count(kind)

    def last(self, kind: str) -> dict[str, Any]:
        return [event for event in self.sent if event["type"] == kind][-1]

    def news(self, kind: str) -> list[dict[str, Any]]:
        return [event.data for event in self.told if event.type == kind]

    def errors(self) -> list[str]:
        return [data["kind"] for data in self.news("error")]

    def item_ids(self) -> list[str]:
        return [item["id"] for item in self.session.snapshot().items]


class JoinedDriver(ClientDriver):
    """A client session and a server session, joined in memory, in virtual time."""

    def __init__(self, server: SessionDriver, *tools: Callable[..., Any], **settings: Any) -> None:
        super().__init__(*tools, **settings)
        self.server = server
        self._passed = 0
        self._sent = 0

    def connect(self, server: SessionDriver | None = None) -> JoinedDriver:
        """Open the channel, to another server where one is given."""
        if server is not None:
            self.server, self._passed = server, 0
        self.server.now_s = self.now_s = max(self.now_s, self.server.now_s)
        self.session.open(self.now_s)
        self.exchange()
        return self

    def exchange(self) -> None:
        """Pass everything in both directions until nothing is left."""
        self.drain()
        while self._sent < len(self.sent) or self._passed < len(self.server.events):
            for event in self.sent[self._sent :]:
                self.server.send_text(json.dumps(event))
            self._sent = len(self.sent)
            events = self.server.events[self._passed :]
            self._passed = len(self.server.events)
            for event in events:
                self.session.receive_event(event, self.now_s)
                self.drain()

    def do(self, command: Callable[..., Any], *args: Any, **fields: Any) -> Any:
        result = command(*args, **fields)
        self.exchange()
        return result

    def run(self, seconds: float, speak: bool = False) -> None:
        """Let time pass on both sides; ``speak`` says something meanwhile."""
        for _ in range(round(seconds / 0.02)):
            if speak:
                self.server.hear(_spoken_frame())
            else:
                self.server.wait(0.02)
            self.now_s = self.server.now_s
            self.session.advance(self.now_s)
            self.exchange()

    def run_until_over(self, within_s: float = 30.0) -> None:
        """Until the turn is over on both sides."""
        for _ in range(round(within_s / 0.1)):
            self.run(0.1)
            if self.session.snapshot().is_turn_over and self.server.is_at_rest():
                return
        raise AssertionError("the turn is not over")


def response(response_id: str, status: str, **fields: Any) -> dict[str, Any]:
    """A response object as the events carry it."""
    whole = {"id": response_id, "status": status, "output": [], "conversation_id": "conv_1"}
    return {**whole, **fields}


def user_message(item_id: str, text: str = "hello") -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"id": item_id, "type": "message", "status": "completed", "role": "user"} | {
        "content": content
    }


def spoken_message(item_id: str, text: str, status: str = "completed") -> dict[str, Any]:
    content = [{"type": "output_audio", "transcript": text}]
    return {"id": item_id, "type": "message", "status": status, "role": "assistant"} | {
        "content": content
    }


def _spoken_frame() -> Any:
    from tests.support.session_driver import spoken

    return spoken(0.02)
