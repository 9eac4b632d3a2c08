"""Three recognisers: who is believed."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.errors import SpeechError
from harness.replay.second_opinion import SecondOpinion
from tests.support.recorded_calls import Scribe


class Deaf:
    """A recogniser that does not answer."""

    name = "deaf 1"

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        raise SpeechError("An ear does not answer.")


NOTHING = np.zeros(16_000, np.float32)


@pytest.mark.parametrize(
    ("first", "umpire", "third", "believed"),
    [
        ("An ill-spursed young man.", "An ill-disposed young man.", "An ill-disposed man.", 1),
        ("Hallo!, can you hear me?", "Hello, can you hear me?", "Hello, can you hear me?", 1),
        ("Go to Oslo.", "Go to also.", "Go to Oslo.", 0),
        ("For four people.", "for for people", "For for people.", 0),
        ("", "Thank you.", "Thank you.", 0),
        ("Seven.", "", "Seven.", 0),
    ],
)
def test_two_of_three_are_believed_and_homophones_are_no_doubt(
    first: str, umpire: str, third: str, believed: int
) -> None:
    opinion = SecondOpinion(Scribe(first), Scribe(umpire), Scribe(third))
    assert opinion.recognise(NOTHING, 16_000) == (first, umpire)[believed]


def test_the_third_is_asked_only_where_two_differ() -> None:
    third = Scribe("Seven.")
    opinion = SecondOpinion(Scribe("Seven."), Scribe("7."), third)
    assert opinion.recognise(NOTHING, 16_000) == "Seven."
    assert third.heard == []


def test_of_two_that_differ_the_umpire_is_believed() -> None:
    assert SecondOpinion(Scribe("Eleven."), Scribe("Seven.")).recognise(NOTHING, 8000) == "Seven."


def test_an_opinion_that_fails_is_none() -> None:
    opinion = SecondOpinion(Scribe("Eleven."), Deaf(), Deaf())
    assert opinion.recognise(NOTHING, 16_000) == "Eleven."
