"""A Live session from its start to its last event."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio import pcm16
from harness.errors import ProtocolError
from harness.live.session import DRAIN_S
from harness.realtime.faults.parse import read_faults
from tests.support.live_driver import BACKEND, LiveDriver
from tests.support.session_driver import silence, spoken

COUNTING = [{"say": "One two three four five six seven eight nine ten."}]


def test_it_starts_with_the_whole_session() -> None:
    """Once, unprompted, before anything else."""
    driver = LiveDriver()
    (started,) = driver.events
    session = started["session"]
    assert started["type"] == "session.started"
    assert (session["id"], session["model"], session["status"]) == (
        "live_1",
        "gpt-live-1",
        "active",
    )
    assert session["expires_at"] == 1_700_000_000 + 7_200
    assert session["audio"] == {"output": {"voice": "marin"}}
    assert session["delegation"] == {"type": "client"}
    assert "client_event_id" not in started


def test_an_exchange_is_words_on_one_timeline_and_no_more() -> None:
    """Nothing marks a turn, an answer or their ends."""
    driver = LiveDriver([{"say": "How many people are you?"}], words=["a table please"])
    driver.wait(0.5)
    driver.say(1.0)
    driver.wait(3.0)
    assert driver.said("input") == "a table please"
    assert driver.said() == "How many people are you?"
    assert driver.types() == [
        "session.started",
        "session.input_transcript.delta",
        "session.output_transcript.delta",
    ]
    heard = driver.of_type("session.input_transcript.delta")
    assert 400 <= heard[0]["start_ms"] <= 600
    assert heard[-1]["end_ms"] <= 1_700
    assert driver.voiced_s == pytest.approx(5 * 0.3, abs=0.05)


def test_words_are_told_while_they_sound() -> None:
    """On the grid of 200 ms, never before their time and never much later."""
    driver = LiveDriver(COUNTING)
    driver.say(1.0)
    driver.wait(4.0)
    for at_s, event in zip(driver.times_s, driver.events, strict=True):
        if event["type"] == "session.output_transcript.delta":
            assert event["end_ms"] - event["start_ms"] == 200
            assert event["start_ms"] % 200 == 0
            now_ms = (at_s - 100.0) * 1000
            assert event["end_ms"] - 1 <= now_ms <= event["end_ms"] + 21


def test_sustained_speech_takes_the_floor_and_no_event_says_so() -> None:
    driver = LiveDriver(COUNTING, words=["count", "stop it now"])
    driver.say(1.0)
    driver.wait(0.5)
    before_s = driver.voiced_s
    driver.hear(spoken(1.0))
    assert driver.voiced_s - before_s < 0.5
    silent_s = driver.voiced_s
    driver.hear(silence(0.4))
    assert driver.voiced_s == silent_s
    assert "ten" not in driver.said()
    assert not driver.errors()


def test_a_result_that_comes_while_the_user_speaks_waits_for_the_floor() -> None:
    driver = LiveDriver([{"say": "Good."}])
    driver.hear(spoken(0.8))
    driver.send("session.commentary.append", content="It is booked.", delegation_id=None)
    driver.hear(spoken(0.5))
    assert driver.voiced_s == 0.0
    driver.wait(3.0)
    assert driver.said() == "It is booked. Good."


def test_a_short_sound_interrupts_nobody() -> None:
    """It is in the transcript, and is not answered."""
    driver = LiveDriver(COUNTING, words=["count", "mhm"])
    driver.say(1.0)
    driver.wait(0.5)
    driver.say(0.15)
    driver.wait(5.0)
    assert driver.said() == COUNTING[0]["say"]
    assert driver.said("input") == "count mhm"


def test_two_things_in_a_row_are_heard_in_their_order() -> None:
    """Also where the second is understood first."""
    driver = LiveDriver()
    driver.holds_recognition = True
    driver.say(0.5)
    driver.say(0.5)
    jobs = [job for job in driver.recognitions if not job.is_ahead]
    first, second = driver.recognitions[0], driver.recognitions[-1]
    assert not jobs, "both were asked for before their end"
    driver.session.receive_recognition(second.job_id, "second", None, driver.now_s)
    driver.drain()
    assert driver.said("input") == ""
    driver.session.receive_recognition(first.job_id, "first", None, driver.now_s)
    driver.drain()
    driver.wait(0.1)
    assert driver.said("input") == "first second"


def test_muted_the_model_hears_silence() -> None:
    driver = LiveDriver()
    driver.send("session.input_audio.mute", event_id="a")
    driver.say(1.0)
    driver.send("session.input_audio.unmute", event_id="b")
    assert [(event["type"], event.get("client_event_id")) for event in driver.events[1:]] == [
        ("session.input_audio.muted", "a"),
        ("session.input_audio.unmuted", "b"),
    ]
    driver.say(1.0)
    assert driver.said("input") == "hello there"


@pytest.mark.parametrize("kind", ["instructions", "commentary"])
def test_it_speaks_first_when_it_is_told_to(kind: str) -> None:
    """Acknowledged when the timeline has reached the end of what was added."""
    driver = LiveDriver([{"when": {"greeting": True}, "say": "Good morning."}])
    driver.send(f"session.{kind}.append", content="Good morning.", delegation_id=None, event_id="a")
    assert len(driver.events) == 1
    driver.wait(3.0)
    ack = driver.last(f"session.{kind}.appended")
    assert ack["client_event_id"] == "a"
    assert ack["start_ms"] <= ack["end_ms"] <= 1_000
    assert driver.said() == "Good morning."


def test_a_client_delegation_tells_no_task_and_its_result_is_said() -> None:
    call = {"say": "One moment.", "call": {"name": "delegate", "arguments": {"task": "book"}}}
    driver = LiveDriver([call])
    driver.say(1.0)
    driver.wait(2.0)
    created = driver.last("session.delegation.created")
    delegation = created["delegation"]
    assert set(delegation) == {"id", "type", "target"}
    assert delegation["target"] == "client"
    assert 0 < created["offset_ms"] < 2_500
    driver.send("session.thinking.append", content="working", delegation_id=delegation["id"])
    driver.send(
        "session.commentary.append", content="It is booked.", delegation_id=delegation["id"]
    )
    driver.wait(3.0)
    assert driver.said() == "One moment. It is booked."
    driver.send("session.commentary.append", content="?", delegation_id="item_nobody")
    driver.create()
    assert [code for code, _ in driver.errors()] == [
        "harness_unknown_delegation",
        "harness_no_backend",
    ]


def test_a_backend_calls_a_function_and_goes_on_with_its_result() -> None:
    rules = [
        {"when": {"tool": "find_table"}, "say": "There is one at seven."},
        {"call": {"name": "find_table", "arguments": {"persons": 2}}},
    ]
    driver = LiveDriver(rules, {"delegation": BACKEND})
    driver.say(1.0)
    delegation = driver.last("session.delegation.created")["delegation"]
    first = driver.nested()[0]["response"]
    assert delegation["response_id"] == first["id"]
    assert [event["type"] for event in driver.nested()] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.function_call_arguments.delta",
        "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed",
    ]
    driver.create()
    assert driver.errors() == [("harness_outputs_missing", None)]
    driver.create('{"free": true}')
    driver.wait(3.0)
    last = driver.nested("response.completed")[-1]["response"]
    assert last["id"] != first["id"]
    assert (last["output"], last["tools"], last["instructions"]) == ([], [], None)
    assert driver.said() == "There is one at seven."
    assert {event["delegation_id"] for event in driver.of_type("response.event")} == {
        delegation["id"]
    }
    assert not [e for e in driver.events if "item.create" in e["type"]], "no ack"
    check_types(driver)


def test_what_is_typed_goes_to_the_backend() -> None:
    driver = LiveDriver([{"when": {"words": ["seven"]}, "say": "Noted."}], {"delegation": BACKEND})
    content = [{"type": "input_text", "text": "At seven."}]
    item = {"type": "message", "role": "user", "content": content}
    driver.send("response.item.create", item=item)
    driver.create()
    driver.wait(2.0)
    assert driver.said() == "Noted."
    assert driver.nested("response.output_text.done")[-1]["text"] == "Noted."
    check_types(driver)


def test_talking_over_the_voice_does_not_end_delegated_work() -> None:
    rules = [
        {"when": {"tool": "find_table"}, "say": "Done.", "delay_ms": 2_000},
        {"when": {"turn": 1}, "call": {"name": "find_table"}},
        {"silent": True},
    ]
    driver = LiveDriver(rules, {"delegation": BACKEND})
    driver.say(1.0)
    driver.create("{}")
    driver.say(1.0)
    driver.wait(3.0)
    assert driver.said() == "Done."


def test_close_drains_and_says_why_it_ended() -> None:
    driver = LiveDriver(COUNTING)
    driver.say(1.0)
    driver.wait(0.5)
    driver.send("session.thinking.append", content="late", delegation_id=None, event_id="t")
    driver.send("session.close", event_id="c")
    driver.send("session.update", session={"delegation": {"type": "client"}}, event_id="u")
    assert [event["error"]["client_event_id"] for event in driver.of_type("error")] == ["t", "u"]
    driver.wait(5.0)
    closed = driver.events[-1]
    assert (closed["type"], closed["reason"]) == ("session.closed", "close_requested")
    assert closed["client_event_id"] == "c"
    assert closed["session"]["status"] == "active"
    assert closed["usage"]["seconds"] > 3.0
    assert driver.said() == COUNTING[0]["say"]
    assert driver.closed is not None
    count = len(driver.events)
    driver.send("session.close")
    driver.say(1.0)
    assert len(driver.events) == count


def test_close_does_not_wait_for_ever() -> None:
    driver = LiveDriver(COUNTING)
    driver.seconds_per_word = 3.0
    driver.say(1.0)
    driver.send("session.close")
    asked_s = driver.now_s
    while driver.closed is None:
        driver.wait(0.1)
    assert driver.now_s - asked_s <= DRAIN_S + 0.2


def test_it_expires() -> None:
    """And is told of its usage every minute until then."""
    driver = LiveDriver(faults=read_faults(["session_limit; after_s=150"]))
    assert driver.events[0]["session"]["expires_at"] == 1_700_000_150
    driver.jump(200)
    assert [event["usage"]["seconds"] for event in driver.of_type("session.usage.updated")] == [
        60,
        120,
    ]
    assert driver.events[-1]["reason"] == "expired"
    assert driver.events[-1]["usage"]["seconds"] == 150
    assert driver.faults


def test_a_connection_that_is_lost_is_told_to_who_still_hears() -> None:
    driver = LiveDriver()
    driver.session.finish("connection_lost", driver.now_s)
    driver.session.finish("remote_hangup", driver.now_s)
    driver.drain()
    assert [event["reason"] for event in driver.of_type("session.closed")] == ["connection_lost"]


def test_a_channel_may_be_restricted_and_a_sideband_is_not() -> None:
    permissions = {"data_channel": {"allowed_client_events": ["session.close"]}}
    driver = LiveDriver(settings={"client": permissions})
    assert driver.last("info")["code"] == "data_channel_permissions"
    driver.send("session.input_audio.mute", event_id="a")
    assert driver.errors() == [("harness_event_not_allowed", "type")]
    driver.beside("session.input_audio.mute", event_id="b")
    assert driver.last("session.input_audio.muted")["client_event_id"] == "b"


def test_on_a_websocket_the_client_speaks_first_and_sound_goes_as_events() -> None:
    """At the pace of the timeline, silence included; without ids."""
    driver = LiveDriver([{"say": "Hello."}], transport="websocket")
    assert driver.events[0]["client_event_id"] == "start"
    assert driver.events[0]["session"]["audio"]["format"] == {"type": "audio/pcm", "rate": 24_000}
    for at in range(0, 40):
        loud = spoken(0.1) if at < 10 else silence(0.1)
        driver.send("session.input_audio.append", audio=pcm16.to_base64(loud))
        driver.jump(0.1)
    deltas = driver.of_type("session.output_audio.delta")
    assert len(deltas) == 40
    assert set(deltas[0]) == {"type", "delta"}
    sound = np.concatenate([pcm16.from_base64(event["delta"]) for event in deltas])
    assert np.count_nonzero(np.abs(sound) > 0.001) / 24_000 == pytest.approx(0.3, abs=0.02)
    assert (driver.said("input"), driver.said()) == ("hello there", "Hello.")
    driver.send("session.input_audio.append", audio="AA==", event_id="odd")
    assert driver.last("error")["error"]["code"] == "invalid_audio"


@pytest.mark.parametrize(
    "first",
    [
        {"type": "session.start", "session": {"model": "m", "turn_detection": {}}},
        {"type": "session.close"},
        {"type": "nonsense"},
    ],
)
def test_a_websocket_that_starts_wrong_has_no_session(first: dict[str, Any]) -> None:
    driver = LiveDriver(transport="websocket", starts=False)
    driver.send_text(json.dumps(first))
    assert [event["type"] for event in driver.events] == ["error"]
    assert driver.closed is not None


def test_a_sideband_gets_copies_of_both_sides() -> None:
    driver = LiveDriver([{"say": "Hello."}])
    driver.session.copies.is_on = True
    driver.say(1.0)
    driver.wait(1.0)
    heard = driver.of_type("session.input_audio.append")
    spoken_ = driver.of_type("session.output_audio.delta")
    assert set(heard[0]) == {"type", "audio"}
    assert len(heard) == len(spoken_) == 28
    ranges = [(event["start_ms"], event["end_ms"]) for event in spoken_]
    assert all(before[1] == after[0] for before, after in pairwise(ranges))


@pytest.mark.parametrize(
    ("wanted", "code", "param"),
    [
        ({"model": None}, "missing_required_parameter", "session.model"),
        ({"voice": "marin"}, "unknown_parameter", "session.voice"),
        ({"audio": {"format": {}}}, "unknown_parameter", "session.audio.format"),
    ],
)
def test_a_session_that_cannot_be_is_refused(wanted: dict[str, Any], code: str, param: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        LiveDriver(settings=wanted)
    assert (caught.value.code, caught.value.param) == (code, param)


# Anything may come

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


def check_types(driver: LiveDriver) -> None:
    """The official package's models take every event, those nested in others too."""
    for event in {event["type"]: event for event in driver.events}.values():
        assert official("live").validate_python(event).type == event["type"]
    for event in driver.events:
        if event["type"] == "response.event":
            nested = event["event"]
            assert official("responses").validate_python(nested).type == nested["type"]


@cache
def official(room: str) -> Any:
    from openai.types.live import ServerEvent
    from openai.types.responses import ResponseStreamEvent
    from pydantic import TypeAdapter

    union: Any = ServerEvent if room == "live" else ResponseStreamEvent
    return TypeAdapter(union)
