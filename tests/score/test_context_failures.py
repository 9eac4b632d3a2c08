"""What a verdict says about a context that failed in its call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from harness.score.context_failures import context_notes


@dataclass(frozen=True)
class Event:
    type: str
    data: dict[str, Any]


GONE = {"server": "jobs", "tool": None, "error": "ToolServerGone", "message": "“jobs” is\n  gone."}


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("mcp.failed", GONE, "The context: “jobs” is gone."),
        ("knowledge.failed", {"query": "a", "message": "No index."}, "The context: No index."),
        ("context.trouble", {"error": "StoreFull", "message": "Full."}, "The context: Full."),
        (
            "mcp.refused",
            {"server": "jobs", "tool": "send", "arguments": "{}"},
            "The context: nobody agreed to the call of send (jobs)",
        ),
        (
            "thinking.ended",
            {"job": "1", "status": "failed", "text": "It ended with status 1."},
            "The context: long work failed: It ended with status 1.",
        ),
        (
            "context.picture_not_shown",
            {"name": "a.gif", "why": "it is broken"},
            "The context: the model does not see “a.gif”: it is broken",
        ),
    ],
)
def test_each_failure_is_told_once(kind: str, data: dict[str, Any], said: str) -> None:
    assert context_notes([Event(kind, data), Event(kind, data)]) == [said]


def test_what_went_well_has_nothing_to_say() -> None:
    done = Event("thinking.ended", {"job": "1", "status": "done", "text": "42"})
    assert context_notes([Event("mcp.called", {"server": "jobs"}), done]) == []
