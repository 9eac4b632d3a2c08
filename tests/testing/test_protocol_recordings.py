"""Messages are taken from a trace, and facts that do not fit together are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.facts.connection import DataChannelMessage
from harness.facts.dialogue import (
    AnswerEnded,
    AnswerStarted,
    AnswerText,
    DialogueFact,
    SessionReady,
)
from harness.facts.sockets import SocketMessage
from harness.protocols.interface import Channel, Message
from harness.testing.protocol_recordings import misfits, recorded
from harness.trace import TraceWriter

TEXT = AnswerText("a", "x")
BEGUN, ENDED = AnswerStarted("a"), AnswerEnded("a", "completed", None, "x")


def test_a_trace_has_the_messages_of_its_channels(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {"name": "t"}) as trace:
        trace.add(DataChannelMessage("c", "d", "toy", "received", "one", 3), 1.0)
        trace.add(DataChannelMessage("c", "d", "toy", "received", None, 3), 1.5)
        trace.add(SocketMessage("s", "ws://bot/", "sent", "two", 3), 2.0)
        trace.add(SessionReady(), 2.0)
    toy, bot = Channel("toy"), Channel("ws://bot/", "web_socket")
    one, two = Message(toy, "received", "one"), Message(bot, "sent", "two")
    assert recorded(path) == [one, two]
    assert recorded(str(path), "toy") == [one]


@pytest.mark.parametrize(
    ("facts", "misfit"),
    [
        ([SessionReady(), BEGUN, TEXT, ENDED], None),
        ([TEXT], "which has not begun"),
        ([BEGUN, BEGUN], "begins again"),
        ([BEGUN, ENDED, ENDED], "ends again"),
        ([BEGUN, ENDED, TEXT], "goes on behind its end"),
    ],
)
def test_facts_that_do_not_fit_are_named(facts: list[DialogueFact], misfit: str | None) -> None:
    found = misfits(facts)
    assert bool(found) is (misfit is not None)
    assert misfit is None or misfit in found[0]
