"""What a context may be, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.context.definition import KEPT, ContextDefinition


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
        ({"tools": [{"name": "b", "parameters": {"required": "c"}}]}, "is not of type 'array'"),
        (
            {"tools": [{"python": "a:search_knowledge"}], "knowledge": {"files": ["a.md"]}},
            "no other tool is called “search_knowledge”",
        ),
        ({"tools": [{"python": "a:show_widget"}], "widgets": True}, "called “show_widget”"),
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


def test_one_that_was_kept_by_an_earlier_version_is_not_damaged() -> None:
    tool = {"name": "search_knowledge", "parameters": {"properties": {"a": "integer"}}}
    fields = {"name": "shop", "tools": [tool], "knowledge": {"files": ["a.md"]}}
    assert (
        ContextDefinition.model_validate(fields, context=KEPT).tools[0].called == "search_knowledge"
    )


def test_a_tool_of_ours_that_is_not_on_offer_leaves_its_name_free() -> None:
    before = {"files": ["a.md"], "use": "before"}
    fields = {"name": "shop", "tools": [{"name": "search_knowledge"}], "knowledge": before}
    assert ContextDefinition.model_validate(fields).tools[0].called == "search_knowledge"
