"""Expectations on the page as data and as sentences."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.scenario.page_expectations import PageExpectation


@pytest.mark.parametrize(
    ("given", "content", "text"),
    [
        ({"visible": "#a"}, {"of": "#a"}, "“#a” is visible"),
        (
            {"hidden": {"text": "Wait", "within_s": 2}},
            {"of": {"text": "Wait"}},
            "the text “Wait” is hidden",
        ),
        ({"text": {"of": "h1", "is": "A"}}, {"of": "h1", "is": "A"}, "the text of “h1” is “A”"),
        (
            {"value": {"of": "#n", "matches": "^K"}},
            {"of": "#n", "matches": "^K"},
            "the value of “#n” matches “^K”",
        ),
        ({"count": {"of": "li", "is": 3}}, {"of": "li", "is": 3}, "“li” is there 3 times"),
        ({"url": "**/menu"}, {"glob": "**/menu"}, "the page's address is “**/menu”"),
        ({"url": {"contains": "me"}}, {"contains": "me"}, "the page's address contains “me”"),
        (
            {"attribute": {"of": "a", "name": "href"}},
            {"of": "a", "name": "href"},
            "the attribute “href” of “a” is there",
        ),
    ],
)
def test_each_is_a_sentence_and_data(
    given: dict[str, Any], content: dict[str, Any], text: str
) -> None:
    [check] = PageExpectation.model_validate(given).checks
    assert (check.kind, check.content, check.text) == (next(iter(given)), content, text)
    inside = given[check.kind]
    assert check.within_s == (inside.get("within_s") if isinstance(inside, dict) else None)


def test_everything_given_is_checked() -> None:
    expected = PageExpectation.model_validate({"visible": "#a", "hidden": "#b"})
    assert [check.kind for check in expected.checks] == ["visible", "hidden"]
    assert expected.in_words == "“#a” is visible; “#b” is hidden"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "expects nothing"),
        ({"seen": "#a"}, "not permitted"),
        ({"text": {"of": "#a"}}, "compare it in one way"),
        ({"text": {"of": "#a", "is": "a", "contains": "a"}}, "compare it in one way"),
        ({"text": {"of": "#a", "matches": "("}}, "not a regular expression"),
        ({"count": {"of": "#a", "is": -1}}, "greater than or equal to 0"),
        ({"attribute": {"of": "#a", "is": "b"}}, "name"),
        ({"visible": "#a", "within_s": 2}, "not permitted"),
    ],
)
def test_what_could_not_be_judged_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        PageExpectation.model_validate(given)
