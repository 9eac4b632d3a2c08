"""Series from getStats: totals whose differences are plain, streams told apart, gaps kept."""

from __future__ import annotations

from typing import Any

import pytest

from harness.score.media_stats import media_stats
from harness.score.stat_series import StatSeries, stat_series
from harness.trace import TraceEvent
from tests.support.call_events import event


def received(second: int, id: str = "in", **more: Any) -> dict[str, Any]:
    """The totals after so many seconds: 5 % concealed, 60 ms of buffer, 2 % lost, 32 kbit/s."""
    return {
        "type": "inbound-rtp",
        "kind": "audio",
        "id": id,
        "timestamp": 1000.0 * second,
        "concealedSamples": 2400 * second,
        "totalSamplesReceived": 48_000 * second,
        "jitterBufferDelay": 0.06 * 48_000 * second,
        "jitterBufferEmittedCount": 48_000 * second,
        "packetsLost": second,
        "packetsReceived": 49 * second,
        "bytesReceived": 4000 * second,
        "jitter": 0.004,
        "totalAudioEnergy": 0.01 * second,
        "totalSamplesDuration": float(second),
        **more,
    }


def sent(second: int) -> list[dict[str, Any]]:
    """40 kbit/s, at −40 dBFS."""
    source = {"type": "media-source", "kind": "audio", "id": "mic", "timestamp": 1000.0 * second}
    source |= {"totalAudioEnergy": 1e-4 * second, "totalSamplesDuration": float(second)}
    out = {"type": "outbound-rtp", "kind": "audio", "id": "out", "mediaSourceId": "mic"}
    return [source, {**out, "bytesSent": 5000 * second, "timestamp": 1000.0 * second}]


def pair(second: int, answers: int) -> dict[str, Any]:
    return {
        "type": "candidate-pair",
        "id": "pair",
        "nominated": True,
        "totalRoundTripTime": 0.08 * answers,
        "responsesReceived": answers,
        "currentRoundTripTime": 0.08,
    }


def report(t_s: float, *objects: dict[str, Any], connection: str = "c") -> TraceEvent:
    return event("stats", t_s, "stats", connection=connection, report=list(objects))


def one(series: list[StatSeries], quantity: str, side: str = "received") -> StatSeries:
    [found] = [each for each in series if (each.quantity, each.side) == (quantity, side)]
    return found


def values(series: StatSeries) -> list[float | None]:
    return [value if value is None else round(value, 6) for _, value in series.points]


def test_a_value_is_of_the_stretch_between_two_reports() -> None:
    series = stat_series([report(float(s), received(s), *sent(s)) for s in (1, 2, 3)])
    assert values(one(series, "concealment")) == [0.05, 0.05]
    assert values(one(series, "jitter_buffer")) == [0.06, 0.06]
    assert values(one(series, "loss")) == [0.02, 0.02]
    assert values(one(series, "jitter")) == [0.004, 0.004, 0.004]
    assert values(one(series, "bit_rate")) == [32_000, 32_000]
    assert values(one(series, "level")) == [-20, -20]
    assert values(one(series, "bit_rate", "sent")) == [40_000, 40_000]
    assert values(one(series, "level", "sent")) == [-40, -40]
    assert [at_s for at_s, _ in one(series, "concealment").points] == [2.0, 3.0]


def test_the_values_are_those_of_the_call_s_own_statistics() -> None:
    """A burst of concealment: the curve and the rate of that window say the same."""
    totals = {1: 0, 2: 0, 3: 9600, 4: 9600}
    events = [report(float(s), received(s, concealedSamples=c)) for s, c in totals.items()]
    drawn = dict(one(stat_series(events), "concealment").points)
    for at_s, value in drawn.items():
        assert value == media_stats(events, at_s - 1, at_s).concealed_ratio


def test_where_nothing_came_there_is_no_value() -> None:
    events = [report(float(s), received(min(s, 2), timestamp=1000.0 * s)) for s in (1, 2, 3)]
    series = stat_series(events)
    assert values(one(series, "concealment")) == [0.05, None]
    assert values(one(series, "loss")) == [0.02, None]
    assert values(one(series, "level")) == [-20, None]
    assert values(one(series, "bit_rate")) == [32_000, 0], "that nothing came was measured"


def test_reports_that_stopped_for_a_while_leave_a_gap() -> None:
    series = stat_series([report(float(s), received(s)) for s in (1, 2, 3, 12, 13)])
    assert values(one(series, "jitter")) == [0.004, 0.004, 0.004, None, 0.004, 0.004]


def test_a_gap_of_the_reports_is_one_of_the_round_trip_too() -> None:
    events = [report(float(s), pair(s, s)) for s in (1, 2, 3, 12, 13)]
    points = one(stat_series(events), "round_trip", "both").points
    assert [value is None for _, value in points] == [False, False, True, False, False]


def test_reports_that_always_come_rarely_leave_none() -> None:
    series = stat_series([report(float(s), received(s)) for s in (10, 20, 30)])
    assert values(one(series, "jitter")) == [0.004, 0.004, 0.004]


def test_a_round_trip_is_drawn_where_a_check_was_answered() -> None:
    answers = [1, 2, 2, 3, *([3] * 20), 4]
    events = [report(float(s), pair(s, a)) for s, a in enumerate(answers)]
    points = one(stat_series(events), "round_trip", "both").points
    assert [(at_s, value and round(value, 3)) for at_s, value in points] == [
        (1.0, 0.08),
        (3.0, 0.08),
        (13.5, None),
        (24.0, 0.08),
    ]


def test_what_the_other_side_lost_is_told_once_a_report_of_its() -> None:
    def told(second: int, stamp_s: float, lost: float) -> dict[str, Any]:
        stamp = {"timestamp": 1000.0 * stamp_s, "fractionLost": lost}
        return {"type": "remote-inbound-rtp", "kind": "audio", "id": "remote", **stamp}

    events = [
        report(1.0, *sent(1), told(1, 0.5, 0.0)),
        report(2.0, *sent(2), told(2, 0.5, 0.0)),
        report(3.0, *sent(3), told(3, 2.5, 0.25)),
    ]
    assert one(stat_series(events), "loss", "sent").points == ((0.5, 0.0), (2.5, 0.25))


def test_tracks_and_connections_are_told_apart() -> None:
    events = [
        report(float(s), received(s), received(s, "second", concealedSamples=0), connection=name)
        for s in (1, 2)
        for name in ("c", "d")
    ]
    found = [one for one in stat_series(events) if one.quantity == "concealment"]
    assert [(each.connection, each.stream, each.points[0][1]) for each in found] == [
        ("c", "in", pytest.approx(0.05)),
        ("c", "second", 0),
        ("d", "in", pytest.approx(0.05)),
        ("d", "second", 0),
    ]


def test_counts_that_begin_anew_are_no_value() -> None:
    events = [report(float(at), received(s)) for at, s in ((1, 8), (2, 9), (3, 1), (4, 2))]
    assert [at_s for at_s, _ in one(stat_series(events), "concealment").points] == [2.0, 4.0]


def test_what_is_no_number_is_not_measured() -> None:
    odd: dict[str, Any] = {"packetsLost": "many", "bytesReceived": None, "jitter": float("nan")}
    series = stat_series([report(float(s), received(s, **odd)) for s in (1, 2)])
    assert {each.quantity for each in series} == {"concealment", "jitter_buffer", "level"}
    assert stat_series([event("stats", 1.0, "stats", report=None)]) == []
