"""What lets a page in: its form, and which of it is a secret."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.scenario.page_access import Cookie, secrets_in_headers
from harness.scenario.page_context import PageContext


@pytest.mark.parametrize(
    "place", [{"url": "http://h/"}, {"domain": "h", "path": "/"}, {"domain": ".h", "path": "/a"}]
)
def test_a_cookie_belongs_somewhere(place: dict[str, Any]) -> None:
    assert Cookie(name="a", value="b", **place).name == "a"


@pytest.mark.parametrize(
    "place", [{}, {"domain": "h"}, {"path": "/"}, {"url": "http://h/", "path": "/"}]
)
def test_and_to_one_place(place: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="either `url`, or `domain` and `path`"):
        Cookie(name="a", value="b", **place)


@pytest.mark.parametrize(
    ("headers", "said"),
    [({"X Y": "1"}, "no name of a header"), ({"": "1"}, "no name"), ({"X": "a\nb"}, "one line")],
)
def test_headers_are_of_http(headers: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PageContext(extra_http_headers=headers)


def test_headers_that_let_somebody_in_are_secrets_with_and_without_their_scheme() -> None:
    headers = {"authorization": "Bearer abc.def", "COOKIE": "a=b", "X-Team": "voice"}
    assert [value for _, value in secrets_in_headers(headers)] == [
        "Bearer abc.def",
        "abc.def",
        "a=b",
        "a=b",
    ]
