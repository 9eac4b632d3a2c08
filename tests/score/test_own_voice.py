"""Our own voice coming back."""

import numpy as np
import pytest

from harness.audio.clip import CALL_RATE_HZ, AudioClip, joined, silence
from harness.audio.fixtures import find_fixture
from harness.score.own_voice import LONGEST_DELAY_S, own_voice_delay_s


def speech(name: str) -> AudioClip:
    fixture = find_fixture(name)
    return fixture.load().clip.between(fixture.speech_start_s, fixture.speech_end_s)


def noisy(clip: AudioClip, gain: float) -> AudioClip:
    noise = np.random.default_rng(3).normal(0, 0.002, clip.frames)
    return AudioClip((clip.samples * gain + noise).astype(np.float32), clip.sample_rate_hz)


@pytest.mark.parametrize("delay_s", [0.0, 0.2, 1.7])
def test_it_is_known_by_what_was_sent_whatever_its_loudness(delay_s: float) -> None:
    """Sent `LONGEST_DELAY_S` before the heard stretch ends is where an echo of no delay lies."""
    own = speech("goforward")
    sent = joined(silence(LONGEST_DELAY_S - delay_s), own, silence(delay_s))
    assert own_voice_delay_s(noisy(own, 0.4), sent) == pytest.approx(delay_s, abs=0.03)


@pytest.mark.parametrize("name", ["booking-table-for-two-michael", "goforward", "tone-1000"])
def test_another_speaker_sentence_or_sound_is_not_ours(name: str) -> None:
    heard = speech(name)
    said = joined(silence(0.5), speech("booking-table-for-two"), silence(4.0))
    sent = said.between(0.0, LONGEST_DELAY_S + heard.duration_s)
    assert own_voice_delay_s(heard, sent) is None


def test_nothing_is_told_by_silence_or_by_a_click() -> None:
    assert own_voice_delay_s(silence(1.0), silence(3.0)) is None
    click = AudioClip(np.ones(480, np.float32), CALL_RATE_HZ)
    assert own_voice_delay_s(click, joined(silence(1.0), click)) is None
