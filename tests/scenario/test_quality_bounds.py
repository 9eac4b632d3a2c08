"""Bounds of quality as they are written."""

from typing import Any

import pytest
from pydantic import ValidationError

from harness.scenario.expectations import describe
from harness.scenario.model import Expectation
from harness.scenario.quality_bounds import QualityBounds


def test_they_are_sentences() -> None:
    answer = {"reference": "greeting.wav", "pesq_at_least": 3, "stoi_at_least": 0.9}
    told = Expectation.model_validate({"quality": answer})
    assert told.wants_answer
    assert describe(told) == (
        "the answer plays greeting.wav with a PESQ of at least 3 and a STOI of at least 0.9"
    )
    told = Expectation.model_validate({"user_quality": {"stoi_at_least": 0.8}})
    assert not told.wants_answer
    assert describe(told) == ("the server receives what the user said with a STOI of at least 0.8")


@pytest.mark.parametrize("given", [{}, {"pesq_at_least": 5}, {"stoi_at_least": 1.1}, {"pesq": 3}])
def test_what_bounds_nothing_or_cannot_be_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        QualityBounds.model_validate(given)


def test_alternatives_are_not_chosen_by_quality() -> None:
    bound = {"user_quality": {"pesq_at_least": 3}}
    with pytest.raises(ValidationError, match="not by quality"):
        Expectation.model_validate({"any_of": [bound, {"words": ["yes"]}]})
