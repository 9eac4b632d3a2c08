"""What Live says, in words of no protocol: fragments become turns and answers, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.facts.dialogue import (
    AnswerStarted,
    AnswerText,
    DialogueFact,
    Problem,
    SessionReady,
    ToolCalled,
    UserTranscript,
)
from harness.protocols.interface import Channel, Direction, Message
from harness.protocols.live import PAUSE_MS, LiveProtocol
from harness.testing.protocol_recordings import misfits
from tests.support.live_driver import BACKEND, LiveDriver

EVENTS = Channel("oai-events")


def message(event: dict[str, Any], direction: Direction = "received") -> Message:
    return Message(EVENTS, direction, json.dumps(event))


def fragment(who: str, delta: str, start_ms: int) -> Message:
    kind = f"session.{who}_transcript.delta"
    times = {"start_ms": start_ms, "end_ms": start_ms + 200}
    return message({"type": kind, "event_id": f"event_{who}_{start_ms}", "delta": delta, **times})


def created(delegation_id: str, target: str) -> Message:
    delegation = {"id": delegation_id, "type": "delegation", "target": target}
    return message({"type": "session.delegation.created", "offset_ms": 1, "delegation": delegation})


def nested(event: dict[str, Any]) -> Message:
    return message({"type": "response.event", "delegation_id": "item_1", "event": event})


def called(call_id: str) -> Message:
    item = {"type": "function_call", "call_id": call_id, "name": "find", "arguments": "{}"}
    return nested({"type": "response.output_item.done", "item": item})


def read(protocol: LiveProtocol, *messages: Message) -> list[DialogueFact]:
    return [fact for one in messages for fact in protocol.read(one)]


TALK = [
    message({"type": "session.started", "session": {}}),
    fragment("input", "A table", 1_000),
    fragment("input", " please", 1_200),
    fragment("output", "How", 2_400),
    fragment("output", " many?", 2_600),
    fragment("input", " Two", 3_400),
    fragment("output", " Fine.", 4_200),
    created("item_9", "client"),
    message({"type": "session.closed", "reason": "expired", "session": {}, "usage": {}}),
]
MEANS: list[DialogueFact] = [
    SessionReady(),
    UserTranscript("turn-1", "A table"),
    UserTranscript("turn-1", "A table please"),
    AnswerStarted("answer-1"),
    AnswerText("answer-1", "How"),
    AnswerText("answer-1", " many?"),
    UserTranscript("turn-2", "Two"),
    AnswerStarted("answer-2"),
    AnswerText("answer-2", "Fine."),
    ToolCalled("item_9", "delegation", "{}"),
    Problem("expired", "The service closed the session: expired."),
]


def test_a_recording_means_what_it_says() -> None:
    """The contract suite reads it too."""
    assert read(LiveProtocol(), *TALK) == MEANS


def test_a_pause_makes_another_answer_and_a_word_of_the_user_inside_it_does_not() -> None:
    protocol = LiveProtocol()
    facts = read(
        protocol,
        fragment("output", "One", 0),
        fragment("input", "mhm", 0),
        fragment("output", " two", 200),
        fragment("output", " again", 400 + PAUSE_MS),
    )
    assert [fact.answer_id for fact in facts if isinstance(fact, AnswerText)] == [
        "answer-1",
        "answer-1",
        "answer-2",
    ]


def test_what_was_talked_into_is_another_answer_than_what_comes_then() -> None:
    """It falls silent at about the time when the user's words end."""
    facts = read(
        LiveProtocol(),
        fragment("output", "By the", 6_600),
        fragment("output", " window", 6_800),
        fragment("input", "Stop,", 6_400),
        fragment("input", " please.", 6_800),
        fragment("output", " Of course.", 8_000),
    )
    assert facts[-1] == AnswerText("answer-2", "Of course.")


