"""Audio that stalls, falls silent, clicks, has holes, or is too slow."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.realtime.faults.audio import CLICK_FRAMES, RATE_HZ, AudioFaults
from harness.realtime.faults.parse import read_faults

FRAMES = 480


class Tone:
    """Counts what is taken of it."""

    def __init__(self, frequency_hz: float = 100.0) -> None:
        self.taken = 0
        self._frequency_hz = frequency_hz

    def __call__(self, frames: int) -> MonoFloat32:
        at_s = (self.taken + np.arange(frames)) / RATE_HZ
        self.taken += frames
        return (0.25 * np.cos(2 * np.pi * self._frequency_hz * at_s)).astype(np.float32)


def played(*faults: str, pulls: int = 100) -> tuple[MonoFloat32, int]:
    """What two seconds of a tone become, and how much of it was taken."""
    machine, tone = AudioFaults(), Tone()
    machine.set_active(read_faults(list(faults)))
    samples = np.concatenate([machine.pull(FRAMES, tone) for _ in range(pulls)])
    return samples, tone.taken


def test_without_faults_the_samples_pass_unchanged() -> None:
    samples, taken = played()
    assert np.array_equal(samples, Tone()(taken))


def test_a_stall_takes_nothing_and_silence_takes_everything() -> None:
    stalled, taken = played("audio_stalls")
    assert not stalled.any()
    assert taken == 0
    silent, taken = played("audio_silence")
    assert not silent.any()
    assert taken == len(silent)


def test_after_a_stall_the_answer_goes_on_where_it_stopped() -> None:
    machine, tone = AudioFaults(), Tone()
    before = machine.pull(FRAMES, tone)
    machine.set_active(read_faults(["audio_stalls"]))
    machine.pull(FRAMES, tone)
    machine.set_active([])
    after = machine.pull(FRAMES, tone)
    assert np.array_equal(np.concatenate([before, after]), Tone()(2 * FRAMES))


def test_half_speed_takes_half_and_sounds_an_octave_lower() -> None:
    samples, taken = played("audio_half_speed")
    assert taken == pytest.approx(len(samples) / 2, abs=2)
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) * RATE_HZ / len(samples) == pytest.approx(50, abs=1)
    assert np.abs(np.diff(samples)).max() < 0.01  # no seam where two pulls meet


def test_half_speed_ends_without_losing_a_sample() -> None:
    machine, tone = AudioFaults(), Tone()
    machine.set_active(read_faults(["audio_half_speed"]))
    machine.pull(FRAMES, tone)
    machine.set_active([])
    after = machine.pull(FRAMES, tone)
    assert np.allclose(after, Tone()(FRAMES * 2)[FRAMES // 2 : FRAMES // 2 + FRAMES])


def test_gaps_are_as_long_and_as_often_as_asked_for() -> None:
    samples, taken = played("audio_gaps; gap_ms=100; every_ms=400")
    assert taken == len(samples)
    silent = samples == 0
    lengths = np.diff(np.flatnonzero(np.diff(np.concatenate([[0], silent, [0]]))))[::2]
    assert set(lengths[lengths > 10]) == {RATE_HZ // 10}
    assert np.count_nonzero(lengths > 10) == 5


def test_clicks_are_loud_short_and_repeat_with_their_seed() -> None:
    first, second = played("audio_clicks; per_s=5")[0], played("audio_clicks; per_s=5")[0]
    assert np.array_equal(first, second)
    assert not np.array_equal(first, played("audio_clicks; per_s=5; seed=1")[0])
    loud = np.count_nonzero(first > 0.7)
    assert 4 * CLICK_FRAMES <= loud <= 20 * CLICK_FRAMES


def test_silence_between_answers_is_left_alone() -> None:
    machine = AudioFaults()
    machine.set_active(read_faults(["audio_clicks; per_s=100"]))
    assert not machine.pull(RATE_HZ, lambda frames: np.zeros(frames, np.float32)).any()


def test_audio_that_is_sent_as_events_changes_the_same_way() -> None:
    machine, tone = AudioFaults(), Tone()
    samples = tone(4800)
    assert machine.change(samples) is samples
    machine.set_active(read_faults(["audio_half_speed"]))
    assert len(machine.change(samples)) == 9600
    machine.set_active(read_faults(["audio_silence"]))
    assert not machine.change(samples).any()
