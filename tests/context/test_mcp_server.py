"""A tool server as a context names it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.context.mcp_server import McpServer


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "one of `command` and `url`"),
        ({"command": ["a"], "url": "http://a/"}, "one of `command` and `url`"),
        ({"url": "ftp://a/"}, "match pattern"),
        ({"url": "http://a/", "folder": "b"}, "are for a `command`"),
        ({"command": ["a"], "token_env": "B"}, "is for a `url`"),
        ({"command": ["a"], "within_s": 0}, "greater than 0"),
    ],
)
def test_what_cannot_be_is_told(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        McpServer(name="desk", **fields)


def test_tools_are_on_offer_unless_others_are_named() -> None:
    assert McpServer(name="desk", command=["a"]).is_offered("find")
    assert not McpServer(name="desk", command=["a"], tools=["book"]).is_offered("find")


def test_somebody_agrees_to_the_tools_that_are_named() -> None:
    assert not McpServer(name="desk", command=["a"]).is_asked_for("book")
    assert McpServer(name="desk", command=["a"], needs_approval=["book"]).is_asked_for("book")
    assert McpServer(name="desk", command=["a"], needs_approval="all").is_asked_for("find")