def test_calls_of_a_backend_are_tools_and_it_goes_on_when_all_have_a_result() -> None:
    protocol = LiveProtocol()
    assert read(protocol, created("item_1", "responses"), called("c1"), called("c2")) == [
        ToolCalled("c1", "find", "{}"),
        ToolCalled("c2", "find", "{}"),
    ]
    (result,) = protocol.tool_result("c1", "{}")
    assert result["item"]["call_id"] == "c1"
    read(protocol, message(result, "sent"))
    assert [event["type"] for event in protocol.tool_result("c2", "{}")] == [
        "response.item.create",
        "response.create",
    ]


def test_results_in_quick_succession_let_the_backend_go_on_once() -> None:
    """Also where the first was not sent yet when the second comes."""
    protocol = LiveProtocol()
    read(protocol, called("c1"), called("c2"))
    events = [*protocol.tool_result("c1", "{}"), *protocol.tool_result("c2", "{}")]
    assert [event["type"] for event in events] == [
        "response.item.create",
        "response.item.create",
        "response.create",
    ]


def test_the_result_of_a_delegation_is_to_be_said() -> None:
    protocol = LiveProtocol()
    read(protocol, created("item_1", "client"))
    (event,) = protocol.tool_result("item_1", "It is booked.")
    assert event == {
        "type": "session.commentary.append",
        "content": "It is booked.",
        "delegation_id": "item_1",
    }
    assert protocol.asks_for_answer(event)


def test_what_goes_wrong_is_a_problem() -> None:
    failed = {"type": "response.failed", "response": {"error": {"message": "No more."}}}
    (backend,) = read(LiveProtocol(), nested(failed))
    assert isinstance(backend, Problem)
    assert "No more." in backend.message
    error = {"type": "error", "error": {"code": None, "message": "no"}}
    assert read(LiveProtocol(), message(error)) == [Problem(None, "no")]
    (malformed,) = read(LiveProtocol(), message({"type": "session.output_transcript.delta"}))
    assert isinstance(malformed, Problem)


def test_there_is_no_end_of_a_turn_to_send() -> None:
    with pytest.raises(UsageError, match="Live"):
        LiveProtocol().end_turn()


@pytest.mark.parametrize(
    ("channel", "known"),
    [
        (EVENTS, True),
        (Channel("mine"), False),
        (Channel("wss://api.openai.com/v1/live/sessions", "web_socket"), True),
        (Channel("wss://api.openai.com/v1/live/sessions/live_1/attach", "web_socket"), True),
        (Channel("wss://api.openai.com/v1/realtime", "web_socket"), False),
    ],
)
def test_a_channel_is_known_by_its_name(channel: Channel, known: bool) -> None:
    assert LiveProtocol().knows_channel(channel) is known


@given(
    pieces=st.lists(
        st.tuples(st.sampled_from(["input", "output"]), st.integers(0, 40), st.text(max_size=4)),
        max_size=20,
    )
)
def test_whatever_order_fragments_come_in_every_word_is_told(
    pieces: list[tuple[str, int, str]],
) -> None:
    protocol = LiveProtocol()
    facts = read(protocol, *(fragment(who, text, slot * 200) for who, slot, text in pieces))
    assert not misfits(facts)
    said = "".join(fact.delta for fact in facts if isinstance(fact, AnswerText))
    wanted = "".join(text for who, _, text in pieces if who == "output")
    assert "".join(said.split()) == "".join(wanted.split())


def test_a_session_of_our_own_server_reads_as_it_went() -> None:
    rules = [
        {"when": {"tool": "find_table"}, "say": "There is one."},
        {"call": {"name": "find_table", "arguments": {"persons": 2}}},
    ]
    driver = LiveDriver(rules, {"delegation": BACKEND}, words=["a table please"])
    driver.say(1.0)
    driver.create("{}")
    driver.wait(2.0)
    protocol = LiveProtocol()
    messages = [message(event) for event in driver.events]
    assert any(map(protocol.knows, messages))
    facts = read(protocol, *messages)
    assert not [fact for fact in facts if isinstance(fact, Problem)]
    assert [fact for fact in facts if isinstance(fact, UserTranscript)][-1].text == "a table please"
    assert [fact.name for fact in facts if isinstance(fact, ToolCalled)] == ["find_table"]
    said = "".join(fact.delta for fact in facts if isinstance(fact, AnswerText))
    assert said == "There is one."
