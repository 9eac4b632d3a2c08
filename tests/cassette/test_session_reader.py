"""Turns and responses, read from a session's events."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cassette.session_reader import ReadSession, read_session, words_of
from harness.cassette.wire_log import WireEvent
from harness.realtime.server_events import SERVER_EVENTS
from tests.support.session_driver import SessionDriver

LOOK = {"type": "function", "name": "look", "parameters": {"type": "object"}}
RULES = [
    {"when": {"greeting": True}, "say": "Welcome."},
    {"when": {"words": ["weather"]}, "say": "Let me see.", "call": {"name": "look"}},
    {"when": {"tool": "look"}, "say": "It rains."},
]


def read(call: SessionDriver) -> ReadSession:
    pairs = zip(call.times_s, call.events, strict=True)
    return read_session(WireEvent(t_s, "server", event) for t_s, event in pairs)


@pytest.fixture(scope="module")
def weather() -> SessionDriver:
    """A greeting, a spoken turn with a tool, and a typed one whose answer is cut."""
    call = SessionDriver(
        RULES,
        {
            "tools": [LOOK],
            "audio": {"input": {"transcription": {"model": "gpt-transcribe"}}},
        },
        words=["what will the weather be", "stop"],
    )
    call.send("response.create")
    call.wait_for("output_audio_buffer.stopped")
    call.say()
    called = call.wait_for("response.function_call_arguments.done")
    call.wait_for("output_audio_buffer.stopped")
    output = {"type": "function_call_output", "call_id": called["call_id"], "output": "rain"}
    call.send("conversation.item.create", item=output)
    call.send("response.create")
    call.wait_for("output_audio_buffer.stopped")
    content = [{"type": "input_text", "text": "Tell me more"}]
    call.send(
        "conversation.item.create", item={"type": "message", "role": "user", "content": content}
    )
    call.send("response.create")
    call.wait_for("output_audio_buffer.started")
    call.send("output_audio_buffer.clear")
    call.wait_for("response.done")
    return call


def test_turns_have_their_words_and_responses(weather: SessionDriver) -> None:
    session = read(weather)
    assert [(turn.number, turn.said, turn.typed) for turn in session.turns] == [
        (0, None, False),
        (1, "what will the weather be", False),
        (2, "Tell me more", True),
    ]
    told = [
        (answer.after, answer.tool, answer.result, answer.status, answer.was_cleared)
        for turn in session.turns
        for answer in turn.answers
    ]
    assert told == [
        ("greeting", None, None, "completed", False),
        ("said", None, None, "completed", False),
        ("tool", "look", "rain", "completed", False),
        ("said", None, None, "completed", True),
    ]


def test_output_and_sound_have_their_times(weather: SessionDriver) -> None:
    answer = read(weather).turns[1].answers[0]
    message, call = answer.items
    assert words_of(answer, message) == "Let me see."
    assert answer.items[call]["name"] == "look"
    assert answer.sound_from_s is not None
    assert answer.sound_until_s is not None
    assert answer.created_s <= answer.item_at_s[message] <= answer.item_at_s[call]
    assert answer.created_s <= answer.sound_from_s < answer.sound_until_s


def test_only_the_first_session_is_read(weather: SessionDriver) -> None:
    events = [WireEvent(0.0, "server", event) for event in weather.events]
    twice = read_session([*events, *events])
    assert twice.sessions == 2
    assert len(twice.turns) == len(read_session(events).turns)


def test_responses_beside_the_conversation_and_deleted_items_are_counted() -> None:
    call = SessionDriver(RULES)
    call.send("response.create", response={"conversation": "none"})
    call.wait_for("output_audio_buffer.stopped")
    call.send("response.create")
    call.wait_for("output_audio_buffer.stopped")
    item_id = call.last("conversation.item.done")["item"]["id"]
    call.send("conversation.item.delete", item_id=item_id)
    session = read(call)
    assert (session.beside, session.deleted) == (1, 1)
    assert len(session.turns[0].answers) == 1


ANY_JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "item", "response", "session", "content", "output", "type"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


FIELDS = ("item", "response", "item_id", "response_id", "session", "transcript")


@given(
    st.lists(
        st.fixed_dictionaries(
            {"type": st.sampled_from(sorted(SERVER_EVENTS))},
            optional=dict.fromkeys(FIELDS, ANY_JSON),
        ),
        max_size=12,
    )
)
def test_a_server_may_send_anything(events: list[dict[str, Any]]) -> None:
    read_session(WireEvent(0.0, "server", event) for event in events)
