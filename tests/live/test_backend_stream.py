"""Nested events of one backend response."""

from __future__ import annotations

from typing import Any

from harness.live.backend_stream import BackendStream
from harness.live.state import LiveState
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.echo import Echo
from harness.realtime.server.outputs import SendEvent
from tests.support.live_driver import BACKEND


def test_a_message_and_a_call_are_two_outputs_and_the_numbers_run_on() -> None:
    state = LiveState({"delegation": BACKEND}, Echo(), Ids(1), "webrtc")
    stream = BackendStream(state, "item_1")
    stream.begin()
    stream.write("One ")
    stream.write("moment.")
    stream.call("find_table", "{}")
    stream.end()
    stream.end()
    events: list[dict[str, Any]] = [
        output.event["event"] for output in state.take_outputs() if isinstance(output, SendEvent)
    ]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    done = [event for event in events if event["type"] == "response.output_item.done"]
    assert [(event["output_index"], event["item"]["type"]) for event in done] == [
        (0, "message"),
        (1, "function_call"),
    ]
    assert done[0]["item"]["content"][0]["text"] == "One moment."
    assert events[-1]["type"] == "response.completed"
    assert events[-1]["response"]["usage"]["output_tokens"] > 0


def test_a_failure_says_why() -> None:
    state = LiveState({"delegation": BACKEND}, Echo(), Ids(1), "webrtc")
    stream = BackendStream(state, None)
    stream.end(("quota", "No more."))
    (output,) = state.take_outputs()
    assert isinstance(output, SendEvent)
    assert output.event["delegation_id"] is None
    assert output.event["event"]["response"]["error"]["message"] == "No more."
