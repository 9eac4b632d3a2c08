"""Backgrounds: seeded, periodic, and each what it is called."""

import numpy as np
import pytest

from harness.audio.backgrounds import KINDS, background, without_seam
from harness.audio.clip import AudioClip
from harness.audio.level import peak, window_levels_dbfs


def octave_share(clip: AudioClip, low_hz: float, high_hz: float) -> float:
    """Share of its power between two frequencies."""
    power = np.abs(np.fft.rfft(clip.samples)) ** 2
    frequency_hz = np.fft.rfftfreq(clip.frames, 1 / clip.sample_rate_hz)
    return float(np.sum(power[(frequency_hz >= low_hz) & (frequency_hz < high_hz)]) / np.sum(power))


@pytest.mark.parametrize("kind", ["room", "street"])
def test_the_same_seed_is_the_same_noise_and_another_is_not(kind: str) -> None:
    one = background(kind, 3)
    assert np.array_equal(one.samples, background(kind, 3).samples)
    assert not np.array_equal(one.samples, background(kind, 4).samples)
    assert peak(one.samples) == pytest.approx(0.9)


def test_no_kind_has_a_seam_where_it_begins_again() -> None:
    for kind in KINDS:
        samples = background(kind).samples.astype(np.float64)
        steps = np.abs(np.diff(samples))
        assert abs(samples[0] - samples[-1]) <= np.max(steps), kind


def test_they_differ_as_their_names_say() -> None:
    room, street, babble, cafe = (background(kind) for kind in KINDS)
    assert octave_share(room, 0, 500) > 0.7
    assert octave_share(babble, 80, 4000) > 0.7  # where voices are
    assert octave_share(cafe, 2000, 12_000) > octave_share(babble, 2000, 12_000)  # hiss and cups
    levels = {
        name: np.std(window_levels_dbfs(clip.samples, clip.sample_rate_hz, 0.5))
        for name, clip in (("room", room), ("street", street))
    }
    assert levels["street"] > 2 * levels["room"]  # vehicles come and go


def test_a_recording_fades_into_its_own_beginning() -> None:
    rising = AudioClip(np.linspace(-0.5, 0.5, 48_000, dtype=np.float32), 48_000)
    period = without_seam(rising)
    assert period.frames == 48_000 - 2400
    assert abs(period.samples[0] - period.samples[-1]) < 0.001
    assert np.array_equal(period.samples[2400:], rising.samples[2400:-2400])


def test_a_recording_of_nothing_stays_one() -> None:
    assert without_seam(AudioClip(np.zeros(0, np.float32), 48_000)).frames == 0
