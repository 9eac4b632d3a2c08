"""What a background hides of the ends of turns."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.bench.hidden_ends import HIDDEN_S, hidden_ends_s, hidden_percent
from harness.speech.spans import Span

LOUD, FAINT = 0.3, 0.003
BEHIND = 0.01
SPAN = Span(0.5, 1.5)


def tone(hz: float, size: float, until_s: float, from_s: float = 0.0) -> MonoFloat32:
    """A tone in two seconds of silence."""
    places = np.arange(2 * CALL_RATE_HZ) / CALL_RATE_HZ
    sounds = (places >= from_s) & (places < until_s)
    return np.asarray(size * sounds * np.sin(2 * np.pi * hz * places), np.float32)


def fading() -> MonoFloat32:
    """Loud for 0.8 s of its second, then faint."""
    return np.add(tone(500, LOUD, 1.3, 0.5), tone(500, FAINT, 1.5, 1.3))


def test_an_end_below_what_is_behind_is_hidden_for_as_long_as_it_is_faint() -> None:
    (hidden_s,) = hidden_ends_s(fading(), fading() + tone(500, BEHIND, 2), [SPAN])
    assert hidden_s == pytest.approx(0.2, abs=0.015)


def test_an_end_above_what_is_behind_is_hidden_for_no_time() -> None:
    voice = tone(500, LOUD, 1.5, 0.5)
    (hidden_s,) = hidden_ends_s(voice, voice + tone(500, BEHIND, 2), [SPAN])
    assert hidden_s == pytest.approx(0, abs=0.01)


def test_what_is_behind_in_other_bands_hides_nothing() -> None:
    (hidden_s,) = hidden_ends_s(fading(), fading() + tone(5000, BEHIND, 2), [SPAN])
    assert hidden_s == pytest.approx(0, abs=0.01)


def test_a_pause_of_what_is_behind_lets_the_voice_be_seen() -> None:
    (hidden_s,) = hidden_ends_s(fading(), fading() + tone(500, BEHIND, 1.4), [SPAN])
    assert hidden_s == pytest.approx(0, abs=0.01)


def test_a_voice_that_is_never_seen_is_hidden_as_a_whole() -> None:
    voice = tone(500, FAINT, 1.5, 0.5)
    spans = [SPAN, Span(1.0, 1.004)]
    hidden_s = hidden_ends_s(voice, voice + tone(500, BEHIND, 2), spans)
    assert hidden_s == pytest.approx([1.0, 0.004])


def test_the_share_is_of_ends_that_are_hidden_for_long() -> None:
    assert hidden_percent(np.array([0.0, HIDDEN_S, 2 * HIDDEN_S, 0.5])) == 50.0
    assert hidden_percent(np.zeros(0)) is None
