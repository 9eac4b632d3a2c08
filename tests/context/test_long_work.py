"""Long work as a context's tool names it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.context.definition import ContextTool
from harness.context.long_work import LongWork


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"command": ["a"], "url": "http://a/v1", "model": "m"}, "one of `command` and `url`"),
        ({"folder": "a"}, "are for a `command`"),
        ({"url": "http://a/v1"}, "needs a `model`"),
        ({"command": ["a"], "model": "m"}, "are for a `url`"),
        ({"within_s": 0}, "greater than 0"),
    ],
)
def test_what_cannot_be_is_told(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        LongWork.model_validate(fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "research", "long": True},
        {"python": "a:b", "long": {"command": ["c"]}},
    ],
)
def test_a_long_tool_is_done_by_one(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="one of `python`, `command` and `url`"):
        ContextTool.model_validate(fields)


def test_true_is_a_python_function_that_takes_long() -> None:
    assert ContextTool.model_validate({"python": "a:b", "long": True}).long_work == LongWork()
    assert ContextTool(name="research").long_work is None
