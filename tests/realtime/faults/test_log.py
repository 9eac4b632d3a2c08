"""What faults did, kept for whoever asks."""

from __future__ import annotations

from harness.realtime.faults.log import MOST_KEPT, FaultLog
from harness.realtime.faults.triggers import Applied


def test_it_gives_what_is_new() -> None:
    log = FaultLog()
    log.note_for("rtc_A")(Applied("event_late", "x is late", 1.0))
    log.add(Applied("http_error", "429", 2.0))
    assert [one["name"] for one in log.since(0.0)] == ["event_late", "http_error"]
    (last,) = log.since(1.0)
    assert last == {"name": "http_error", "detail": "429", "at_s": 2.0, "call_id": None}


def test_it_is_bounded_and_says_so() -> None:
    log = FaultLog()
    for number in range(MOST_KEPT + 5):
        log.add(Applied("event_late", "", float(number)))
    assert len(log.since(-1.0)) == MOST_KEPT
    assert log.dropped == 5
