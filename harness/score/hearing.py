"""Hearing of a stretch of audio: words with their places, by every ear that listened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word as an ear heard it."""

    text: str
    """As the recogniser wrote it, punctuation included."""

    start_s: float
    """On the call's timeline."""

    end_s: float
    """On the call's timeline."""

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

    problem: str = ""
    """Why it could not listen; "" where it did."""

    @property
    def why_not(self) -> str:
        """That it could not listen and why, for people; without the packages that it is from."""
        return f"{self.ear.partition(' (')[0]} could not listen: {self.problem}"

    @property
    def tokens(self) -> list[str]:
        """Its words in order, as it wrote them."""
        return [word.text for word in self.words] or self.text.split()


@dataclass(frozen=True, slots=True)
class Hearing:
    """Everything that the ears made of one answer's audio."""

    start_s: float
    """First voiced sample, on the call's timeline."""

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


class Witness(Protocol):
    """Ears that can be asked again about the same audio. Asking blocks, and never raises."""

    def all_reports(self) -> tuple[EarReport, ...]:
        """What every ear makes of it, the most trusted first; those not asked yet listen now."""
        ...

    def asked_reports(self) -> tuple[EarReport, ...]:
        """The reports of the ears that were asked so far."""
        ...

    def weigh(self, ear: int, first: int, last: int, texts: Sequence[str]) -> list[float] | None:
        """How much more likely each text is than the words that this ear wrote in its place.

        Args:
            ear: index of a report.
            first: index of the first word that is replaced.
            last: index behind the last one; ``first`` to put the text between two words.
            texts: what may have been said there; "" takes the words out.

        Returns:
            A logarithm for each text: 0 is "as likely", -3 is twenty times less likely. None
            where this ear cannot weigh, or failed.
        """
        ...
