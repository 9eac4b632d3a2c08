"""What the session wants is done, in order, also when something stands in the way."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from harness.client.session_runner import SessionRunner
from harness.errors import NotConnected, PeerError, RequestRefused, RequestUnanswered
from harness.realtime.client.core import SessionLimits
from harness.realtime.client.history import History
from harness.realtime.client.outputs import SessionEvent
from harness.realtime.client.session import RealtimeSession
from harness.realtime.ids import Ids
from harness.realtime.items import message
from harness.testing.hand_clock import HandClock
from tests.support.waiting import until

CALLED = {
    "id": "item_1", "type": "function_call", "status": "completed",
    "call_id": "call_1", "name": "add", "arguments": '{"a": 1}',
}  # fmt: skip


class Owner:
    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.events: list[SessionEvent] = []
        self.switched: list[object] = []
        self.refuses = False
        self.too_large = ""
        """Events that hold this text are refused, too."""

    def send_text(self, text: str) -> None:
        if self.refuses or (self.too_large and self.too_large in text):
            raise PeerError("too large", found="300000 bytes")
        self.sent.append(json.loads(text))

    def on_session_event(self, event: SessionEvent) -> None:
        self.events.append(event)

    def microphone_wanted(self, is_on: bool) -> None:
        self.switched.append(is_on)

    def volume_wanted(self, volume: float) -> None:
        self.switched.append(volume)

    def types(self) -> list[str]:
        return [event["type"] for event in self.sent]

    def errors(self) -> list[str]:
        return [event.data["code"] for event in self.events if event.type == "error"]


def add(a: int) -> int:
    return a + 1


def make(tools: Any = (add,), **limits: float) -> tuple[SessionRunner, Owner]:
    session = RealtimeSession(None, tools, ids=Ids(1), limits=SessionLimits(**limits))
    owner = Owner()
    return SessionRunner(session, owner, HandClock()), owner


def receive(runner: SessionRunner, **event: Any) -> None:
    runner.do(lambda session, now_s: session.receive_event(event, now_s))


def calls_a_tool(runner: SessionRunner) -> None:
    response = {"id": "resp_1", "status": "completed", "output": [CALLED]}
    receive(runner, type="response.created", response={"id": "resp_1"})
    receive(runner, type="response.done", response=response)


async def test_opening_sends_the_settings_and_remembers_the_request() -> None:
    runner, owner = make()
    runner.open()
    assert owner.types() == ["session.update"]
    assert runner.opening is not None
    receive(runner, type="session.updated", session={"id": "sess_1"})
    assert runner.opening.is_settled
    await runner.aclose(NotConnected("over"))


async def test_a_tool_is_run_and_its_result_sent() -> None:
    runner, owner = make()
    runner.open()
    calls_a_tool(runner)
    await until(lambda: owner.types()[-1] == "response.create")
    assert owner.sent[-2]["item"]["output"] == "2"
    await runner.aclose(NotConnected("over"))


async def test_a_tool_that_hangs_is_given_up_by_the_timer() -> None:
    async def add(a: int) -> None:
        await asyncio.sleep(60)

    from harness.clock import MonotonicClock
    from harness.realtime.client.tools import tool_from

    session = RealtimeSession(None, [tool_from(add, time_limit_s=0.05)], MonotonicClock().now_s())
    owner = Owner()
    runner = SessionRunner(session, owner, MonotonicClock())
    runner.open()
    calls_a_tool(runner)
    await until(lambda: owner.types()[-1] == "response.create")
    assert "took longer than 0.05 s" in owner.sent[-2]["item"]["output"]
    assert owner.errors() == ["tool_timeout"]
    await runner.aclose(NotConnected("over"))


async def test_a_request_gets_its_answer() -> None:
    runner, _ = make()
    runner.open()
    request = runner.ask(lambda session: session.commit())
    receive(runner, type="input_audio_buffer.committed", item_id="item_1")
    assert (await request or {})["item_id"] == "item_1"
    await runner.aclose(NotConnected("over"))


@pytest.mark.parametrize("command", ["respond", "commit"])
async def test_what_the_connection_refuses_is_refused_to_who_asked(command: str) -> None:
    runner, owner = make()
    runner.open()
    owner.refuses = True
    with pytest.raises(RequestRefused, match="300000 bytes") as refused:
        await runner.ask(lambda session: getattr(session, command)())
    assert refused.value.code == "event_not_sent"
    assert owner.errors() == ["event_not_sent"]
    await runner.aclose(NotConnected("over"))


async def test_after_a_refused_request_for_an_answer_the_next_one_goes_out() -> None:
    runner, owner = make()
    runner.open()
    owner.refuses = True
    runner.ask(lambda session: session.respond())
    owner.refuses = False
    runner.ask(lambda session: session.respond())
    assert owner.types() == ["session.update", "response.create"]
    await runner.aclose(NotConnected("over"))


async def test_an_item_of_a_history_that_the_channel_refuses_is_left_out() -> None:
    """And the others are put back behind one another, without it."""
    runner, owner = make()
    items = [
        message(name, "user", [{"type": "input_text", "text": name}], "")
        for name in ("item_a", "item_big", "item_c")
    ]
    runner.do(lambda session, _: session.restore(History(tuple(items))))
    owner.too_large = '"id":"item_big"'
    runner.open()
    receive(runner, type="session.created", session={"id": "sess_1"})
    receive(runner, type="session.updated", session={"id": "sess_1"})
    for name, before in (("item_a", None), ("item_c", "item_a")):
        item = {"id": name, "type": "message", "role": "user", "content": []}
        for event in ("added", "done"):
            receive(runner, type=f"conversation.item.{event}", item=item, previous_item_id=before)
    (resumed,) = [event.data for event in owner.events if event.type == "resumed"]
    assert resumed["items"] == 2
    (left,) = resumed["left_out"]
    assert left["item_id"] == "item_big"
    assert "too large" in left["why"]
    assert owner.errors() == ["event_not_sent"]
    await runner.aclose(NotConnected("over"))


async def test_an_overdue_answer_is_noticed_without_an_event() -> None:
    runner, _ = make(request_s=0.0)
    runner.open()
    request = runner.ask(lambda session: session.commit())
    with pytest.raises(RequestUnanswered):
        await request
    await runner.aclose(NotConnected("over"))


async def test_wishes_about_microphone_and_volume_reach_the_owner() -> None:
    runner, owner = make()
    runner.do(lambda session, _: session.set_microphone(False))
    runner.do(lambda session, _: session.set_volume(0.5))
    assert owner.switched == [False, 0.5]
    await runner.aclose(NotConnected("over"))


async def test_the_end_settles_what_waits_and_stops_tools() -> None:
    stopped = asyncio.Event()

    async def add(a: int) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    runner, _ = make([add])
    runner.open()
    calls_a_tool(runner)
    request = runner.ask(lambda session: session.commit())
    await asyncio.sleep(0)
    await runner.aclose(NotConnected("over"))
    assert stopped.is_set()
    with pytest.raises(NotConnected):
        await request
