"""Words of a stretch: short ones at once, long ones in pieces between voices."""

from __future__ import annotations

import numpy as np

from harness.audio.clip import AudioClip
from harness.replay.words import voices_within, words_in
from harness.speech.spans import Span
from tests.support.recorded_calls import Scribe


def clip(seconds: float) -> AudioClip:
    return AudioClip(np.zeros(round(seconds * 8000), np.float32), 8000)


def test_a_short_stretch_is_heard_whole() -> None:
    scribe = Scribe(" Book a table. ")
    assert words_in(clip(3), [Span(0.2, 2.8)], scribe) == "Book a table."
    assert [rate_hz for _, rate_hz in scribe.heard] == [8000]


def test_a_long_one_is_heard_in_pieces() -> None:
    scribe = Scribe("One.", "", "Two.")
    voices = [Span(1, 20), Span(22, 40), Span(42, 55)]
    assert words_in(clip(60), voices, scribe) == "One. Two."
    assert len(scribe.heard) == 3


def test_voices_are_counted_from_the_cut() -> None:
    voices = [Span(0, 1), Span(2, 4), Span(5, 9), Span(12, 13)]
    assert voices_within(voices, Span(3, 10)) == [Span(0, 1), Span(2, 6)]
