"""An assistant's answer in writing."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator

import pytest

from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import (
    MOST_PIECES,
    InjectFault,
    Piece,
    Prompt,
    Say,
    Wait,
)
from harness.server.assistants.pieces import written_pieces


class Plain:
    def answer(self, _: Prompt) -> Iterator[Piece]:
        yield from (Wait(0.0), Say("a"), InjectFault(()), Say("b"))


class Endless:
    def answer(self, _: Prompt) -> Iterator[Piece]:
        yield from (Say(str(number)) for number in itertools.count())


class Slow:
    is_closed = False

    async def answer(self, _: Prompt) -> AsyncIterator[Piece]:
        try:
            yield Say("a")
            yield Say("b")
        finally:
            self.is_closed = True


class Broken:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def answer(self, _: Prompt) -> Iterator[Piece]:
        raise self.error


async def test_waits_pass_and_faults_are_left_out() -> None:
    assert [piece async for piece in written_pieces(Plain(), Prompt())] == [Say("a"), Say("b")]


async def test_an_endless_answer_ends() -> None:
    assert len([piece async for piece in written_pieces(Endless(), Prompt())]) == MOST_PIECES


async def test_an_answer_that_is_left_is_closed() -> None:
    slow = Slow()
    pieces = written_pieces(slow, Prompt())
    assert await anext(pieces) == Say("a")
    await pieces.aclose()
    assert slow.is_closed


async def test_only_an_assistants_own_words_come_out() -> None:
    with pytest.raises(AssistantError, match="busy"):
        await anext(written_pieces(Broken(AssistantError("busy", "rate")), Prompt()))
    with pytest.raises(AssistantError) as caught:
        await anext(written_pieces(Broken(ValueError("sk-1")), Prompt()))
    assert "sk-1" not in caught.value.message
