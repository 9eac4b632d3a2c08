"""What a user said, played again."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import AudioClip, joined, silence
from harness.audio.fixtures import find_fixture
from harness.score.copied_voice import COPY_LIKENESS, Uttered, copy_of, likeness_of
from harness.score.voice_likeness import fine_energies


def speech(name: str) -> AudioClip:
    fixture = find_fixture(name)
    return fixture.load().clip.between(fixture.speech_start_s, fixture.speech_end_s)


def uttered(name: str) -> Uttered:
    return Uttered(speech(name), find_fixture(name).transcript, f"what {name} is")


def noisy(clip: AudioClip, gain: float = 0.4) -> AudioClip:
    noise = np.random.default_rng(3).normal(0, 0.002, clip.frames)
    return AudioClip((clip.samples * gain + noise).astype(np.float32), clip.sample_rate_hz)


SAID = [uttered("goforward"), uttered("booking-table-for-two"), uttered("manual-what-time")]


@pytest.mark.parametrize("index", range(len(SAID)))
def test_it_is_known_which_of_all_that_was_said_it_is(index: int) -> None:
    copy = copy_of([noisy(SAID[index].speech)], SAID)
    assert copy is not None
    assert copy.uttered is SAID[index]
    assert copy.in_words.startswith(f"its sound is {SAID[index].by} again (“{SAID[index].text}”")


@pytest.mark.parametrize("name", ["booking-table-for-two-michael", "manual-sunday", "tone-1000"])
def test_another_voice_sentence_or_sound_is_no_copy(name: str) -> None:
    assert copy_of([noisy(speech(name))], SAID) is None


def test_most_of_the_voice_decides() -> None:
    """An answer that repeats a word of the user in their own voice still says something."""
    own, more = noisy(speech("manual-what-time")), noisy(speech("sense-0920"))
    assert copy_of([own, more], SAID) is None
    assert copy_of([own, own, noisy(speech("interruption-stop"))], SAID) is not None


def test_a_part_and_a_longer_stretch_with_all_of_it_are_copies() -> None:
    whole = SAID[0].speech
    assert copy_of([noisy(whole.between(0.2, 1.2))], SAID) is not None
    longer = joined(noisy(whole), silence(0.3), noisy(speech("yes-please").between(0.0, 0.4)))
    assert copy_of([longer], SAID) is not None


def test_nothing_is_told_by_silence_or_what_is_very_short() -> None:
    assert copy_of([], SAID) is None
    assert copy_of([silence(1.0)], SAID) is None
    assert copy_of([SAID[0].speech.between(0.2, 0.6)], SAID) is None
    assert copy_of([SAID[0].speech], []) is None


def test_the_same_short_sentence_of_another_speaker_is_below_the_threshold() -> None:
    one, other = (fine_energies(speech(f"greeting-hello{who}")) for who in ("", "-michael"))
    assert likeness_of(one, one) == pytest.approx(1.0)
    assert likeness_of(one, other) < COPY_LIKENESS
