"""Signals whose edges follow by arithmetic: noise, shaped like speech, in silence and noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32, joined, silence
from harness.audio.fixtures import find_fixture
from harness.audio.signals import pink_noise, tone, white_noise
from harness.bench.detector_conditions import telephone
from harness.speech.band_levels import HOP_S, measure_levels
from harness.speech.edges import Edge, EdgeFinder
from harness.speech.spans import voiced_spans

NEAR_S = 0.006
"""Windows of 10 ms tell an edge to within this."""


def voice(duration_s: float, rms: float = 0.1) -> AudioClip:
    """Stands in for speech: pink noise, whose samples jump from nothing to full strength."""
    return pink_noise(duration_s, rms, seed=11)


def hiss(duration_s: float, peak: float, above_hz: float) -> AudioClip:
    """Stands in for an "s": white noise without what lies below a frequency."""
    noise = white_noise(duration_s, 0.1, seed=5).samples
    spectrum = np.fft.rfft(noise)
    spectrum[np.fft.rfftfreq(len(noise), 1 / CALL_RATE_HZ) < above_hz] = 0
    high = np.fft.irfft(spectrum, len(noise))
    return AudioClip((high * peak / np.abs(high).max()).astype(np.float32), CALL_RATE_HZ)


def faded() -> MonoFloat32:
    """Silence, half a second of a tone, and its fade of 60 dB: 35 dB below the tone at 1.85 s."""
    fade = 10 ** (np.linspace(0, -60, round(0.6 * CALL_RATE_HZ)) / 20)
    parts = [np.zeros(CALL_RATE_HZ), tone(300, 0.5).samples, tone(300, 0.6).samples * fade]
    return np.concatenate([*parts, np.zeros(CALL_RATE_HZ)]).astype(np.float32)


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


def hum(duration_s: float, amplitude: float) -> MonoFloat32:
    """A mains' hum: 50 Hz with overtones, and a little hiss."""
    waves = [tone(50.0 * each, duration_s, amplitude / each).samples for each in range(1, 9)]
    hiss_too = [*waves, white_noise(duration_s, amplitude / 30, seed=3).samples]
    whole: MonoFloat32 = np.sum(hiss_too, axis=0).astype(np.float32)
    return whole


def test_a_hum_makes_nothing_longer_that_fades_into_it() -> None:
    """What the hum does to the size of a sample is not the voice's."""
    whole = voice(1.6).samples.copy()
    fade_frames = round(0.6 * CALL_RATE_HZ)
    whole[-fade_frames:] *= 10 ** (np.linspace(0, -60, fade_frames) / 20)
    samples = np.pad(whole, CALL_RATE_HZ)
    _, calm = edges_of(samples, (1.02, 2.3))
    _, humming = edges_of(samples + hum(len(samples) / CALL_RATE_HZ, 0.004), (1.02, 2.3))
    assert abs(place_s(humming) - place_s(calm)) < 0.03


def test_noise_that_comes_and_goes_is_less_sure_than_steady_noise() -> None:
    """By as much as it carries an edge on: gusts like those beside the voice may lie at its end."""
    clip = joined(silence(3.0), voice(1.0), silence(3.0))
    steady = pink_noise(clip.duration_s, 0.003, seed=8).samples[: clip.frames]
    time_s = np.arange(clip.frames) / CALL_RATE_HZ
    gusts = np.where(time_s % 0.8 < 0.12, 8.0, 1.0).astype(np.float32)
    calm, gusty = (
        edges_of(clip.samples + noise, (3.02, 4.0))[1] for noise in (steady, steady * gusts)
    )
    assert gusty.uncertainty_s > calm.uncertainty_s + 0.05


def test_in_noise_that_swells_an_edge_lies_no_further_out_than_a_detector_misses() -> None:
    """A car that comes near before the first word is loud, and no word."""
    clip = joined(silence(3.0), voice(1.0), silence(3.0))
    street = pink_noise(clip.duration_s, 0.008, seed=8).samples[: clip.frames]
    time_s = np.arange(clip.frames) / CALL_RATE_HZ
    near = (1 + 4 * np.exp(-(((time_s - 3.0) / 0.25) ** 2))).astype(np.float32)
    for at_s in (3.02, 3.05):
        onset, _ = edges_of(clip.samples + street * near, (at_s, 4.0))
        assert at_s - 0.14 < place_s(onset) < 3.02
        assert place_s(onset) == pytest.approx(3.0, abs=onset.uncertainty_s)


