"""Words of the user as they were sent, by our own ear: where no protocol tells them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.call.call_sounds import CallSounds
from harness.call.events import CallEvent
from harness.speech.spans import Span

AROUND_S = 0.3
"""Of the sound before and behind what was said, for the recogniser."""


@dataclass(frozen=True, slots=True)
class SentWords:
    """What the user said last, as it left the microphone."""

    text: str
    """What our recogniser understands; "" for no word."""

    unsent: str = ""
    """Why the page did not send it, in words, where its connection says so; else ""."""


def sent_words(sounds: CallSounds, said: Span, events: Iterable[CallEvent]) -> SentWords:
    """Listen to what was sent of something the user said. Blocks.

    Args:
        said: from its first to its last voiced sample, on the timeline.
        events: all of the call so far.
    """
    text = sounds.sent_words(Span(max(0.0, said.start_s - AROUND_S), said.end_s + AROUND_S))
    unsent = [
        f"from {event.data['start_s']:.3f} s to {event.data['end_s']:.3f} s: {event.data['reason']}"
        for event in events
        if event.type == "said.not_sent"
        and event.data["start_s"] < said.end_s
        and event.data["end_s"] > said.start_s
    ]
    return SentWords(text, "; ".join(unsent))
