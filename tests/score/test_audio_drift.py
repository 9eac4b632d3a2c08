"""Drift of audio, from made statistics."""

from __future__ import annotations

import pytest

from harness.score.audio_drift import WINDOW_S, Mark, audio_drift

LEAST = 0.005
RATE_HZ = 48_000


def marks(
    windows: int = 3,
    *,
    left_out: float = 0.0,
    inserted: float = 0.0,
    made_up: float = 0.0,
    wait_s: float = 0.05,
    longer_s: float = 0.0,
    held_up: float = 0.0,
) -> list[Mark]:
    """Windows of a call, in each of which these shares of the samples were left out, and so on.

    Args:
        windows: how many.
        wait_s: in the jitter buffer, in the first window.
        longer_s: by so much more in each that follows.
        held_up: for this share of its time the audio clock stood still.
    """
    played = WINDOW_S * RATE_HZ
    found, delay = [], 0.0
    for edge in range(windows + 1):
        stat = {
            "totalSamplesReceived": edge * played,
            "totalSamplesDuration": edge * WINDOW_S * (1 + held_up),
            "removedSamplesForAcceleration": edge * played * left_out,
            "insertedSamplesForDeceleration": edge * played * inserted,
            "concealedSamples": edge * played * made_up,
            "jitterBufferDelay": delay,
            "jitterBufferEmittedCount": edge * played,
        }
        mark = Mark.of(edge * WINDOW_S, stat)
        assert mark is not None
        found.append(mark)
        delay += (wait_s + edge * longer_s) * played
    return found


def test_audio_that_comes_too_fast_or_too_slowly() -> None:
    assert audio_drift(marks(left_out=0.012), LEAST) == pytest.approx(0.012)
    assert audio_drift(marks(inserted=0.02), LEAST) == pytest.approx(-0.02)


def test_a_little_either_way_is_the_clocks_of_two_machines() -> None:
    assert audio_drift(marks(left_out=0.004), LEAST) is None
    assert audio_drift(marks(left_out=0.02, inserted=0.019), LEAST) is None


def test_it_takes_half_a_minute_to_know() -> None:
    assert audio_drift(marks(2, left_out=0.02), LEAST) is None


def test_a_window_that_does_not_drift_is_enough_to_say_nothing() -> None:
    steady, fast = marks(1), marks(2, left_out=0.03)
    moved = [Mark(mark.t_s + WINDOW_S, _added(mark, steady[-1])) for mark in fast]
    assert audio_drift([*steady, *moved[1:]], LEAST) is None


def _added(mark: Mark, before: Mark) -> dict[str, float]:
    return {name: total + before.totals[name] for name, total in mark.totals.items()}


def test_sound_that_was_made_up_for_late_packets_is_left_out_again() -> None:
    assert audio_drift(marks(left_out=0.03, made_up=0.03), LEAST) is None


def test_a_buffer_that_becomes_longer_takes_samples() -> None:
    assert audio_drift(marks(inserted=0.01, longer_s=0.15), LEAST) is None
    assert audio_drift(marks(inserted=0.03, longer_s=0.02), LEAST) == pytest.approx(
        -0.0287, abs=1e-4
    )


def test_a_busy_machine_whose_audio_clock_stood_still_is_no_drift() -> None:
    assert audio_drift(marks(inserted=0.015, held_up=0.1), LEAST) is None
    assert audio_drift(marks(inserted=0.015, held_up=0.001), LEAST) == pytest.approx(-0.015)


def test_a_track_of_which_nothing_was_played() -> None:
    silent = [Mark(mark.t_s, dict.fromkeys(mark.totals, 0.0)) for mark in marks()]
    assert audio_drift(silent, LEAST) is None


def test_a_browser_that_does_not_tell_all_of_it() -> None:
    assert Mark.of(1.0, {"totalSamplesReceived": 48_000}) is None
