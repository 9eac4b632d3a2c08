"""Real speech, the shipped ears, and a transcript that lies about one word: never held.

And the other direction: what was said holds, whatever the transcript claims.
"""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import AudioClip
from harness.audio.fixtures import library
from harness.score.spoken import AnswerWords, judge_not_words, judge_pattern, judge_words
from harness.score.witness import ClipWitness
from harness.speech.ears import judging_ears
from harness.speech.spans import voiced_spans

EARS = judging_ears()

CASES = [
    # fixture, claimed, said, only claimed
    ("goforward", "Go forward two meters.", "ten meters", "two meters"),
    ("booking-tomorrow-at-seven", "Tomorrow at eleven.", "seven", "eleven"),
    ("booking-table-for-two", "I'd like to book a table for ten, please.", "two", "ten"),
    ("numbers-phone", "My phone number is 555-0132.", "555-0123", "555-0132"),
    ("manual-sunday", "And are you open on Monday?", "Sunday", "Monday"),
    ("manual-sunday", "And are you closed on Sunday?", "open", "closed"),
    ("manual-what-time", "What time do you close?", "open", "close"),
    ("booking-thank-you", "Thank you, and the code is nine four two.", "goodbye", "nine four two"),
]


def heard(name: str, claimed: str) -> AnswerWords:
    clip = library()[name].load().clip
    around = np.zeros(clip.sample_rate_hz // 3, np.float32)
    clip = AudioClip(np.concatenate([around, clip.samples, around]), clip.sample_rate_hz)
    witness = ClipWitness(EARS, clip, 5.0)
    return AnswerWords(witness.hearing(voiced_spans(clip)), witness, claimed)


@pytest.mark.parametrize(("name", "claimed", "said", "lie"), CASES)
def test_the_transcript_lies_about_one_word(name: str, claimed: str, said: str, lie: str) -> None:
    about = heard(name, claimed)
    assert judge_words("text", [said], about).outcome == "held"
    assert judge_words("text", [lie], about).outcome == "failed"
    assert judge_not_words("text", [lie], about).outcome == "held"
    assert judge_not_words("text", [said], about).outcome == "failed"
    assert judge_pattern("text", rf"\b{lie}\b", about).outcome != "held"
    assert judge_pattern("text", "^(?!.*sorry)", about).outcome == "held"
