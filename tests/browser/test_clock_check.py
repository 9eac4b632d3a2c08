"""Page time is held against the harness's own clock."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.browser.clock_check import ANCHORS, ASKS_EVERY, ClockCheck
from harness.errors import ClockError
from harness.timeline import Timeline

PAGE_MS = 1_700_000_000_000.0


def make(pairing_doubt_s: float = 0.0005) -> ClockCheck:
    timeline = Timeline()
    timeline.start(PAGE_MS)
    timeline.pair_python(100.0, PAGE_MS, pairing_doubt_s)
    return ClockCheck(timeline)


def anchors(witness: ClockCheck, late_ms: list[float]) -> list[bool]:
    """Of each whether the realm's clock is to be asked."""
    asks = []
    for i, late in enumerate(late_ms):
        arrived_s = 101.0 + i / 2
        page_ms = PAGE_MS + (arrived_s - 100) * 1000 - late
        asks.append(witness.take_anchor("realm", page_ms, arrived_s))
    return asks


@given(st.lists(st.floats(-40, 900), max_size=40))
def test_anchors_that_come_when_they_may_are_believed(late_ms: list[float]) -> None:
    anchors(make(), late_ms)


@pytest.mark.parametrize("off_ms", [500, 3_600_000])
def test_anchors_from_the_future_are_an_error_of_the_harness(off_ms: float) -> None:
    with pytest.raises(ClockError, match=r"s ahead") as raised:
        anchors(make(), [-off_ms] * ANCHORS)
    assert raised.value.exit_code == 3


def test_where_anchors_are_always_old_the_clock_is_asked_whether_it_is_behind() -> None:
    """A machine too busy to tell them in time is no reason to end a call."""
    witness = make()
    asks = anchors(witness, [1_200.0] * 2 * ANCHORS)
    assert asks[ANCHORS - 1]
    assert asks[2 * ANCHORS - 1]
    assert sum(asks) == 4, "those, and as ever the first and one a few seconds later"
    witness.take_reading(PAGE_MS + 5_000, 104.0, 106.0)
    with pytest.raises(ClockError, match=r"3\.000 s behind"):
        witness.take_reading(PAGE_MS + 2_000, 105.0, 107.0)


def test_what_the_pairing_leaves_in_doubt_is_no_fault_of_the_page() -> None:
    """On a machine too busy for a quick answer, Python's own place is known to 0.11 s."""
    witness = make(pairing_doubt_s=0.11)
    witness.take_reading(PAGE_MS + 5_120, 104.9, 105.0)
    anchors(witness, [-120.0] * ANCHORS)
    with pytest.raises(ClockError, match=r"within 160 ms(.|\n)*0\.180 s ahead"):
        witness.take_reading(PAGE_MS + 5_180, 104.9, 105.0)
    with pytest.raises(ClockError, match=r"0\.200 s ahead"):
        anchors(witness, [-200.0] * ANCHORS)


def test_a_page_that_was_busy_for_seconds_is_believed() -> None:
    anchors(make(), [4_000 - 500 * i for i in range(8)] + [0.0] * 8)


def test_one_impossible_anchor_is_a_wall_clock_that_was_set() -> None:
    anchors(make(), [0.0] * 5 + [-3_000.0] + [0.0] * 10)


def test_a_realm_s_clock_is_asked_at_its_first_anchor_and_then_sometimes() -> None:
    witness = make()
    asked = [witness.take_anchor("realm", PAGE_MS, 100.0) for _ in range(ASKS_EVERY + 1)]
    assert asked == [True] + [False] * (ASKS_EVERY - 1) + [True]
    assert witness.take_anchor("another", PAGE_MS, 100.0)


def test_an_answer_between_question_and_its_arrival_is_right() -> None:
    make().take_reading(PAGE_MS + 1_010, 101.0, 101.02)


@pytest.mark.parametrize("page_ms", [PAGE_MS + 1_500, PAGE_MS + 500, 0.0, math.nan])
def test_any_other_answer_is_an_error(page_ms: float) -> None:
    with pytest.raises(ClockError, match="cannot be trusted"):
        make().take_reading(page_ms, 101.0, 101.02)


def test_nothing_is_judged_before_the_clocks_were_paired() -> None:
    witness = ClockCheck(Timeline())
    assert not witness.take_anchor("realm", 1.0, 1.0)
    witness.take_reading(1.0, 1.0, 2.0)
