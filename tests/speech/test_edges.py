"""Signals whose edges follow by arithmetic: noise, shaped like speech, in silence and noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32, joined, silence
from harness.audio.fixtures import find_fixture
from harness.audio.signals import pink_noise, tone, white_noise
from harness.speech.band_levels import HOP_S, measure_levels
from harness.speech.edges import Edge, EdgeFinder
from harness.speech.spans import voiced_spans

NEAR_S = 0.006
"""Windows of 10 ms tell an edge to within this."""


def voice(duration_s: float, rms: float = 0.1) -> AudioClip:
    """Stands in for speech: pink noise, whose samples jump from nothing to full strength."""
    return pink_noise(duration_s, rms, seed=11)


def edges_of(samples: MonoFloat32, seed_s: tuple[float, float]) -> tuple[Edge, Edge]:
    """What is found from where a detector was sure."""
    seed = (round(seed_s[0] / HOP_S), round(seed_s[1] / HOP_S))
    (found,) = EdgeFinder(measure_levels(samples, CALL_RATE_HZ), [seed]).edges()
    return found


def place_s(edge: Edge) -> float:
    return edge.hop * HOP_S


def test_an_edge_lies_where_the_sound_begins_however_late_the_detector_is() -> None:
    clip = joined(silence(1.0), voice(1.0), silence(1.0))
    for late_s in (0.0, 0.05, 0.2):
        onset, offset = edges_of(clip.samples, (1.0 + late_s, 2.0 + late_s))
        assert place_s(onset) == pytest.approx(1.0, abs=NEAR_S)
        assert place_s(offset) == pytest.approx(2.0, abs=NEAR_S)


@pytest.mark.parametrize("snr_db", [30, 20, 15])
def test_noise_moves_an_edge_no_further_than_its_uncertainty(snr_db: float) -> None:
    clip = joined(silence(1.0), voice(1.0), silence(1.0))
    noise = white_noise(clip.duration_s, float(0.1 * 10 ** (-snr_db / 20)), seed=2)
    onset, offset = edges_of(clip.samples + noise.samples[: clip.frames], (1.05, 2.03))
    assert place_s(onset) == pytest.approx(1.0, abs=onset.uncertainty_s)
    assert place_s(offset) == pytest.approx(2.0, abs=offset.uncertainty_s)


def test_more_noise_is_more_uncertain() -> None:
    clip = joined(silence(1.0), voice(1.0), silence(1.0))
    doubts = []
    for rms in (1e-5, 3e-3, 3e-2):
        noise = white_noise(clip.duration_s, rms, seed=2).samples[: clip.frames]
        onset, _ = edges_of(clip.samples + noise, (1.05, 2.03))
        doubts.append((onset.uncertainty_s, onset.hidden_db))
    assert doubts == sorted(doubts)
    assert doubts[0] < doubts[-1]


def test_a_closed_consonant_does_not_end_the_way_out() -> None:
    clip = joined(silence(1.0), voice(0.05), silence(0.08), voice(1.0), silence(1.0))
    onset, _ = edges_of(clip.samples, (1.2, 2.13))
    assert place_s(onset) == pytest.approx(1.0, abs=NEAR_S)


def test_a_click_before_a_word_is_no_speech() -> None:
    clip = joined(silence(1.0), voice(1.0), silence(1.0))
    samples = clip.samples.copy()
    samples[round(0.93 * CALL_RATE_HZ)] = 0.4
    onset, _ = edges_of(samples, (1.02, 2.0))
    assert place_s(onset) == pytest.approx(1.0, abs=NEAR_S)


def test_a_breath_before_a_word_is_too_weak_to_be_speech() -> None:
    clip = joined(silence(0.6), voice(0.3, 0.0005), silence(0.1), voice(1.0), silence(1.0))
    onset, _ = edges_of(clip.samples, (1.05, 2.0))
    assert place_s(onset) == pytest.approx(1.0, abs=NEAR_S)


def test_a_fade_ends_where_it_falls_below_the_level_that_counts() -> None:
    """A fade of 60 dB in 0.6 s: 35 dB below its peak after 0.35 s, the doubt of 4 dB is 40 ms."""
    fade = 10 ** (np.linspace(0, -60, round(0.6 * CALL_RATE_HZ)) / 20)
    clip = joined(silence(1.0), tone(300, 0.5), silence(0.5))
    faded = np.concatenate(
        [clip.samples[: round(1.5 * CALL_RATE_HZ)], tone(300, 0.6).samples * fade]
    )
    samples = np.concatenate([faded, np.zeros(CALL_RATE_HZ)]).astype(np.float32)
    _, offset = edges_of(samples, (1.02, 1.8))
    assert place_s(offset) == pytest.approx(1.85, abs=0.02)
    assert 0.03 < offset.uncertainty_s < 0.08


def test_noise_that_a_gain_control_pumped_up_is_no_speech() -> None:
    """Before the word the noise is 12 dB louder than after it, and full of sound."""
    random = np.random.default_rng(4)
    noise = random.normal(0, 0.002, 3 * CALL_RATE_HZ).astype(np.float32)
    noise[:CALL_RATE_HZ] *= 4
    samples = joined(silence(1.0), voice(1.0, 0.05), silence(1.0)).samples + noise
    onset, _ = edges_of(samples, (1.04, 2.05))
    assert place_s(onset) == pytest.approx(1.0, abs=0.02)


def test_without_any_sound_the_detectors_edge_stands() -> None:
    onset, offset = edges_of(np.zeros(2 * CALL_RATE_HZ, np.float32), (0.5, 1.0))
    assert (onset.found, offset.found) == (False, False)
    assert (place_s(onset), place_s(offset)) == (0.5, 1.0)


@settings(max_examples=12, deadline=None)
@given(
    frames=st.integers(1, 4_000),
    name=st.sampled_from(["booking-thank-you", "interruption-tell-me", "numbers-order"]),
)
def test_a_clip_that_is_moved_has_its_edges_moved_as_far(frames: int, name: str) -> None:
    """Wherever the windows of the real detector fall."""
    clip = joined(silence(0.5), find_fixture(name).load().clip, silence(0.5))
    (first, *_), (*_, last) = [voiced_spans(clip)] * 2
    moved = AudioClip(np.pad(clip.samples, (frames, 0)), CALL_RATE_HZ)
    spans = voiced_spans(moved)
    by_s = frames / CALL_RATE_HZ
    assert spans[0].start_s - first.start_s == pytest.approx(by_s, abs=0.0041)
    assert spans[-1].end_s - last.end_s == pytest.approx(by_s, abs=0.0041)
