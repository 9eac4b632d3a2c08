"""Loudness: six decibels are heard, one is not, and other words have another level."""

import pytest

from harness.regression.loudness import loudness_findings
from tests.support.make_calls import make_turn, one_turn


@pytest.mark.parametrize(
    ("level_dbfs", "verdict"), [(-30.0, "worse"), (-25.0, None), (-18.0, "changed")]
)
def test_a_change_that_is_heard(level_dbfs: float, verdict: str | None) -> None:
    turns = one_turn([make_turn(level_dbfs=-24.0)], [make_turn(level_dbfs=level_dbfs)])
    found = list(loudness_findings("booking", turns))
    assert [(one.verdict, one.place) for one in found] == (
        [(verdict, "booking, turn 1")] if verdict else []
    )


def test_other_words_and_stopped_answers_are_not_compared() -> None:
    base, quiet = make_turn(level_dbfs=-24.0), make_turn(answer="Goodbye.", level_dbfs=-40.0)
    assert list(loudness_findings("booking", one_turn([base], [quiet]))) == []
    stopped = make_turn(level_dbfs=-40.0, interrupted=True)
    assert list(loudness_findings("booking", one_turn([base], [stopped]))) == []
    assert list(loudness_findings("booking", one_turn([base], [make_turn()]))) == []
