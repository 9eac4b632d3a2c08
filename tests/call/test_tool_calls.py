"""The tool call that is to be answered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.call.events import CallEvent, call_events
from harness.call.tool_calls import called_tool
from harness.errors import ExpectationFailed


class Waits:
    """Answers at once, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    async def event(self, fits: Any, within_s: float, what: str) -> None:
        self.asked.append(fits)


def recorder_with(*events: CallEvent) -> Any:
    kept = call_events()
    for event in events:
        kept.push(event)
    return SimpleNamespace(events=kept)


def called(t_s: float, call_id: str, name: str = "book") -> CallEvent:
    data = {"call_id": call_id, "name": name, "arguments": "{}"}
    return CallEvent(t_s, "dialogue", "tool.called", data)


async def test_the_last_one_of_its_name_once_its_response_is_over() -> None:
    waits = Waits()
    recorder = recorder_with(called(1.0, "a"), called(2.0, "b"), called(3.0, "c", "other"))
    assert await called_tool("book", recorder, cast("Any", waits), 5.0) == "b"
    (fits,) = waits.asked
    assert not fits(CallEvent(1.5, "dialogue", "answer.ended", {}))
    assert fits(CallEvent(2.5, "dialogue", "answer.ended", {}))


async def test_one_that_was_not_called() -> None:
    with pytest.raises(ExpectationFailed, match="“book” was not called"):
        await called_tool("book", recorder_with(), cast("Any", Waits()), 5.0)
