"""Which channel of a recording is spoken."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.channels import cancel_out, channel_name, hold_two_parties, to_mono
from harness.audio.clip import MonoFloat32
from harness.audio.fixtures import find_fixture

RATE_HZ = 48_000


def talk(name: str = "goforward", frames: int = 96_000) -> MonoFloat32:
    samples = find_fixture(name).load().clip.samples[:frames]
    return np.pad(samples, (0, frames - len(samples)))


def stereo(left: MonoFloat32, right: MonoFloat32) -> np.ndarray:
    return np.stack([left, right], axis=1)


def noise(level: float) -> MonoFloat32:
    return (np.random.default_rng(7).standard_normal(96_000) * level).astype(np.float32)


def test_one_channel_is_taken_as_it_is() -> None:
    samples, said = to_mono(talk()[:, None])
    assert said is None
    assert np.array_equal(samples, talk())


def test_one_talk_on_two_microphones_is_one_talk() -> None:
    """A few milliseconds later, quieter, in some noise of its own: as a second microphone."""
    second = np.roll(talk(), 240) * 0.5 + noise(0.002)
    data = stereo(talk() + noise(0.002), second)
    assert not hold_two_parties(data, RATE_HZ)
    assert not cancel_out(data)
    assert to_mono(data)[1] == "2 channels averaged to mono"


def test_two_talks_are_told_also_where_they_overlap_or_leak() -> None:
    user, agent = talk(), talk("booking-my-name")
    assert hold_two_parties(stereo(user, agent), RATE_HZ)
    leak = 0.1
    assert hold_two_parties(stereo(user + leak * agent, agent + leak * user), RATE_HZ)


def test_hum_and_hiss_in_the_other_channel_are_no_second_talk() -> None:
    assert not hold_two_parties(stereo(talk(), noise(0.02)), RATE_HZ)
    assert not hold_two_parties(stereo(talk(), noise(0.00001)), RATE_HZ)


def test_channels_out_of_phase_cancel_out_and_silent_ones_do_not() -> None:
    assert cancel_out(stereo(talk(), -0.97 * talk()))
    assert not cancel_out(stereo(talk(), np.zeros_like(talk())))
    assert not cancel_out(np.zeros((100, 2), np.float32))


@given(gain=st.floats(0.1, 1.0), silent=st.integers(0, 3))
def test_the_mean_is_of_the_channels_with_sound(gain: float, silent: int) -> None:
    tone = np.sin(np.arange(480, dtype=np.float32) / 10)
    data = np.stack([tone * gain, *([np.zeros_like(tone)] * silent)], axis=1)
    samples, _ = to_mono(data)
    assert np.allclose(samples, tone * gain)


def test_channels_have_names() -> None:
    assert [channel_name(i, 2) for i in (0, 1)] == ["left", "right"]
    assert channel_name(2, 4) == "3."
