"""Elements in scenarios."""

from __future__ import annotations

import inspect
from typing import Any, get_args, get_type_hints

import pytest
from playwright.async_api import Page
from pydantic import TypeAdapter, ValidationError

from harness.scenario.locators import ROLES, Element, Locator, in_words, plain

ELEMENT: TypeAdapter[Any] = TypeAdapter(Element)


def test_the_roles_are_playwrights() -> None:
    hint = get_type_hints(Page.get_by_role)["role"]
    assert set(get_args(hint)) == ROLES, inspect.signature(Page.get_by_role)


def test_a_text_stays_a_selector_and_a_mapping_is_what_a_user_sees() -> None:
    assert plain(ELEMENT.validate_python("#a >> nth=1")) == "#a >> nth=1"
    given = {"role": "button", "name": "Call", "exact": True, "frame": ["#f", {"text": "a"}]}
    element = ELEMENT.validate_python({**given, "page": "popup"})
    assert plain(element) == {**given, "page": "popup"}
    assert in_words(element).startswith("the button “Call” in the frame")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "names no element"),
        ({"nth": 1}, "names no element"),
        ({"frame": "#f"}, "names no element"),
        ({"role": "butn"}, "did you mean “button”"),
        ({"role": "zzz"}, "such as button"),
        ({"role": "button", "text": "a"}, "not by role and text"),
        ({"text": "a", "name": "b"}, "`name` is the accessible name of a `role`"),
        ({"css": "a", "exact": True}, "`exact` is about a name or a text"),
        ({"text": ""}, "at least 1 character"),
        ({"text": "a", "page": "pop-up"}, "popup"),
        ({"text": "a", "page": 0}, "greater than or equal to 1"),
        ({"text": "a", "frame": {"name": "b"}}, "names no element"),
        ({"txt": "a"}, "not permitted"),
    ],
)
def test_what_names_no_element_is_refused(given: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Locator.model_validate(given)
