"""Clips of the calls that detectors are measured on: two sets, of other voices and words.

The constants of `harness.speech.edges` were chosen on the first set; what is quoted is measured on
the second, which had no part in that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.fixtures import Fixture, library
from harness.audio.resample import resample_clip
from harness.bench.detector_calls import true_edges
from harness.speech.interface import Synthesiser

TUNING_VOICES = ("heart", "michael")
HELD_VOICES = ("emma", "fable", "bella", "fenrir", "en-GB")

TUNING_SENTENCES = (
    "Three of the shelves have not been delivered.",
    "Is it possible to get a refund?",
    "Half of them, I suppose.",
    "Fine, thank you very much.",
    "Somebody should have told me before.",
    "Please cancel the whole thing.",
    "The heating has not worked since Thursday.",
    "Can you hear me now?",
    "Right, so where do I sign?",
    "Honestly, I would rather wait.",
    "Two tickets for the evening show, please.",
    "This is the third time I am calling about it.",
    "Our office is open from eight to five on weekdays.",
    "Thirty five of these have already been shipped to you.",
    "Would you like to hear the other options as well?",
    "Happy to help, have a good day.",
)
HELD_SENTENCES = (
    "Sixteen people, if that is all right.",
    "I have let you know the number of the room already.",
    "For how long is the shop open tonight?",
    "Yes, of course.",
    "My daughter left her blue jacket on the train.",
    "The first invoice has arrived, but the second has not.",
    "What does the larger one cost?",
    "Thursday would suit us better.",
    "He has been waiting since half past nine.",
    "Can we move the meeting to next week?",
    "Stop there, that is wrong.",
    "Happy birthday is all it has to say.",
    "Please put me through to the sales department.",
    "Somewhere close to the harbour, with parking.",
    "Fifty, not fifteen.",
    "I should like to speak with Mrs. Fisher.",
    "Good evening, you have reached the front desk.",
    "Here is what I have found so far.",
    "That flight leaves from the south terminal at ten past six.",
    "Your appointment has been moved to Wednesday the fourth.",
    "There is a small fee for changes within two days.",
    "Let me check whether the part is in stock.",
    "Which of the two addresses should we use?",
    "It takes about a quarter of an hour on foot.",
    "Thank you for your patience, a colleague will call you back.",
    "Four nights with breakfast come to three hundred and twenty.",
    "Unfortunately, the system does not show any payment.",
    "So that is one large pizza with mushrooms and extra cheese.",
    "Shall I send the directions to your phone?",
    "He is out of the office until the end of the month.",
    "Everything is set, and you will get a message shortly.",
    "The password has to be at least twelve characters long.",
)

LOUDER_DB, QUIETER_DB = 30.0, 40.0
MOST_APART_S = 0.06
"""An edge that moves further than this between the two levels is a breath or a long tail: where
speech ends there is a matter of taste, and no detector can be measured by it."""


@dataclass(frozen=True, slots=True)
class ClipSet:
    """Clips for a call, 48 kHz."""

    said: tuple[AudioClip, ...]
    answers: tuple[AudioClip, ...]
    left_out: int
    """Clips whose edges are a matter of taste."""


def tuning_clips(synthesiser: Synthesiser) -> ClipSet:
    """The fixtures, people's recordings among them, and sentences by the fixtures' voices."""
    fixtures = [_spliced(each) for each in library().values() if each.transcript]
    spoken = _spoken(synthesiser, TUNING_SENTENCES, TUNING_VOICES)
    return _sorted([*fixtures, *spoken])


def held_clips(synthesiser: Synthesiser) -> ClipSet:
    """Other sentences by other voices."""
    return _sorted(list(_spoken(synthesiser, HELD_SENTENCES, HELD_VOICES)))


def has_plain_edges(clip: AudioClip) -> bool:
    """Whether where it begins and ends hardly depends on the level that is called an edge."""
    louder, quieter = (
        true_edges(clip.samples, clip.sample_rate_hz, below_db)
        for below_db in (LOUDER_DB, QUIETER_DB)
    )
    return (
        louder.start_s - quieter.start_s <= MOST_APART_S
        and quieter.end_s - louder.end_s <= MOST_APART_S
    )


def _sorted(clips: list[AudioClip]) -> ClipSet:
    plain = [clip for clip in clips if has_plain_edges(clip)]
    return ClipSet(tuple(plain[::2]), tuple(plain[1::2]), len(clips) - len(plain))


def _spoken(
    synthesiser: Synthesiser, sentences: Iterable[str], voices: Iterable[str]
) -> Iterable[AudioClip]:
    for sentence, voice in zip(sentences, cycle(voices)):
        yield resample_clip(synthesiser.synthesise(sentence, voice), CALL_RATE_HZ)


def _spliced(fixture: Fixture) -> AudioClip:
    """A fixture; of a recording, which has its room around it, the labelled speech in silence."""
    clip = fixture.load().clip
    if not fixture.is_recorded:
        return clip
    speech = clip.between(fixture.speech_start_s, fixture.speech_end_s).samples
    return AudioClip(np.pad(speech, CALL_RATE_HZ // 10), CALL_RATE_HZ)
