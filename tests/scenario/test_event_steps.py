"""By ear alone, no step can need an event; named protocols have theirs."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.scenario.model import Scenario


def scenario(step: Any, protocol: str) -> Scenario:
    page = {"url": "http://localhost/", "protocol": protocol}
    return Scenario.model_validate({"name": "s", "page": page, "steps": ["hang_up", step]})


@pytest.mark.parametrize(
    ("step", "asks"),
    [
        ("end_turn", "end_turn"),
        ({"send": {"type": "x"}}, "send"),
        ({"tool_result": {"name": "x", "output": "y"}}, "tool_result"),
        ({"expect": {"tool": {"name": "x"}, "words": ["a"]}}, "tool"),
    ],
)
def test_what_needs_an_event_is_refused_by_its_step(step: Any, asks: str) -> None:
    with pytest.raises(ValidationError, match=f"step 2 has `{asks}`.*by ear alone"):
        scenario(step, "none")
    assert scenario(step, "auto")


@pytest.mark.parametrize(
    "step", [{"expect": {"words": ["a"], "user_words": ["b"]}}, {"expect": {"event": "stats"}}]
)
def test_what_can_be_heard_or_seen_is_not(step: Any) -> None:
    assert scenario(step, "none")
