"""What was received and not played, from levels and the page's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.score.playback import (
    UNKNOWN,
    Level,
    PlaybackState,
    unplayed,
    why_unheard,
)

LOUD, SILENT = -20.0, -120.0
MUTED = PlaybackState(0.0, "t", 0.0, "the element is muted")


def levels(pattern: str, source: str = "", loud: float = LOUD, late_s: float = 0.0) -> list[Level]:
    """A tenth of a second for each character, from 0 s: "#" is sound, anything else silence."""
    return [
        Level(i / 10 + late_s, (i + 1) / 10 + late_s, loud if c == "#" else SILENT, source)
        for i, c in enumerate(pattern)
    ]


def test_what_is_played_is_not_missed() -> None:
    said = "...#####...####..."
    assert unplayed(levels(said, "t"), levels(said), []) == []


@pytest.mark.parametrize("late_s", [0.02, 0.1, 0.3])
def test_a_graph_plays_later_than_it_receives(late_s: float) -> None:
    said = "...#####......"
    assert unplayed(levels(said, "t"), levels(said, late_s=late_s), []) == []


def test_a_muted_element_is_named_with_its_stretch() -> None:
    [lost] = unplayed(levels("...#####..#####..", "t"), levels("." * 17), [MUTED])
    assert (lost.start_s, lost.end_s) == pytest.approx((0.3, 1.5))  # a pause between words
    assert str(lost) == "received, never played: the element is muted"


def test_the_reason_is_the_one_that_lasted() -> None:
    states = [
        PlaybackState(0.0, "t", 0.0, "no element plays the track"),
        PlaybackState(0.35, "t", 0.0, "the element is paused"),
        PlaybackState(0.9, "t", 1.0, ""),
    ]
    [lost] = unplayed(levels("...######......", "t"), levels("." * 15), states)
    assert lost.reason == "the element is paused"


def test_a_volume_that_nobody_hears_is_no_playing() -> None:
    states = [PlaybackState(0.0, "t", 0.01, "")]
    [lost] = unplayed(levels("..#######", "t"), levels("..#######", loud=LOUD - 40), states)
    assert lost.reason == "the element's volume is 0.01"


def test_a_low_volume_is_heard() -> None:
    assert unplayed(levels("..#####", "t"), levels("..#####", loud=LOUD - 20), []) == []


def test_a_graph_that_silences_says_so_without_a_state() -> None:
    states = [PlaybackState(0.0, "t", 0.0, "")]
    [lost] = unplayed(levels("..#######", "t"), levels("." * 9), states)
    assert lost.reason == UNKNOWN


def test_why_nothing_was_heard_is_asked_for_a_stretch() -> None:
    lost = unplayed(levels("...#####" + "." * 20, "t"), levels("." * 28), [MUTED])
    assert why_unheard(lost, 0.0, 1.0) == "received, never played: the element is muted"
    assert why_unheard(lost, 1.5, 2.0) is None  # nothing was received there
    assert why_unheard(lost, 0.7, 2.0) is None  # the tail of what came before
    assert why_unheard([], 0.0, 1.0) is None


@given(st.text(alphabet=".#", max_size=60))
def test_stretches_cover_sound_and_only_what_was_received(said: str) -> None:
    received = levels(said, "t")
    lost = unplayed(received, [], [MUTED])
    for stretch in lost:
        inside = [r for r in received if r.start_s >= stretch.start_s and r.end_s <= stretch.end_s]
        assert inside[0].rms_dbfs == inside[-1].rms_dbfs == LOUD
    assert unplayed(received, levels(said), [MUTED]) == []
