"""Anything may come to a Live session, and its timeline holds."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.live_driver import BACKEND, LiveDriver
from tests.support.live_types import check_types

IDS = st.sampled_from([None, "item_x", "a"])
COMMANDS = st.one_of(
    st.builds(
        lambda kind, content, name: {
            "type": f"session.{kind}.append",
            "content": content,
            "delegation_id": name,
        },
        st.sampled_from(["instructions", "thinking", "commentary"]),
        st.sampled_from(["", "Say this.", "One two three."]),
        IDS,
    ),
    st.sampled_from(
        [
            {"type": "session.input_audio.mute"},
            {"type": "session.input_audio.unmute"},
            {"type": "response.create"},
            {"type": "response.create", "event_id": "r"},
            {"type": "session.update", "session": {"delegation": {"type": "responses"}}},
            {"type": "session.update", "session": {"delegation": None}, "event_id": "u"},
            {"type": "session.update", "session": 7},
            {"type": "session.start", "session": {"model": "m"}},
            {"type": "session.input_audio.append", "audio": "AAAA"},
            {"type": "response.item.create", "item": {"type": "function_call_output"}},
            {"type": "unheard.of"},
            {"type": 7},
            {},
        ]
    ),
)
ACTS = st.one_of(
    st.tuples(st.just("send"), COMMANDS),
    st.tuples(st.just("beside"), COMMANDS),
    st.tuples(st.just("say"), st.sampled_from([0.1, 0.3, 0.8, 1.5])),
    st.tuples(st.just("wait"), st.sampled_from([0.02, 0.3, 1.0])),
    st.tuples(st.just("jump"), st.sampled_from([0.1, 70.0])),
    st.tuples(st.just("result"), st.sampled_from(["{}", ""])),
    st.tuples(st.just("close"), st.none()),
)
RULES = [
    {"when": {"tool": "find_table"}, "say": "There is one. Shall I take it?"},
    {"when": {"words": ["table"]}, "say": "Wait.", "call": {"name": "find_table"}},
    {"when": {"words": ["slow"]}, "say": "At last.", "delay_ms": 900},
    {"when": {"words": ["nothing"]}, "silent": True},
    {"say": "One two three four five."},
]


@settings(max_examples=30, deadline=None)
@given(
    acts=st.lists(ACTS, max_size=12),
    words=st.lists(st.sampled_from(["table", "slow", "nothing", "hello you", ""]), max_size=8),
    has_backend=st.booleans(),
    has_copies=st.booleans(),
)
def test_whatever_comes_the_timeline_holds(
    acts: list[tuple[str, Any]], words: list[str], has_backend: bool, has_copies: bool
) -> None:
    driver = LiveDriver(RULES, {"delegation": BACKEND} if has_backend else None, words)
    driver.session.copies.is_on = has_copies
    for what, with_ in acts:
        match what:
            case "send":
                driver.send_text(json.dumps(with_))
            case "beside":
                driver.session.receive_beside(json.dumps(with_), driver.now_s)
                driver.drain()
            case "say":
                driver.say(with_)
            case "wait":
                driver.wait(with_)
            case "jump":
                driver.jump(with_)
            case "result" if driver.nested("response.output_item.done"):
                if (
                    driver.nested("response.output_item.done")[-1]["item"]["type"]
                    == "function_call"
                ):
                    driver.create(with_)
            case "close":
                driver.send("session.close", event_id="c")
    check_timeline(driver)
    check_delegations(driver)
    check_sounds(driver)
    check_types(driver)


def check_timeline(driver: LiveDriver) -> None:
    """One start, one end and nothing behind it; fragments in order; every id once."""
    kinds = [event["type"] for event in driver.events]
    assert kinds[0] == "session.started"
    assert kinds.count("session.started") == 1
    assert kinds.count("session.closed") == (driver.closed is not None)
    assert "session.closed" not in kinds[:-1]
    ids = [event["event_id"] for event in driver.events if "event_id" in event]
    assert len(ids) == len(set(ids))
    for who in ("input", "output"):
        fragments = driver.of_type(f"session.{who}_transcript.delta")
        starts = [event["start_ms"] for event in fragments]
        assert starts == sorted(starts)
        assert all(event["end_ms"] > event["start_ms"] and event["delta"] for event in fragments)
    acks = [event["end_ms"] for event in driver.events if event["type"].endswith(".appended")]
    assert acks == sorted(acks)


def check_delegations(driver: LiveDriver) -> None:
    """Each is told before anything of it, and each of its responses begins and ends once."""
    known: set[str] = set()
    running: set[str] = set()
    for event in driver.events:
        if event["type"] == "session.delegation.created":
            known.add(event["delegation"]["id"])
        elif event["type"] == "response.event":
            nested, delegation_id = event["event"], event["delegation_id"]
            assert delegation_id is None or delegation_id in known
            if nested["type"] == "response.created":
                running.add(nested["response"]["id"])
            elif nested["type"] in ("response.completed", "response.failed"):
                running.remove(nested["response"]["id"])


def check_sounds(driver: LiveDriver) -> None:
    """No event of audio has an id, and every other one has."""
    audio = ("session.output_audio.delta", "session.input_audio.append")
    assert all(("event_id" in event) == (event["type"] not in audio) for event in driver.events)