def test_what_sounds_again_after_a_pause_puts_the_end_in_doubt_by_as_much() -> None:
    """A soft last syllable that no detector heard: part of the word, or something else."""
    clip = joined(silence(1.0), voice(1.0), silence(0.22), voice(0.08, 0.02), silence(1.0))
    _, offset = edges_of(clip.samples, (1.02, 2.0))
    assert place_s(offset) == pytest.approx(2.0, abs=NEAR_S)
    assert 2.3 - NEAR_S < place_s(offset) + offset.uncertainty_s < 2.35


def test_a_breath_apart_from_a_word_puts_its_beginning_in_no_doubt() -> None:
    clip = joined(silence(1.0), voice(0.2, 0.01), silence(0.2), voice(1.0), silence(1.0))
    onset, _ = edges_of(clip.samples, (1.42, 2.4))
    assert place_s(onset) == pytest.approx(1.4, abs=NEAR_S)
    assert onset.uncertainty_s < 0.02


def test_an_s_above_all_bands_is_heard_in_noise() -> None:
    """Its samples stand out of the noise's, though no band up to 7.1 kHz holds any of it."""
    clip = joined(silence(1.0), hiss(0.06, 0.06, 9_000), voice(1.0), silence(1.0))
    noise = white_noise(clip.duration_s, 0.003, seed=2).samples[: clip.frames]
    onset, _ = edges_of(clip.samples + noise, (1.1, 2.06))
    assert place_s(onset) == pytest.approx(1.0, abs=NEAR_S)


def test_noise_on_top_of_a_fading_voice_hardly_makes_it_longer() -> None:
    """The noise's own samples are nearly as large as those of the voice where it ends."""
    samples = faded()
    size = float(np.abs(samples).max() * 10 ** (-50 / 20))
    noise = white_noise(len(samples) / CALL_RATE_HZ, size, seed=2).samples[: len(samples)]
    _, offset = edges_of(samples + noise, (1.02, 1.8))
    assert place_s(offset) == pytest.approx(1.85, abs=0.04)


def test_a_hiss_that_a_telephone_took_much_of_still_ends_the_word() -> None:
    """30 dB below the voice, and 38 dB by telephone, which leaves a seventh of its band."""
    clip = joined(silence(1.0), voice(1.0), hiss(0.15, 0.012, 300), silence(1.0))
    room = pink_noise(clip.duration_s, 2e-5, seed=3).samples[: clip.frames]
    _, offset = edges_of(telephone(clip.samples + room), (1.05, 2.05))
    assert place_s(offset) == pytest.approx(2.15, abs=0.01)


def test_a_telephone_makes_unsure_what_hisses_and_nothing_else() -> None:
    doubts = []
    for end in (silence(0.15), hiss(0.15, 0.012, 2_000)):
        clip = joined(silence(1.0), voice(1.0), end, silence(1.0))
        room = pink_noise(clip.duration_s, 2e-5, seed=3).samples[: clip.frames]
        _, offset = edges_of(telephone(clip.samples + room), (1.05, 2.05))
        doubts.append(offset.uncertainty_s)
    assert doubts[0] < 0.04
    assert doubts[1] > 0.1


def test_a_voice_that_fades_is_no_longer_by_telephone() -> None:
    """Nothing of a hum is lost there."""
    samples = faded()
    room = pink_noise(len(samples) / CALL_RATE_HZ, 2e-5, seed=3).samples[: len(samples)]
    _, offset = edges_of(telephone(samples + room), (1.02, 1.8))
    assert place_s(offset) == pytest.approx(1.85, abs=0.02)


def test_among_other_voices_an_end_lies_behind_the_last_strong_sound_and_is_less_sure() -> None:
    clip = joined(silence(1.0), voice(1.0), voice(0.1, 0.01), silence(1.0))
    samples = clip.samples + white_noise(clip.duration_s, 0.005, seed=2).samples[: clip.frames]
    seeds = [(round(1.0 / HOP_S), round(2.0 / HOP_S))]
    ((onset, offset),) = EdgeFinder(
        measure_levels(samples, CALL_RATE_HZ), seeds, among_voices=True
    ).edges()
    assert place_s(onset) == pytest.approx(1.0, abs=onset.uncertainty_s)
    assert place_s(offset) == pytest.approx(2.1, abs=0.05)
    assert onset.uncertainty_s < offset.uncertainty_s
    assert np.hypot(onset.uncertainty_s, offset.uncertainty_s) < 0.25


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
    _, offset = edges_of(faded(), (1.02, 1.8))
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
