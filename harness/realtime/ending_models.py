"""Models whose end the hosted service has announced, and what takes their place.

Source: the hosted service's page of deprecations, as of November 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Ending:
    """A model that will not be there any more."""

    model: str
    last_day: date
    instead: str
    """What to name in its place."""

    @property
    def in_words(self) -> str:
        """One sentence for people."""
        day = f"{self.last_day.day} {self.last_day:%B %Y}"
        return (
            f"The hosted service ends the model “{self.model}” on {day}; name {self.instead} "
            "in its place."
        )


_TRANSCRIPTION = "gpt-transcribe or gpt-live-transcribe"
_REALTIME = "gpt-realtime-2.1"

ENDINGS = {
    ending.model: ending
    for ending in (
        Ending("whisper-1", date(2027, 2, 26), _TRANSCRIPTION),
        Ending("gpt-4o-transcribe", date(2027, 2, 26), _TRANSCRIPTION),
        Ending("gpt-4o-mini-transcribe", date(2027, 2, 26), _TRANSCRIPTION),
        Ending("gpt-4o-transcribe-diarize", date(2027, 2, 26), _TRANSCRIPTION),
        Ending("gpt-realtime", date(2027, 1, 20), _REALTIME),
        Ending("gpt-realtime-mini", date(2027, 1, 20), _REALTIME),
    )
}


def endings_in(session: Mapping[str, Any]) -> list[Ending]:
    """The models that end, of those that session settings name; each once, in their order.

    Args:
        session: a session object or a part of one; models stand at any depth.
    """
    named = dict.fromkeys(_models(session))
    return [ENDINGS[model] for model in named if model in ENDINGS]


def _models(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "model" and isinstance(item, str):
                yield item
            else:
                yield from _models(item)
    elif isinstance(value, list):
        for item in value:
            yield from _models(item)
