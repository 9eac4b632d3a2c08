import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.signals import tone
from harness.bench.detector_clips import (
    HELD_SENTENCES,
    HELD_VOICES,
    TUNING_SENTENCES,
    TUNING_VOICES,
    has_plain_edges,
)


def faded(fade_s: float) -> AudioClip:
    """A tone that falls by 60 dB in so many seconds."""
    fade = 10 ** (np.linspace(0, -60, round(fade_s * CALL_RATE_HZ)) / 20)
    samples = np.concatenate([tone(300, 0.5).samples, tone(300, fade_s).samples * fade])
    return AudioClip(samples.astype(np.float32), CALL_RATE_HZ)


def test_a_long_tail_has_no_plain_edge() -> None:
    """10 dB of a fade of 60 dB last a sixth of it."""
    assert has_plain_edges(faded(0.3))
    assert not has_plain_edges(faded(0.6))


def test_no_voice_and_no_sentence_is_in_both_sets() -> None:
    assert not set(HELD_VOICES) & set(TUNING_VOICES)
    assert not set(HELD_SENTENCES) & set(TUNING_SENTENCES)
