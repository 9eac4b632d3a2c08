"""What a context may be, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.context.definition import ContextDefinition


def test_a_name_is_enough() -> None:
    found = ContextDefinition(name="shop")
    assert (found.owner, found.calls, found.history_tokens) == ("application", "refuse", 4000)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "a shop"}, "pattern"),
        ({"owner": "nobody"}, "'application' or 'user'"),
        ({"tools": [{"description": "x"}]}, "needs a `name`"),
        ({"tools": [{"python": "a:b", "parameters": {}}]}, "says its parameters itself"),
        ({"tools": [{"name": "b", "parameters": {"type": "array"}}]}, "whose `type` is `object`"),
        ({"tools": [{"name": "b"}, {"python": "a:b"}]}, "two tools are called “b”"),
        ({"tools": [{"python": "no reference"}]}, "pattern"),
        ({"history_tokens": -1}, "greater than or equal to 0"),
        ({"expires_after_days": 0}, "greater than 0"),
        ({"knowledge": {"url": "http://a/b", "by": "meaning"}}, "`by` is for `files`"),
        ({"knowledge": {"files": ["a.md"], "by": "magic"}}, "'words', 'meaning' or 'both'"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_what_cannot_be_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        ContextDefinition(**{"name": "shop", **fields})
