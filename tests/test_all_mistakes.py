"""Mistakes of several places are told together, and each stays one by itself."""

from __future__ import annotations

from typing import Any

import pytest

from harness.all_mistakes import (
    as_one,
    each_of,
    refuse_mistakes,
    told_problems,
    without_branches,
)
from harness.errors import FixtureError, HarnessError, ScenarioError


def test_people_write_no_names_of_branches() -> None:
    assert without_branches(("steps", 0, "say", "Speech", "text")) == ("steps", 0, "say", "text")


def test_of_several_mistakes_all_are_told_and_one_stays_what_it_is() -> None:
    first, second = ScenarioError("a.yaml:1: this."), FixtureError("b.yaml:2: that.")
    refuse_mistakes([], 3)
    with pytest.raises(FixtureError, match="that"):
        refuse_mistakes([second], 3)
    both: list[HarnessError] = [first, second, second]
    with pytest.raises(
        ScenarioError, match=r"2 of 9 (.|\n)*a\.yaml:1: this(.|\n)*b\.yaml:2"
    ) as all:
        refuse_mistakes(both, 9)
    assert "nothing was run" in all.value.message


def test_each_is_there_by_itself_however_they_were_put_together() -> None:
    one, two, three = (ScenarioError(f"a.yaml:{line}: this.") for line in (1, 2, 3))
    assert as_one([one]) is one
    both = as_one([one, two])
    assert str(both) == "a.yaml:1: this.\na.yaml:2: this."
    with pytest.raises(ScenarioError, match="2 of 4 cannot be used") as caught:
        refuse_mistakes([both, three], 4)
    assert each_of(caught.value) == [one, two, three]


def problem(kind: str, *location: str | int) -> Any:
    return {"type": kind, "loc": location}


def test_a_missing_key_is_not_told_beside_the_typo_that_it_may_be() -> None:
    typo, missing = problem("extra_forbidden", "stesp"), problem("missing", "steps")
    assert told_problems([missing, typo]) == [typo]
    assert told_problems([missing]) == [missing]


def test_of_the_branches_of_one_value_the_closest_is_told() -> None:
    text = problem("string_type", "steps", 0, "say", "str")
    typo = problem("extra_forbidden", "steps", 0, "say", "Speech", "txt")
    other = problem("greater_than", "steps", 1, "silence")
    assert told_problems([text, typo, other]) == [typo, other]
