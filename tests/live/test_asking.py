"""A question to an assistant, plain or beside the session, and how it may end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from harness.errors import AssistantError
from harness.live.asking import Asking
from harness.live.state import LiveState
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Piece, Prompt, Say, Wait
from harness.realtime.server.outputs import AskAssistant, StopAssistant


class Plain:
    def __init__(self, *pieces: Piece | Exception) -> None:
        self.pieces = pieces

    def answer(self, prompt: Prompt) -> Iterator[Piece]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece


class Beside:
    def answer(self, prompt: Prompt) -> AsyncIterator[Piece]:
        async def pieces() -> AsyncIterator[Piece]:
            yield Say("never taken here")

        return pieces()


class Asked:
    def __init__(self, assistant: Any) -> None:
        self.state = LiveState({}, assistant, Ids(1), "webrtc")
        self.taken: list[Any] = []
        self.ends: list[Any] = []
        self.asking = Asking(self.state, Prompt("?"), self.taken.append, self.ends.append)

    def at(self, now_s: float) -> None:
        self.state.now_s = now_s
        self.asking.advance()


def test_pieces_are_handed_on_when_they_are_due() -> None:
    asked = Asked(Plain(Say("one"), Wait(2.0), Say("two")))
    asked.at(0.0)
    assert asked.taken == [Say("one")]
    assert asked.asking.wake_at_s() == 2.0
    asked.at(2.0)
    asked.at(3.0)
    assert asked.taken == [Say("one"), Say("two")]
    assert asked.ends == [None]


@pytest.mark.parametrize(
    ("error", "code"),
    [(AssistantError("no", code="quota"), "quota"), (RuntimeError("x"), "assistant_failed")],
)
def test_what_was_said_before_it_broke_stays(error: Exception, code: str) -> None:
    asked = Asked(Plain(Say("one"), error))
    asked.at(0.0)
    assert asked.taken == [Say("one")]
    assert [end[0] for end in asked.ends] == [code]


def test_one_beside_is_asked_and_stopped() -> None:
    asked = Asked(Beside())
    (job,) = asked.state.take_outputs()
    assert isinstance(job, AskAssistant)
    asked.asking.on_output("another", Say("not mine"))
    asked.asking.on_output(job.job_id, Say("mine"))
    asked.at(0.0)
    assert asked.taken == [Say("mine")]
    asked.asking.stop()
    asked.asking.stop()
    assert asked.state.take_outputs() == [StopAssistant(job.job_id)]
    asked.asking.on_output(job.job_id, Say("late"))
    asked.at(1.0)
    assert asked.taken == [Say("mine")]
    assert asked.ends == []


def test_one_beside_that_fails_says_how() -> None:
    asked = Asked(Beside())
    (job,) = asked.state.take_outputs()
    assert isinstance(job, AskAssistant)
    asked.asking.on_failed(job.job_id, "quota", "No more.")
    asked.at(0.0)
    assert asked.ends == [("quota", "No more.")]
