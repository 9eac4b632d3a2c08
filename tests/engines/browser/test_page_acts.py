"""Steps on a page as plain data."""

from __future__ import annotations

from typing import Any

import pytest

from harness.engines.browser.page_acts import WITHIN_S, read_act, what_of
from harness.errors import UsageError


@pytest.mark.parametrize(
    ("step", "content", "what"),
    [
        ({"click": "#a"}, {"css": "#a"}, "“#a”"),
        ({"press": "Enter"}, {"key": "Enter"}, "Enter"),
        ({"press": {"key": "a", "label": "N"}}, {"key": "a", "label": "N"}, "a in the field “N”"),
        ({"goto": "/menu"}, {"url": "/menu"}, "/menu"),
        ({"screenshot": "end"}, {"name": "end"}, "end"),
        ({"evaluate": "1 + 1"}, {"js": "1 + 1"}, "1 + 1"),
        ({"wait_for": {"url": "**/a"}}, {"url": "**/a"}, "**/a"),
        (
            {"fill": {"role": "textbox", "name": "N", "value": "Kim"}},
            {"role": "textbox", "name": "N", "value": "Kim"},
            "the textbox “N”",
        ),
    ],
)
def test_a_step_says_what_it_is_about(
    step: dict[str, Any], content: dict[str, Any], what: str
) -> None:
    kind, read, within_s = read_act(step)
    assert (read, within_s) == (content, WITHIN_S)
    assert what_of(kind, read) == what


def test_a_step_has_its_own_time() -> None:
    assert read_act({"click": "#a", "within_s": 2}) == ("click", {"css": "#a"}, 2.0)


@pytest.mark.parametrize("step", [{}, {"knock": "#a"}, {"click": "#a", "press": "Enter"}])
def test_what_is_no_step_is_a_usage_error(step: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="no step on a page"):
        read_act(step)
