"""Clips mixed at exact frames."""

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.line.interface import Microphone
from harness.line.microphone_plan import EchoPlan, MicrophonePlan
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


async def test_a_clip_begins_at_the_very_frame_behind_another() -> None:
    one = microphone()
    first = await one.play(clip(0.25, 100), at_s=0.001)
    second = await one.play(clip(0.5, 50), at_frame=first.start_frame + 100)
    samples = np.concatenate([one.pull(90), one.pull(200)])
    assert (second.start_frame, second.late_s) == (148, 0.0)
    assert samples[48:198].tolist() == [0.25] * 100 + [0.5] * 50
    assert not samples[198:].any()


async def test_what_sounds_fades_to_silence_and_what_was_to_come_does_not() -> None:
    one = microphone()
    await one.play(clip(1.0, 48_000))
    await one.play(clip(0.5, 48_000), at_s=0.5)
    one.pull(480)
    assert await one.stop_all(fade_s=4 / 48_000) == pytest.approx(0.01)
    assert await one.stop_all(fade_s=1.0) == pytest.approx(0.01), "it fades already"
    assert one.pull(6).tolist() == [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    assert not one.pull(48_000).any()


async def test_all_that_it_hears_goes_through_what_it_does_to_its_sound() -> None:
    one = microphone()
    await one.set_noise(clip(0.25, 48_000))
    await one.play(clip(0.25, 8))
    since_s = await one.set_effects(MicrophonePlan(gain=0.5, echo=EchoPlan(0.5, 4)))
    one.hear(np.array([0.5, 0.0, 0.0, 0.0], np.float32), at_s=0.0)
    assert since_s == 0.0
    assert one.pull(10).tolist() == [0.25] * 4 + [0.375] + [0.25] * 3 + [0.125] * 2
    await one.set_muted(True)
    assert not one.pull(4).any()


async def test_a_microphone_that_does_nothing_gives_the_very_sum() -> None:
    one, other = microphone(), microphone()
    for each in (one, other):
        await each.play(clip(0.3, 100))
        await each.play(clip(0.123456, 70), at_s=10 / 48_000, gain=0.7)
    await other.set_effects(MicrophonePlan())
    assert one.pull(128).tolist() == other.pull(128).tolist()
