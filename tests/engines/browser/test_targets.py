"""Elements as data, and in words."""

from __future__ import annotations

from typing import Any

import pytest

from harness.engines.browser.targets import Target, has_target, read_target
from harness.errors import UsageError


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("#start", "“#start”"),
        ({"css": "#start"}, "“#start”"),
        ({"role": "button", "name": "Call us"}, "the button “Call us”"),
        ({"role": "button"}, "the button"),
        ({"text": "Hello", "nth": 2}, "the text “Hello” (nth 2)"),
        ({"label": "Name", "nth": -1}, "the field “Name” (the last)"),
        ({"placeholder": "Who?"}, "the field with the placeholder “Who?”"),
        ({"test_id": "sum", "page": "popup"}, "the test id “sum” in the new window"),
        ({"text": "a", "page": 2}, "the text “a” in window 2 that the page opened"),
        ({"css": "b", "frame": "#f"}, "“b” in the frame “#f”"),
        (
            {"css": "b", "frame": ["#outer", {"role": "document", "name": "in"}]},
            "“b” in the frame the document “in” in the frame “#outer”",
        ),
    ],
)
def test_an_element_in_words(wanted: Any, words: str) -> None:
    assert str(read_target(wanted)) == words


@pytest.mark.parametrize("wanted", [{}, {"name": "Call us"}, {"role": "button", "text": "a"}])
def test_an_element_is_named_in_one_way(wanted: Any) -> None:
    with pytest.raises(UsageError, match="exactly one of role, text"):
        read_target(wanted)


def test_what_else_stands_beside_an_element_is_let_be() -> None:
    fill = {"label": "Name", "value": "Kim", "exact": True}
    assert read_target(fill) == Target("label", "Name", exact=True)
    assert has_target(fill)
    assert not has_target({"key": "Enter"})
