"""What a busy machine took from a call, from made statistics."""

from __future__ import annotations

import pytest

from harness.score.held_up import held_up, held_up_notes
from harness.trace import TraceEvent


def report(
    seq: int, t_s: float | None, played_s: float, wall_s: float, track: str = "a"
) -> TraceEvent:
    stat = {
        "id": track,
        "type": "inbound-rtp",
        "kind": "audio",
        "totalSamplesDuration": played_s,
        "timestamp": 1_767_225_600_000 + 1000 * wall_s,
    }
    data = {"connection": "connection-0", "report": [stat]}
    return TraceEvent(seq=seq, t_s=t_s, source="page", type="stats", data=data)


def test_a_clock_that_stood_still_is_behind_the_sound_and_the_time_of_day() -> None:
    events = [report(0, 4.0, 0.0, 4.0), report(1, 5.0, 1.0, 5.0), report(2, 13.0, 11.0, 15.02)]
    found = held_up(events)
    assert found is not None
    assert found.held_up_s == pytest.approx(2.0)  # from the first sound on
    assert found.within_s == pytest.approx(8.0)
    (note,) = held_up_notes(found)
    assert "stood still for 2.0 s of 8 s" in note


@pytest.mark.parametrize(
    ("played_s", "wall_s"),
    [
        (61.0, 91.0),  # the time of day was set by half a minute
        (91.0, 61.0),  # samples were counted twice
        (61.03, 61.04),
        (40.0, 40.0),
    ],
)
def test_what_one_witness_alone_says_and_what_is_little_is_no_news(
    played_s: float, wall_s: float
) -> None:
    events = [report(0, 1.0, 1.0, 1.0), report(1, 61.0, played_s, wall_s)]
    assert held_up_notes(held_up(events)) == []
    found = held_up(events)
    assert found is not None
    assert 0 <= found.held_up_s < 0.1


def test_the_track_with_the_most_reports_counts() -> None:
    long = [report(n, float(n), float(n), float(n)) for n in range(1, 6)]
    short = [report(7, 1.0, 1.0, 1.0, "b"), report(8, 2.0, 9.0, 9.0, "b")]
    found = held_up([*long, *short])
    assert found is not None
    assert found.held_up_s == pytest.approx(0.0)


@pytest.mark.parametrize("events", [[], [report(0, 1.0, 1.0, 1.0)], [report(0, None, 1.0, 1.0)]])
def test_a_call_without_two_reports_cannot_tell(events: list[TraceEvent]) -> None:
    assert held_up(events) is None
    assert held_up_notes(held_up(events)) == []
