"""A second client of a session: its items, its tools, its requests, beside the page's own."""

from __future__ import annotations

from typing import Any

from harness.realtime.client.history import History
from harness.realtime.client.outputs import CancelTool, Output, RunTool, SendEvent
from harness.realtime.client.side_session import SideSession
from harness.realtime.client.tools import tool_from
from tests.support.contexts import added, written


def book(persons: int) -> str:
    """Book a table."""
    return f"for {persons}"


def call_of(name: str, arguments: str = '{"persons": 2}') -> dict[str, Any]:
    return {
        "id": f"item_{name}",
        "type": "function_call",
        "status": "completed",
        "call_id": f"call_{name}",
        "name": name,
        "arguments": arguments,
    }


def response(kind: str, *output: dict[str, Any], name: str = "resp_1") -> dict[str, Any]:
    body = {
        "id": name,
        "object": "realtime.response",
        "status": "in_progress" if kind == "created" else "completed",
        "output": list(output),
        "conversation_id": "conv_1",
    }
    return {"type": f"response.{kind}", "event_id": "e", "response": body}


def sent(session: SideSession) -> list[dict[str, Any]]:
    return [one.event for one in session.take_outputs() if isinstance(one, SendEvent)]


def test_a_tool_of_its_own_is_run_and_answered() -> None:
    session = SideSession([tool_from(book)], 0.0)
    session.on_server_event(response("created"), 1.0)
    session.on_server_event(response("done", call_of("book"), call_of("pages_own")), 2.0)
    runs = [one for one in session.take_outputs() if isinstance(one, RunTool)]
    assert [(run.name, run.arguments) for run in runs] == [("book", {"persons": 2})]
    session.tool_finished("call_book", "for 2", None, 3.0)
    (output,) = sent(session)
    assert output["item"]["output"] == "for 2"


def test_an_answer_is_asked_for_once_all_calls_have_results_and_none_is_active() -> None:
    session = SideSession([tool_from(book)], 0.0)
    session.on_server_event(response("created"), 1.0)
    session.on_server_event(response("done", call_of("book")), 2.0)
    session.take_outputs()
    session.on_server_event(response("created", name="resp_2"), 2.5)
    session.tool_finished("call_book", "for 2", None, 3.0)
    assert [event["type"] for event in sent(session)] == ["conversation.item.create"]
    session.on_server_event(response("done", name="resp_2"), 4.0)
    assert [event["type"] for event in sent(session)] == ["response.create"]


def test_a_tool_that_takes_too_long_is_given_up() -> None:
    session = SideSession([tool_from(book, time_limit_s=5)], 0.0)
    session.on_server_event(response("created"), 1.0)
    session.on_server_event(response("done", call_of("book")), 2.0)
    assert session.wake_at_s() == 7.0
    session.advance(7.0)
    outputs: list[Output] = session.take_outputs()
    assert any(isinstance(one, CancelTool) for one in outputs)
    session.tool_finished("call_book", "late", None, 8.0)
    assert sent(session) == []


def test_other_tools_may_be_offered_and_the_end_wants_no_result() -> None:
    session = SideSession([], 0.0)
    session.offer([tool_from(book)])
    session.on_server_event(response("created"), 1.0)
    session.on_server_event(response("done", call_of("book")), 2.0)
    assert any(isinstance(one, RunTool) for one in session.take_outputs())
    session.end(3.0)
    assert [type(one) for one in session.take_outputs()] == [CancelTool]


def test_a_history_is_put_in_once() -> None:
    session = SideSession([], 0.0)
    session.on_server_event(added(written("msg_1", "Hi.")), 0.5)
    session.put_in(History((written("msg_1", "Hi."), written("msg_2", "So."))), 1.0)
    (event,) = sent(session)
    assert event["previous_item_id"] == "msg_1"
    assert not session.is_put_in
    session.on_server_event(added(written("msg_2", "So."), "msg_1"), 1.5)
    assert (session.is_put_in, session.put_in_count) == (True, 1)


def test_nonsense_is_let_pass() -> None:
    session = SideSession([], 0.0)
    for event in ({"type": "response.done"}, {"type": "no.such"}, {"type": "error", "error": {}}):
        session.on_server_event(event, 1.0)
    assert sent(session) == []
