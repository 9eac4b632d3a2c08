"""One clock against another: drift, steps, readings that are wrong, and the doubt that is told."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.clock_fit import LATEST, NEAR, OLDER, PARTS_PER_SECOND, BestPairing, OffsetFit

HOUR_S = 3_600
EVERY_S = 0.5


def fitted(offsets: list[float], doubt: float = 0.0) -> OffsetFit:
    """Readings one second apart."""
    fit = OffsetFit()
    for at, offset in enumerate(offsets):
        fit.add(at, offset, doubt)
    return fit


def test_a_clock_that_was_never_read_has_no_offset() -> None:
    with pytest.raises(ValueError, match="never read"):
        OffsetFit().offset_at(0)
    assert not OffsetFit()
    assert OffsetFit().doubt == 0


def test_a_reading_that_is_wrong_alone_is_outvoted_and_told() -> None:
    fit = fitted([1.0, 1.0, 1.0, 1.4, 1.0, 1.0, 1.0])
    assert [fit.offset_at(at) for at in (2, 3, 4)] == [1.0, 1.0, 1.0]
    assert fit.doubt_at(3) == pytest.approx(0.4)
    assert fit.doubt_at(0) == 0


def test_a_step_holds_from_its_second_reading_on_and_is_doubtful_till_then() -> None:
    """As far as it is known while the call runs: the newest reading alone may be wrong."""
    fit = fitted([1.0, 1.0, 0.9])
    assert fit.offset_at(2) == 1.0
    assert fit.doubt_at(2) == pytest.approx(0.1)
    fit.add(3, 0.9)
    assert fit.offset_at(3) == 0.9
    assert fit.offset_at(1) == 1.0, "what lies before the step stays"


def test_two_readings_are_no_vote() -> None:
    fit = fitted([1.0, 0.5])
    assert (fit.offset_at(0), fit.offset_at(1)) == (1.0, 0.5)
    assert fit.doubt == 0.5


def test_a_reading_from_before_the_latest_changes_nothing() -> None:
    fit = fitted([1.0, 1.0, 1.0])
    fit.add(0.5, 7.0)
    assert fit.offset_at(0.5) == 1.0


def an_hour(seed: int, drift_ppm: float, steps: int, wrong_share: float) -> tuple[float, float]:
    """Follow a drifting, stepping clock for an hour; read live, just behind each reading.

    Returns:
        The error that 95 of 100 moments stay below, seconds; the share of them in the doubt told.
    """
    rng = random.Random(seed)
    step_at = sorted(rng.uniform(10, HOUR_S) for _ in range(steps))
    step_by = [-rng.choice([0.010, 0.020, 0.050, 0.300]) for _ in step_at]  # whole buffers

    def truth(at: float) -> float:
        stepped = sum(by for when, by in zip(step_at, step_by, strict=True) if when <= at)
        return 5.0 + drift_ppm * 1e-6 * at + stepped

    fit, errors, inside = OffsetFit(), [], 0
    for place in range(int(HOUR_S / EVERY_S)):
        at = place * EVERY_S
        noise = rng.uniform(-0.0005, 0.0005)
        is_wrong = place > 2 and rng.random() < wrong_share
        fit.add(at, truth(at) + noise + (rng.uniform(-0.2, 0) if is_wrong else 0), 0.001)
        asked = at + rng.uniform(0, EVERY_S)
        error = abs(fit.offset_at(asked) - truth(asked))
        errors.append(error)
        inside += error <= fit.doubt_at(asked)
    errors.sort()
    return errors[math.ceil(0.95 * len(errors)) - 1], inside / len(errors)


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 2**32),
    st.floats(-200, 200),
    st.integers(0, 60),
    st.floats(0, 0.01),
)
def test_an_hour_of_drift_steps_and_wrong_readings_is_followed_within_a_millisecond(
    seed: int, drift_ppm: float, steps: int, wrong_share: float
) -> None:
    """Also where the clocks drift by 0.7 s in that hour, and the doubt told is large enough."""
    error_s, inside = an_hour(seed, drift_ppm, steps, wrong_share)
    assert error_s < 0.001
    assert inside >= 0.95


def test_the_best_pairing_wins() -> None:
    pairing = BestPairing()
    assert pairing.offset is None
    assert pairing.doubt_at(0) == math.inf
    pairing.add(0, 10.0, 0.002)
    pairing.add(1, 10.001, 0.05)
    assert pairing.offset == 10.0
    pairing.add(2, 10.0005, 0.001)
    assert pairing.offset == 10.0005


def test_an_old_pairing_loses_its_worth() -> None:
    """A worse one replaces it as soon as the clocks may have drifted further apart than that."""
    pairing = BestPairing()
    pairing.add(0, 10.0, 0.001)
    assert pairing.doubt_at(1_000) == pytest.approx(0.001 + 1_000 * PARTS_PER_SECOND)
    pairing.add(1_000, 10.01, 0.010)
    assert pairing.offset == 10.01


def test_a_clock_that_was_set_is_believed_at_once() -> None:
    """A reading that cannot be true with the one before says that something changed."""
    pairing = BestPairing()
    pairing.add(0, 10.0, 0.001)
    pairing.add(5, 12.0, 0.1)
    assert pairing.offset == 12.0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.floats(-14, 14))
def test_python_and_page_stay_paired_over_an_hour(seed: int, drift_ppm: float) -> None:
    """Round trips of 1 to 80 ms, one in five seconds: the doubt told holds, and is small."""
    rng, pairing, doubts = random.Random(seed), BestPairing(), []
    for at in range(0, HOUR_S, 5):
        trip = rng.choice([0.001, 0.002, 0.002, 0.003, 0.08])
        true = 3.0 + drift_ppm * 1e-6 * at
        pairing.add(at, true + rng.uniform(-trip / 2, trip / 2), trip / 2)
        assert pairing.offset is not None
        assert abs(pairing.offset - true) <= pairing.doubt_at(at) + 1e-12
        doubts.append(pairing.doubt_at(at))
    assert sorted(doubts)[len(doubts) * 95 // 100] < 0.003


def test_eight_hours_of_readings_are_kept_in_the_room_of_one() -> None:
    fit = OffsetFit()
    for tenth in range(8 * 36_000):
        fit.add(tenth / 10, tenth * 1e-5, 0.001)
    assert len(fit._at) < LATEST + 2 * NEAR * OLDER
    assert len(fit._sorted_doubts) == len(fit._at)
    for at in (1.0, 4 * 3_600.0, 8 * 3_600.0 - 1):
        assert fit.offset_at(at) == pytest.approx(at * 1e-4, abs=0.002)
