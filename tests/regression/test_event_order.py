"""Order of events in a turn: what always came first and now comes last, and nothing by chance."""

from __future__ import annotations

import pytest

from harness.regression.event_order import order_findings
from tests.support.make_calls import make_turn, one_turn

BEFORE = {"user.speech_stopped": 1500.0, "user.committed": 1504.0, "answer.started": 1900.0}
AFTER = {"answer.started": 1200.0, "user.speech_stopped": 1500.0, "user.committed": 1504.0}


def test_what_comes_first_now_is_told_once() -> None:
    turns = one_turn([make_turn(events_ms=BEFORE)], [make_turn(events_ms=AFTER)])
    (found,) = order_findings("booking", turns)
    assert (found.verdict, found.kind, found.turn) == ("changed", "events", 1)
    assert found.text == "answer.started now comes before user.speech_stopped"
    assert "+400 ms" in found.evidence
    assert "-300 ms" in found.evidence


@pytest.mark.parametrize(
    "after",
    [
        {**BEFORE, "answer.started": 1450.0},  # 50 ms before: nobody knows
        {"user.speech_stopped": 1500.0},  # gone is told elsewhere
        {},
    ],
)
def test_what_is_near_gone_or_unknown_has_no_order(after: dict[str, float]) -> None:
    turns = one_turn([make_turn(events_ms=BEFORE)], [make_turn(events_ms=after)])
    assert list(order_findings("booking", turns)) == []


def test_one_run_that_has_the_old_order_is_enough() -> None:
    base = [make_turn(events_ms=BEFORE)] * 3
    new = [make_turn(events_ms=AFTER), make_turn(events_ms=BEFORE), make_turn(events_ms=AFTER)]
    assert list(order_findings("booking", one_turn(base, new))) == []
    assert len(list(order_findings("booking", one_turn(base, new[:1])))) == 1


def test_transcripts_come_when_they_are_ready() -> None:
    before = {"user.transcript": 1600.0, "answer.started": 1900.0}
    after = {"answer.started": 1900.0, "user.transcript": 2400.0}
    turns = one_turn([make_turn(events_ms=before)], [make_turn(events_ms=after)])
    assert list(order_findings("booking", turns)) == []
