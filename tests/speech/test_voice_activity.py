"""Live voice: begins with the first voiced window, ends with the last, the hangover removed."""

import numpy as np

from harness.speech.voice_activity import HANGOVER_WINDOWS, VoiceActivity


class LevelDetector:
    """Speech is whatever is loud; stands in for the neural detector."""

    sample_rate_hz = 16_000
    window_frames = 512

    def probability(self, window: np.ndarray) -> float:
        return float(np.abs(window).mean() > 0.1)

    def reset(self) -> None:
        pass


def loud(duration_s: float) -> np.ndarray:
    steps = np.arange(round(duration_s * 48_000), dtype=np.float32)
    return np.asarray(0.5 * np.sin(steps * 0.06), np.float32)


def quiet(duration_s: float) -> np.ndarray:
    return np.zeros(round(duration_s * 48_000), np.float32)


def test_voice_starts_and_stops_where_it_is_heard() -> None:
    voice = VoiceActivity(LevelDetector())
    samples = np.concatenate([quiet(1.0), loud(1.0), quiet(1.0)])
    changes = []
    for start in range(0, len(samples), 4_800):
        changes += voice.on_samples(10 + start / 48_000, samples[start : start + 4_800])
    assert [c.kind for c in changes] == ["started", "stopped"]
    assert abs(changes[0].t_s - 11.0) < 0.04
    assert abs(changes[1].t_s - 12.0) < 0.04


def test_a_pause_shorter_than_the_hangover_does_not_end_voice() -> None:
    voice = VoiceActivity(LevelDetector())
    pause_s = (HANGOVER_WINDOWS - 2) * 0.032
    samples = np.concatenate([loud(0.5), quiet(pause_s), loud(0.5)])
    changes = voice.on_samples(0.0, samples)
    assert [c.kind for c in changes] == ["started"]
    assert voice.voiced


def test_after_a_hole_voice_is_placed_where_it_is_heard() -> None:
    voice = VoiceActivity(LevelDetector())
    voice.on_samples(0.0, quiet(1.0))
    (started,) = voice.on_samples(11.0, loud(0.5))
    assert started.kind == "started"
    assert abs(started.t_s - 11.0) < 0.04
