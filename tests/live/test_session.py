"""A Live session from its start to its last event."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from harness.audio import pcm16
from harness.errors import ProtocolError
from harness.live.beginning import START_WITHIN_S
from harness.live.session import DRAIN_S
from harness.realtime.faults.parse import read_faults
from harness.realtime.server.outputs import NOT_STARTED
from tests.support.live_driver import MODEL, LiveDriver
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


def test_sound_that_comes_while_it_closes_is_no_mistake() -> None:
    driver = LiveDriver(COUNTING, transport="websocket")
    driver.send("session.input_audio.append", audio=pcm16.to_base64(spoken(1.0)))
    driver.send("session.input_audio.append", audio=pcm16.to_base64(silence(0.8)))
    driver.jump(0.5)
    driver.send("session.close")
    while driver.closed is None:
        driver.send("session.input_audio.append", audio=pcm16.to_base64(spoken(0.1)))
        driver.jump(0.1)
    assert (driver.said(), driver.errors()) == (COUNTING[0]["say"], [])
    assert driver.said("input") == "hello there"


def test_a_websocket_that_starts_nothing_is_not_kept() -> None:
    driver = LiveDriver(transport="websocket", starts=False)
    driver.jump(START_WITHIN_S - 0.1)
    assert (driver.events, driver.closed) == ([], None)
    driver.jump(0.1)
    assert driver.errors() == [("harness_not_started", "type")]
    assert driver.closed == NOT_STARTED
    assert driver.session.wake_at_s() is None


def test_its_length_counts_from_its_start() -> None:
    """Not from when it was made, or the connection was."""
    waiting = LiveDriver(transport="websocket", starts=False)
    waiting.jump(10.0)
    waiting.send("session.start", session=MODEL)
    connecting = LiveDriver(made_s=90.0)  # the driver opens it at 100 s
    for driver in (waiting, connecting):
        assert driver.events[0]["session"]["expires_at"] == 1_700_000_010 + 7_200


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
