"""Words of stretches of a recording, as the shipped recogniser hears them."""

from __future__ import annotations

from collections.abc import Sequence

from harness.audio.clip import AudioClip
from harness.audio.resample import resample
from harness.speech.interface import Recogniser
from harness.speech.pieces import LONGEST_S, pieces
from harness.speech.silero import SAMPLE_RATE_HZ
from harness.speech.spans import Span


def words_in(clip: AudioClip, voices: Sequence[Span], recogniser: Recogniser) -> str:
    """What is said in a clip; "" where no word is understood. Blocks.

    Args:
        clip: any rate.
        voices: where somebody speaks in it; a long clip is listened to in pieces, cut between them.
        recogniser: who listens.

    Raises:
        SpeechError: the recogniser cannot run.
    """
    if clip.duration_s <= LONGEST_S:
        return recogniser.recognise(clip.samples, clip.sample_rate_hz).strip()
    samples = resample(clip.samples, clip.sample_rate_hz, SAMPLE_RATE_HZ)
    whole = AudioClip(samples, SAMPLE_RATE_HZ)
    parts = (whole.between(each.start_s, each.end_s) for each in pieces(samples, voices))
    texts = (recogniser.recognise(part.samples, SAMPLE_RATE_HZ).strip() for part in parts)
    return " ".join(text for text in texts if text)


def voices_within(voices: Sequence[Span], cut: Span) -> list[Span]:
    """The parts of voices that lie in a stretch, in seconds from its beginning."""
    inside = (
        Span(max(one.start_s, cut.start_s), min(one.end_s, cut.end_s))
        for one in voices
        if one.start_s < cut.end_s and one.end_s > cut.start_s
    )
    return [one.later(-cut.start_s) for one in inside]
