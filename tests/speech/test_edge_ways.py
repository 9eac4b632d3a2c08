"""Ways outwards over sound that is written down hop by hop."""

import numpy as np
import pytest

from harness.speech.edge_ways import (
    ONSET_ERRORS_S,
    UNSEEN_S,
    Way,
    Ways,
    way_out,
)


def hops(pattern: str) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    """Ten hops for each sign: "#" is loud, "." is not."""
    return np.repeat(np.array([each == "#" for each in pattern], np.float32), 10)


@pytest.mark.parametrize(
    ("pattern", "reached"),
    [("####....", 40), ("##.##...", 50), ("##...##.", 20), ("........", None)],
)
def test_a_way_ends_where_a_dip_is_too_long(pattern: str, reached: int | None) -> None:
    assert way_out(hops(pattern), 10, 15) == reached


def test_inside_of_what_was_detected_no_dip_ends_it() -> None:
    assert way_out(hops("##...##."), 60, 15) == 70


def test_a_click_away_from_other_sound_does_not_count() -> None:
    loud = hops("##......")
    loud[40] = 1
    assert way_out(loud, 10, 30) == 20


def test_a_way_that_a_little_more_level_shortens_is_that_uncertain() -> None:
    def go(way: Way, level: tuple[float, float]) -> int:
        return 50 if level[0] > 0.11 else 60

    ways = Ways.of(go, Way(0.7, 0.1), 0.1)
    assert ways.stated_s(-20, ONSET_ERRORS_S, 0.006, 0.0) == pytest.approx(0.026)
    assert ways.stated_s(-20, ONSET_ERRORS_S, 0.006, 0.1) == 0.1


def test_what_sounds_again_is_added_and_what_was_not_found_is_the_detectors() -> None:
    ways = Ways(50, (50,), 80)
    assert ways.stated_s(-20, ONSET_ERRORS_S, 0.006, 0.0) == pytest.approx(0.008 + 0.06)
    assert Ways(None, (), 0).stated_s(-20, ONSET_ERRORS_S, 0.006, 0.0) == UNSEEN_S
