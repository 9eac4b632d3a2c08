"""Ears and the sound they are asked about: what the judge of words turns to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harness.audio.clip import AudioClip
from harness.errors import HarnessError
from harness.score.hearing import EarReport, HeardWord, Hearing
from harness.speech.interface import Ear, Piece
from harness.speech.spans import Span

DIGITAL_SILENCE_DBFS = -120.0


class ClipWitness:
    """The ears' opinions of one clip. The first ear is asked by `hearing`, the others when needed.

    Never raises: an ear that fails leaves a report that says so.

    Args:
        ears: the most trusted first; at least one.
        clip: the answer's sound.
        from_s: the clip's first sample, on the call's timeline.
    """

    def __init__(self, ears: Sequence[Ear], clip: AudioClip, from_s: float) -> None:
        self._ears = ears
        self._clip = clip
        self._from_s = from_s
        self._pieces: list[tuple[Piece, ...]] = []
        self._reports: list[EarReport] = []

    def hearing(self, spans: Sequence[Span]) -> Hearing:
        """What the first ear makes of it.

        Args:
            spans: where voice is in the clip; at least one.
        """
        first, last = spans[0].start_s, spans[-1].end_s
        return Hearing(
            self._from_s + first, self._from_s + last, level_dbfs(self._clip, spans), self._ask(1)
        )

    def all_reports(self) -> tuple[EarReport, ...]:
        """What every ear makes of it, the most trusted first."""
        return self._ask(len(self._ears))

    def asked_reports(self) -> tuple[EarReport, ...]:
        """The reports of the ears that were asked so far."""
        return tuple(self._reports)

    def weigh(self, ear: int, first: int, last: int, texts: Sequence[str]) -> list[float] | None:
        """How much more likely each text is than the words of this ear in its place."""
        self._ask(ear + 1)
        piece, offset = self._piece_of(ear, first)
        if piece is None:
            return None
        words = [word.text for word in piece.words]
        low, high = first - offset, last - offset
        if high > len(words):
            return None  # over the edge of what was listened to in one go
        whole = [" ".join([*words[:low], text, *words[high:]]).strip() for text in texts]
        asked = [piece.text, *(text or "." for text in whole)]
        try:
            written, *others = self._ears[ear].likelihoods(
                self._clip.samples, self._clip.sample_rate_hz, piece, asked
            )
        except HarnessError:
            return None
        return [other - written for other in others]

    def _ask(self, count: int) -> tuple[EarReport, ...]:
        for ear in self._ears[len(self._reports) : count]:
            try:
                pieces = ear.listen(self._clip.samples, self._clip.sample_rate_hz)
                self._pieces.append(pieces)
                self._reports.append(_report(ear.name, pieces, self._from_s))
            except HarnessError as error:
                self._pieces.append(())
                self._reports.append(EarReport(ear.name, "", problem=error.message))
        return tuple(self._reports[:count])

    def _piece_of(self, ear: int, index: int) -> tuple[Piece | None, int]:
        """The piece that a word is in, and how many words lie before it."""
        offset, found = 0, None
        for piece in self._pieces[ear]:
            if piece.words and (found is None or index >= offset + len(found.words)):
                offset += len(found.words) if found else 0
                found = piece
        return found, offset


def level_dbfs(clip: AudioClip, spans: Sequence[Span]) -> float:
    """RMS level of the spans, in dB relative to full scale; -120 at least.

    Args:
        clip: at any rate.
        spans: stretches of it, seconds from its first sample; at least one.
    """
    rate_hz = clip.sample_rate_hz
    voiced = np.concatenate(
        [clip.samples[round(s.start_s * rate_hz) : round(s.end_s * rate_hz)] for s in spans]
    )
    power = float(np.mean(np.square(voiced, dtype=np.float64))) if len(voiced) else 0.0
    return max(DIGITAL_SILENCE_DBFS, 10 * float(np.log10(max(power, 1e-12))))


def _report(name: str, pieces: Sequence[Piece], from_s: float) -> EarReport:
    words = tuple(
        HeardWord(w.text, from_s + w.start_s, from_s + w.end_s, w.probability)
        for piece in pieces
        for w in piece.words
    )
    return EarReport(name, " ".join(word.text for word in words), words)
