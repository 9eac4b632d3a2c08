from __future__ import annotations

import pytest
from pydantic import ValidationError

from harness.plain_data import Data, RegularExpression, first_mistake


class Search(Data):
    pattern: RegularExpression | None = None


def test_what_is_misspelt_is_an_error() -> None:
    with pytest.raises(ValidationError, match="patern"):
        Search.model_validate({"patern": "a"})


def test_it_stays_as_it_is() -> None:
    search = Search(pattern="a+")
    with pytest.raises(ValidationError, match="frozen"):
        search.pattern = "b"


def test_a_pattern_that_cannot_be_used_is_told_where_it_is_read() -> None:
    assert Search(pattern="(a|b)").pattern == "(a|b)"
    with pytest.raises(ValidationError, match="not a regular expression") as told:
        Search(pattern="(")
    assert told.value.errors()[0]["loc"] == ("pattern",)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"pattern": "("}, "pattern: '('"),
        ([3], "[3]"),
    ],
)
def test_the_first_mistake_is_told_with_its_place(given: object, told: str) -> None:
    with pytest.raises(ValidationError) as error:
        Search.model_validate(given)
    said, found = first_mistake(error.value)
    assert found == told
    assert said
    assert "Value error" not in said
