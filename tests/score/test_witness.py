"""Ears asked about one clip."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from harness.audio.clip import AudioClip, MonoFloat32
from harness.errors import SpeechError
from harness.score.witness import ClipWitness, level_dbfs
from harness.speech.interface import Piece, SpokenWord
from harness.speech.spans import Span

CLIP = AudioClip(np.full(16_000 * 4, 0.1, np.float32), 16_000)
FIRST = Piece(0.0, 1.0, (SpokenWord("one", 0.1, 0.4, 0.9), SpokenWord("two", 0.5, 0.9, 0.8)))
SECOND = Piece(2.0, 4.0, (SpokenWord("three.", 2.1, 2.6, 0.7),))


class FakeEar:
    def __init__(self, name: str, pieces: tuple[Piece, ...] = (FIRST, SECOND)) -> None:
        self.name = name
        self.pieces = pieces
        self.listened = 0
        self.weighed: list[tuple[Piece, Sequence[str]]] = []

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        raise AssertionError

    def listen(self, samples: MonoFloat32, sample_rate_hz: int) -> tuple[Piece, ...]:
        self.listened += 1
        return self.pieces

    def likelihoods(
        self, samples: MonoFloat32, sample_rate_hz: int, piece: Piece, texts: Sequence[str]
    ) -> list[float]:
        self.weighed.append((piece, texts))
        return [-float(n) for n in range(len(texts))]


class BrokenEar(FakeEar):
    def listen(self, samples: MonoFloat32, sample_rate_hz: int) -> tuple[Piece, ...]:
        raise SpeechError("It broke.")


def test_the_first_ear_listens_at_once_and_the_others_when_they_are_needed() -> None:
    ears = [FakeEar("a"), FakeEar("b")]
    witness = ClipWitness(ears, CLIP, 10.0)
    hearing = witness.hearing([Span(0.1, 0.9), Span(2.1, 2.6)])
    assert (hearing.start_s, hearing.end_s, hearing.text) == (10.1, 12.6, "one two three.")
    assert [word.start_s for word in hearing.reports[0].words] == [10.1, 10.5, 12.1]
    assert [ear.listened for ear in ears] == [1, 0]
    assert [r.ear for r in witness.all_reports()] == ["a", "b"]
    assert len(witness.all_reports()) == len(witness.asked_reports()) == 2
    assert [ear.listened for ear in ears] == [1, 1]


def test_words_are_weighed_in_the_piece_that_holds_them() -> None:
    ear = FakeEar("a")
    witness = ClipWitness([ear], CLIP, 10.0)
    assert witness.weigh(0, 1, 2, ["too", "ten"]) == [-1.0, -2.0]
    assert witness.weigh(0, 2, 3, ["free."]) == [-1.0]
    assert ear.weighed == [
        (FIRST, ["one two", "one too", "one ten"]),
        (SECOND, ["three.", "free."]),
    ]


def test_a_range_over_two_pieces_cannot_be_weighed() -> None:
    assert ClipWitness([FakeEar("a")], CLIP, 0.0).weigh(0, 1, 3, ["x"]) is None


def test_an_ear_that_breaks_leaves_a_report_that_says_so() -> None:
    witness = ClipWitness([BrokenEar("a"), FakeEar("b")], CLIP, 0.0)
    broken, other = witness.all_reports()
    assert (broken.text, broken.problem, other.text) == ("", "It broke.", "one two three.")
    assert witness.weigh(0, 0, 0, ["x"]) is None


def test_the_level_is_that_of_the_voiced_part() -> None:
    samples = np.concatenate([np.zeros(16_000), np.full(16_000, 0.1)]).astype(np.float32)
    clip = AudioClip(samples, 16_000)
    assert level_dbfs(clip, [Span(1.0, 2.0)]) == pytest.approx(-20.0, abs=0.01)
    assert level_dbfs(clip, [Span(0.0, 1.0)]) == -120.0
