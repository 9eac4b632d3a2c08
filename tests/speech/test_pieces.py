"""Long sound is cut where nobody speaks, and nothing is lost."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.speech.pieces import AROUND_S, LONGEST_S, pieces, speech_runs
from harness.speech.spans import Span

RATE_HZ = 16_000


def silence(duration_s: float) -> np.ndarray:
    return np.zeros(round(duration_s * RATE_HZ), np.float32)


def test_short_speech_is_one_piece_with_a_little_quiet_around() -> None:
    assert pieces(silence(10), [Span(2.0, 3.0), Span(4.0, 5.0)]) == [
        Span(2.0 - AROUND_S, 5.0 + AROUND_S)
    ]


def test_no_speech_is_no_piece() -> None:
    assert pieces(silence(10), []) == []


def test_long_speech_is_cut_in_a_pause() -> None:
    first, second = pieces(silence(48), [Span(0.0, 14.0), Span(15.0, 24.0), Span(25.0, 48.0)])
    assert first.end_s <= second.start_s
    assert 24.0 <= second.start_s <= 25.0


def test_speech_without_a_pause_is_cut_in_its_quietest_moment() -> None:
    sound = np.full(40 * RATE_HZ, 0.1, np.float32)
    sound[round(17.9 * RATE_HZ) : round(18.1 * RATE_HZ)] = 0.0
    first, _ = pieces(sound, [Span(0.0, 40.0)])
    assert 17.8 <= first.end_s - AROUND_S <= 18.2 or 17.8 <= first.end_s <= 18.2


@given(st.lists(st.tuples(st.floats(0.05, 40), st.floats(0.05, 3)), max_size=8))
def test_pieces_are_short_enough_apart_and_hold_all_speech(
    parts: list[tuple[float, float]],
) -> None:
    spans, at_s = [], 0.0
    for voiced_s, quiet_s in parts:
        spans.append(Span(at_s, at_s + voiced_s))
        at_s += voiced_s + quiet_s
    found = pieces(silence(at_s), spans)
    assert all(piece.duration_s <= LONGEST_S + 1e-6 for piece in found)
    assert all(a.end_s <= b.start_s + 1e-6 for a, b in itertools.pairwise(found))
    for span in spans:
        covered = sum(
            max(0.0, min(span.end_s, p.end_s) - max(span.start_s, p.start_s)) for p in found
        )
        assert covered >= span.duration_s - 1e-3


def test_runs_of_speech_are_found_at_the_detector_s_resolution() -> None:
    assert speech_runs([0.1, 0.9, 0.8, 0.2, 0.7]) == [Span(0.032, 0.096), Span(0.128, 0.16)]
