"""Ratings of speech: a large drop in every run is told, a small one and other words are not."""

import pytest

from harness.regression.quality import quality_findings
from tests.support.make_calls import make_turn, one_turn


@pytest.mark.parametrize(
    ("base", "new", "verdicts"),
    [
        ([{"pesq": 3.9}], [{"pesq": 3.1}], ["worse"]),
        ([{"pesq": 3.9}], [{"pesq": 3.5}], []),
        ([{"pesq": 3.9}, {"pesq": 3.2}], [{"pesq": 3.0}], []),
        ([{"stoi": 0.7}], [{"stoi": 0.95, "pesq": 4.0}], ["better"]),
        ([{"received_pesq": 4.1, "pesq": 4.0}], [{"received_pesq": 2.0, "pesq": 4.0}], ["worse"]),
        ([{}], [{"pesq": 1.0}], []),
    ],
)
def test_a_change_that_is_heard_in_every_run(
    base: list[dict[str, float]], new: list[dict[str, float]], verdicts: list[str]
) -> None:
    sides = [[make_turn(ratings=ratings) for ratings in side] for side in (base, new)]
    found = list(quality_findings("booking", one_turn(sides[0], sides[1])))
    assert [one.verdict for one in found] == verdicts
    assert all(one.place == "booking, turn 1" for one in found)


def test_other_words_have_another_reference_and_the_user_has_not() -> None:
    base = make_turn(ratings={"pesq": 4.0, "received_pesq": 4.0})
    new = make_turn(answer="Goodbye.", ratings={"pesq": 1.0, "received_pesq": 1.0})
    [found] = quality_findings("booking", one_turn([base], [new]))
    assert "as the server received them" in found.text
    assert found.evidence == "4.00 → 1.00"
