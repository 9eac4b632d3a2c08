"""Delegated work: several functions at once, and orders that cannot be carried out."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import ProtocolError
from harness.live.delegations import DELEGATE, Delegations
from harness.live.session_object import check_client_event
from harness.live.state import LiveState
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import UseTool
from harness.realtime.server.assistants.echo import Echo
from tests.support.live_driver import BACKEND, FUNCTION


def delegations(delegation: dict[str, Any]) -> Delegations:
    return Delegations(LiveState({"delegation": delegation}, Echo(), Ids(1), "webrtc"))


def result(call_id: str) -> dict[str, Any]:
    return {"type": "function_call_output", "call_id": call_id, "output": "{}"}


def test_an_assistant_has_the_backend_s_functions_or_may_delegate() -> None:
    assert delegations(BACKEND).tools == (FUNCTION,)
    assert delegations({"type": "client"}).tools == (DELEGATE,)


def test_it_goes_on_when_every_result_is_in() -> None:
    work = delegations(BACKEND)
    stream = work.hand_over(UseTool("find_table"), None)
    assert stream is not None
    assert work.hand_over(UseTool("find_table"), stream) is stream
    with pytest.raises(ProtocolError, match="still being made"):
        work.receive_create()
    stream.end()
    first, second = stream.calls
    work.receive_item(result(first))
    with pytest.raises(ProtocolError, match=second):
        work.receive_create()
    work.receive_item(result(second))
    (ask,) = work.receive_create()
    assert (ask.tool, ask.result) == ("find_table", "{}")
    assert ask.stream.response_id != stream.response_id
    ask.stream.end()
    with pytest.raises(ProtocolError, match="nothing new"):
        work.receive_create()


def test_work_that_begins_before_the_results_of_another_replaces_nothing() -> None:
    work = delegations(BACKEND)
    streams = [work.hand_over(UseTool("find_table"), None) for _ in range(3)]
    calls: list[str] = []
    for stream in streams:
        assert stream is not None
        stream.end()
        calls += stream.calls
    work.receive_item(result(calls[1]))
    (second,) = work.receive_create()
    work.receive_item(result(calls[0]))
    (first,) = work.receive_create()  # also while the second is still being answered
    assert len({first.stream.response_id, second.stream.response_id}) == 2
    with pytest.raises(ProtocolError, match="still being made"):
        work.receive_create()
    first.stream.end()
    second.stream.end()
    with pytest.raises(ProtocolError, match=calls[2]):
        work.receive_create()
    for again in calls[:2]:
        with pytest.raises(ProtocolError, match=again):
            work.receive_item(result(again))


def test_results_of_several_are_gone_on_with_together() -> None:
    work = delegations(BACKEND)
    for _ in range(2):
        stream = work.hand_over(UseTool("find_table"), None)
        assert stream is not None
        stream.end()
        (call_id,) = stream.calls
        work.receive_item(result(call_id))
    assert [ask.tool for ask in work.receive_create()] == ["find_table", "find_table"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("At seven.", "At seven."),
        ([{"type": "input_image", "text": None}], ""),
        (
            [
                {"type": "input_text", "text": "At"},
                {"type": "input_image", "image_url": "data:,"},
                {"type": "input_text", "text": "seven."},
            ],
            "At seven.",
        ),
    ],
)
def test_of_what_is_typed_the_words_are_taken(content: Any, text: str) -> None:
    work = delegations(BACKEND)
    item = {"type": "message", "role": "user", "content": content}
    check_client_event({"type": "response.item.create", "item": item})
    work.receive_item(item)
    (ask,) = work.receive_create()
    assert ask.text == text


def test_a_result_of_a_call_that_nobody_made_is_refused() -> None:
    with pytest.raises(ProtocolError, match="call_9"):
        delegations(BACKEND).receive_item(result("call_9"))


def test_without_a_backend_there_is_nothing_to_create() -> None:
    work = delegations({"type": "client"})
    assert work.hand_over(UseTool("delegate"), None) is None
    for order in (work.receive_create, lambda: work.receive_item(result("call_1"))):
        with pytest.raises(ProtocolError, match="responses"):
            order()
