"""Ears that heard what a test says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.score.hearing import EarReport, HeardWord, Hearing


def report(text: str, sure: float = 0.9, ear: str = "ear") -> EarReport:
    """Words of half a second each, from 10 s on."""
    words = tuple(
        HeardWord(word, 10 + n / 2, 10.5 + n / 2, sure) for n, word in enumerate(text.split())
    )
    return EarReport(ear, text, words)


class FakeWitness:
    """Weighs texts as a test says; what it was not told about is far less likely.

    Args:
        reports: of all ears.
        weights: by the text in question, case and punctuation aside; of every ear.
    """

    def __init__(
        self, *reports: EarReport, weights: Mapping[str, float | Sequence[float]] | None = None
    ) -> None:
        self.reports = reports
        self.weights = {_plain(text): weight for text, weight in (weights or {}).items()}
        self.asked_ears = 1

    @property
    def hearing(self) -> Hearing:
        return Hearing(10.0, 12.0, -20.0, self.reports[:1])

    def all_reports(self) -> tuple[EarReport, ...]:
        self.asked_ears = len(self.reports)
        return self.reports

    def asked_reports(self) -> tuple[EarReport, ...]:
        return self.reports[: self.asked_ears]

    def weigh(self, ear: int, first: int, last: int, texts: Sequence[str]) -> list[float] | None:
        own = _plain(" ".join(self.reports[ear].tokens[first:last]))
        return [0.0 if _plain(text) == own else self._weight(ear, text) for text in texts]

    def _weight(self, ear: int, text: str) -> float:
        weight = self.weights.get(_plain(text), -12.0)
        return weight if isinstance(weight, int | float) else weight[ear]


def _plain(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum() or sign == " ").strip()
