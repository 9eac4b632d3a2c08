"""The writing of a response: events in the contract's order, and what stays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.context.responses.request import read_request
from harness.context.responses.writer import Event, ResponseWriter
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Piece, Play, Say, UseTool

BOOK = {"type": "function", "name": "book", "parameters": {}}
TEXT = ["output_item.added", "content_part.added", "output_text.delta", "output_text.done"]


def writer(**body: Any) -> ResponseWriter:
    request = read_request({"model": "m", "input": "Hi.", **body})
    return ResponseWriter("resp_1", request, [], Ids(1), 5)


def written(given: Sequence[Piece], **body: Any) -> tuple[list[Event], dict[str, Any]]:
    one = writer(**body)
    events = [*one.create(), *one.begin()]
    for piece in given:
        events += one.on_piece(piece, 6.5)
    return [*events, *one.finish(7.5)], one.resource


def kinds(events: Sequence[Event]) -> list[str]:
    return [event["type"].removeprefix("response.") for event in events]


def test_words_are_one_message() -> None:
    events, resource = written([Say("Good "), Say("morning.")])
    assert kinds(events) == [
        *["created", "in_progress", "output_item.added", "content_part.added"],
        *["output_text.delta", "output_text.delta", "output_text.done"],
        *["content_part.done", "output_item.done", "completed"],
    ]
    assert [event["sequence_number"] for event in events] == list(range(10))
    assert events[2]["item"]["content"] == []
    (message,) = resource["output"]
    assert message["content"][0]["text"] == "Good morning."
    assert (resource["status"], resource["completed_at"]) == ("completed", 7)
    assert events[-1]["response"] == resource


def test_the_official_models_take_every_event() -> None:
    from openai.types.responses import ResponseStreamEvent
    from pydantic import TypeAdapter

    events, _ = written([Say("One moment."), UseTool("book", '{"persons": 2}')], tools=[BOOK])
    adapter: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
    for event in events:
        assert adapter.validate_python(event).type == event["type"]


def test_a_call_ends_the_message_before_it() -> None:
    events, resource = written([Say("Wait."), UseTool("book"), Say("So.")], tools=[BOOK])
    assert kinds(events)[2:] == [
        *TEXT,
        *["content_part.done", "output_item.done"],
        *["output_item.added", "function_call_arguments.delta"],
        *["function_call_arguments.done", "output_item.done"],
        *TEXT,
        *["content_part.done", "output_item.done", "completed"],
    ]
    assert [item["type"] for item in resource["output"]] == ["message", "function_call", "message"]
    assert [e["output_index"] for e in events if e["type"].endswith("item.done")] == [0, 1, 2]
    call = resource["output"][1]
    assert (call["name"], call["arguments"], call["status"]) == ("book", "{}", "completed")


@pytest.mark.parametrize(
    ("piece", "body"),
    [
        (UseTool("cook"), {"tools": [BOOK]}),
        (UseTool("book"), {}),
        (UseTool("book"), {"tools": [BOOK], "tool_choice": "none"}),
        (UseTool("book", "[1]"), {"tools": [BOOK]}),
        (UseTool("book", "{"), {"tools": [BOOK]}),
        (UseTool("book", server_label="far"), {"tools": [BOOK]}),
    ],
)
def test_a_call_that_is_not_offered_fails_the_response(piece: UseTool, body: Any) -> None:
    events, resource = written([Say("Wait."), piece, Say("More.")], **body)
    assert kinds(events)[-1] == "failed"
    assert resource["error"]["code"] == "server_error"
    assert piece.name in resource["error"]["message"]
    assert resource["output"][0]["content"][0]["text"] == "Wait."


def test_as_many_calls_as_were_asked_for() -> None:
    calls = [UseTool("book"), UseTool("book")]
    for body in ({"parallel_tool_calls": False}, {"max_tool_calls": 1}):
        _, resource = written(calls, tools=[BOOK], **body)
        assert len(resource["output"]) == 1
    assert len(written(calls, tools=[BOOK])[1]["output"]) == 2


def test_an_answer_that_is_too_long_is_incomplete() -> None:
    events, resource = written([Say("x" * 60), Say("y" * 60)], max_output_tokens=16)
    assert kinds(events)[-1] == "incomplete"
    assert resource["incomplete_details"] == {"reason": "max_output_tokens"}
    (message,) = resource["output"]
    assert (len(message["content"][0]["text"]), message["status"]) == (64, "incomplete")


def test_a_background_response_is_queued_first() -> None:
    assert kinds(written([], background=True)[0])[:3] == ["created", "queued", "in_progress"]


def test_what_was_written_before_a_cancellation_stays() -> None:
    one = writer(background=True)
    events = [*one.create(), *one.begin(), *one.on_piece(Say("Half a "), 6.0), *one.cancel(7.0)]
    assert kinds(events)[-1] == "output_item.done"
    assert (one.status, one.resource["output"][0]["status"]) == ("cancelled", "incomplete")
    later = [*one.cancel(8.0), *one.finish(8.0), *one.fail("x", "y", 8.0)]
    assert [*later, *one.on_piece(Say("x"), 8.0)] == []


def test_sound_is_what_it_says_and_a_silent_answer_is_empty() -> None:
    _, resource = written([Play(np.zeros(240, np.float32), "Ding.")])
    assert resource["output"][0]["content"][0]["text"] == "Ding."
    assert written([])[1]["output"] == []


@given(st.lists(st.text() | st.text("a \t\n\u3000"), max_size=5))
def test_deltas_are_the_text(texts: list[str]) -> None:
    events, resource = written([Say(text) for text in texts])
    deltas = [event["delta"] for event in events if event["type"].endswith("delta")]
    assert "".join(deltas) == "".join(texts)
    assert all(deltas)
    assert json.loads(json.dumps(resource)) == resource


def test_nothing_but_blanks_is_one_delta_however_many_there_are() -> None:
    """And those in front of a word are the word's."""
    blanks = " " * 500_000
    for text, wanted in ((blanks, 1), (blanks + "So it is." + blanks, 3)):
        events, resource = written([Say(text)])
        assert kinds(events).count("output_text.delta") == wanted
        assert resource["output"][0]["content"][0]["text"] == text


def test_a_response_whose_tokens_cannot_be_counted_can_still_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = writer()
    one.begin()
    with monkeypatch.context() as patch:
        patch.setattr("harness.context.responses.writer.usage", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            one.finish(7.0)
    assert not one.is_over
    assert kinds(one.fail("server_error", "It broke.", 8.0)) == ["failed"]


def test_a_stored_chain_with_reasoning_ends() -> None:
    _, resource = written([Say("Well.")], input=[{"type": "reasoning", "content": "abc"}])
    assert resource["status"] == "completed"


def test_lengths_are_hidden_unless_the_client_says_otherwise() -> None:
    (delta,) = [e for e in written([Say("Hello.")])[0] if e["type"].endswith("delta")]
    assert len(delta["delta"] + delta["obfuscation"]) == 16
    plain, _ = written([Say("Hello.")], stream_options={"include_obfuscation": False})
    assert not any("obfuscation" in event for event in plain)
