"""Clips mixed at exact frames."""

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.line.interface import Microphone
from harness.line.mixing_microphone import MixingMicrophone
from harness.timeline import Timeline


def microphone() -> MixingMicrophone:
    timeline = Timeline()
    timeline.start(0)
    timeline.anchor(0, 0, 48_000)
    return MixingMicrophone(timeline)


def clip(value: float, frames: int, rate_hz: int = 48_000) -> AudioClip:
    return AudioClip(np.full(frames, value, np.float32), rate_hz)


async def test_it_is_the_microphone_of_a_line() -> None:
    one: Microphone = microphone()
    await one.ready()


async def test_a_clip_starts_at_its_very_frame() -> None:
    one = microphone()
    played = await one.play(clip(0.5, 100), at_s=130 / 48_000)
    assert (played.start_frame, played.late_s) == (130, 0.0)
    assert played.end_s == pytest.approx(230 / 48_000)
    samples = np.concatenate([one.pull(100), one.pull(100), one.pull(100)])
    assert np.flatnonzero(samples).tolist() == list(range(130, 230))


async def test_at_once_means_the_next_frame_and_so_does_a_time_that_has_passed() -> None:
    one = microphone()
    one.pull(960)
    at_once = await one.play(clip(0.1, 10))
    late = await one.play(clip(0.2, 10), at_s=0.0)
    assert (at_once.start_frame, late.start_frame) == (960, 960)
    assert late.late_s == pytest.approx(0.02)
    assert one.pull(10)[0] == pytest.approx(0.3)


async def test_what_sounds_together_is_mixed_with_its_gain_and_limited() -> None:
    one = microphone()
    await one.play(clip(0.5, 20), gain=0.5)
    await one.play(clip(0.9, 10))
    samples = one.pull(20)
    assert samples[0] == 1.0
    assert samples[15] == pytest.approx(0.25)


async def test_another_rate_is_converted() -> None:
    one = microphone()
    played = await one.play(clip(0.5, 1_600, 16_000))
    assert played.end_s - played.start_s == pytest.approx(0.1, abs=1e-3)


async def test_muted_it_sends_silence_while_the_clip_goes_on() -> None:
    one = microphone()
    await one.play(clip(0.5, 30))
    await one.set_muted(True)
    assert not one.pull(10).any()
    await one.set_muted(False)
    assert np.count_nonzero(one.pull(30)) == 20


async def test_it_falls_silent_at_once() -> None:
    one = microphone()
    await one.play(clip(0.5, 30))
    await one.play(clip(0.5, 30), at_s=1.0)
    await one.stop_all()
    assert not one.pull(96_000).any()
