"""What ears made of a stretch of audio: words with their places, by every ear that listened."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word as an ear heard it."""

    text: str
    """As the recogniser wrote it, punctuation included."""

    start_s: float
    """On the call's time line."""

    end_s: float
    """On the call's time line."""

    probability: float
    """How sure the ear is, 0 to 1."""


@dataclass(frozen=True, slots=True)
class EarReport:
    """What one recogniser heard."""

    ear: str
    """Engine, model and version."""

    text: str
    """All of it; "" where it heard no word."""

    words: tuple[HeardWord, ...] = ()
    """The same with places, where the ear can tell them; else empty."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Everything that the ears made of one answer's audio."""

    start_s: float
    """First voiced sample, on the call's time line."""

    end_s: float
    """Last voiced sample."""

    level_dbfs: float
    """RMS of the voiced part, relative to full scale."""

    reports: tuple[EarReport, ...]
    """One for each ear, the most trusted first."""

    @property
    def text(self) -> str:
        """What the most trusted ear heard; "" without one."""
        return self.reports[0].text if self.reports else ""
