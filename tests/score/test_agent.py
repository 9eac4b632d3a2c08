"""What a verdict says of a page's connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.score.agent import agent_notes


@dataclass(frozen=True)
class Fact:
    type: str
    data: Mapping[str, Any]


def other(connection: str, start_s: float, end_s: float) -> Fact:
    data = {"connection": connection, "start_s": start_s, "end_s": end_s}
    return Fact("heard.other_connection", data)


def test_a_call_with_one_connection_has_none() -> None:
    assert agent_notes([Fact("call.opened", {})]) == []


def test_a_chosen_one_that_was_silent_is_named_with_those_that_were_not() -> None:
    missing = Fact("call.agent_missing", {"wanted": "connection-3", "found": ["connection-1"]})
    [note] = agent_notes([missing])
    assert "connection-3" in note
    assert note.endswith("connections with sound: connection-1")


def test_what_was_not_judged_is_told_for_each_connection() -> None:
    notes = agent_notes([other("connection-3", 1, 2), other("connection-2", 1, 1.5)] * 2)
    assert [note.split(":")[1].split()[0] for note in notes] == ["1.0", "2.0"]
