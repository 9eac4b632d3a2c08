"""What the timeline draws."""

from __future__ import annotations

from harness.report import drawing
from harness.report.build import build_scenario
from harness.score.call_record import CallRecord
from harness.score.exchanges import exchanges_of
from tests.support.call_events import event


def test_latencies_reach_from_where_they_start_to_where_they_end(rover: CallRecord) -> None:
    result = build_scenario(rover)
    lanes = drawing.latency_lanes(rover, exchanges_of(rover), result.turns)
    assert [lane.kind for lane in lanes] == ["wait", "stages", "reaction"]
    turn = result.turns[0]
    assert turn.said is not None
    assert turn.heard is not None
    bar = lanes[0].bars[0]
    assert (bar.start_s, bar.end_s) == (turn.said.end_s, turn.heard.start_s)
    assert "voice-to-voice" in bar.title
    assert lanes[1].bars[1].text == "520 ms + 90 ms"


def test_words_are_drawn_where_they_were_spoken(rover: CallRecord) -> None:
    result = build_scenario(rover, recognise=lambda _: "heard words")
    said = drawing.said_bars(result, rover.end_s)
    heard = drawing.heard_bars(result, rover.end_s)
    assert said[0].text == "Go forward ten meters."
    assert said[0].room_s == said[1].start_s - said[0].start_s
    assert [bar.kind for bar in heard] == ["", "cut", ""]


def test_a_step_that_never_ended_reaches_to_the_end() -> None:
    events = [
        event("step.started", 1.0, "harness", index=1, kind="say", text="hello"),
        event("step.ended", 2.0, "harness", index=1, outcome="done"),
        event("step.started", 2.0, "harness", index=2, kind="expect", text="an answer"),
    ]
    first, second = drawing.step_lane(events, 9.0).bars
    assert (first.start_s, first.end_s, first.kind) == (1.0, 2.0, "")
    assert (second.start_s, second.end_s, second.kind) == (2.0, 9.0, "bad")


def test_the_name_of_a_connection_is_no_state_of_it() -> None:
    events = [
        event("peer_connection.state", 0.1, "page", connection="connection-0", kind="signaling",
              state="have-local-offer"),
        event("peer_connection.state", 0.2, "page", connection="connection-0", kind="connection",
              state="connecting"),
    ]  # fmt: skip
    [lane] = drawing.state_lanes(events, 5.0)
    assert [bar.text for bar in lane.bars] == ["connecting"]


def test_states_last_until_the_next_one() -> None:
    events = [
        event("peer_connection.state", 0.2, "page", kind="connection", state="connecting"),
        event("peer_connection.state", 0.5, "page", kind="connection", state="connected"),
        event("peer_connection.state", 4.0, "page", connection="failed"),
        event("data_channel.open", 0.6, "page", label="events"),
    ]
    connection, channel = drawing.state_lanes(events, 5.0)
    assert [(b.start_s, b.end_s, b.kind) for b in connection.bars] == [
        (0.2, 0.5, "pending"),
        (0.5, 4.0, "good"),
        (4.0, 5.0, "bad"),
    ]
    assert (channel.bars[0].start_s, channel.bars[0].end_s) == (0.6, 5.0)


def test_a_call_without_events_draws_nothing() -> None:
    assert drawing.state_lanes([], 5.0) == []
    assert drawing.step_lane([], 5.0).bars == ()
    assert drawing.muted_bars([], 5.0) == []


def test_muting_is_drawn_from_off_to_on() -> None:
    events = [event("microphone.mute", t, "harness", muted=m) for t, m in [(1.0, True), (2, False)]]
    assert [(b.start_s, b.end_s) for b in drawing.muted_bars(events, 5.0)] == [(1.0, 2)]
    assert drawing.muted_bars(events[:1], 5.0)[0].end_s == 5.0


def test_what_was_received_and_not_played_has_its_reason() -> None:
    facts = {"start_s": 1.5, "end_s": 2.5, "reason": "the element is muted", "track": "t"}
    (bar,) = drawing.unplayed_lane([event("heard.not_played", 1.5, "harness", **facts)], 5.0).bars
    assert (bar.start_s, bar.end_s, bar.text) == (1.5, 2.5, "the element is muted")
    assert bar.title == "Received, never played: the element is muted"
    assert drawing.unplayed_lane([], 5.0).bars == ()


def test_what_other_connections_said_has_a_lane_with_their_names() -> None:
    facts = {"start_s": 1.5, "end_s": 2.5, "connection": "connection-3"}
    heard = event("heard.other_connection", 1.5, "harness", **facts)
    (bar,) = drawing.others_lane([heard], 5.0).bars
    assert (bar.start_s, bar.end_s, bar.text) == (1.5, 2.5, "connection-3")


def test_long_work_lasts_from_its_call_to_its_end() -> None:
    events = [
        event("thinking.started", 1.0, "harness", job="job_1", tool="research", arguments="{}"),
        event("thinking.started", 2.0, "harness", job="job_2", tool="ponder", arguments="{}"),
        event("thinking.ended", 3.0, "harness", job="job_1", status="failed", text="no library"),
    ]
    failed, going_on = drawing.work_lane(events, 9.0).bars
    assert (failed.start_s, failed.end_s, failed.kind) == (1.0, 3.0, "bad")
    assert failed.title == "research (job_1), failed: no library"
    assert (going_on.start_s, going_on.end_s, going_on.text) == (2.0, 9.0, "ponder")


def test_latencies_are_written_for_people() -> None:
    assert drawing.milliseconds(0.6124) == "612 ms"
    assert drawing.milliseconds(1.239) == "1.24 s"
    assert drawing.milliseconds(-0.2) == "-200 ms"
