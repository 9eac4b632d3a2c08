"""Buttons of a page in the words of an error: bounded, in one line, and fit for a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from harness.errors import PageClosed
from harness.line import page_buttons
from harness.line.page_buttons import buttons_in_words


class Line:
    def __init__(self, *names: str) -> None:
        self._names = names

    async def buttons(self) -> Sequence[str]:
        """Buttons."""
        return self._names


class ClosedLine:
    async def buttons(self) -> Sequence[str]:
        """Buttons."""
        raise PageClosed("gone")


class HungLine:
    async def buttons(self) -> Sequence[str]:
        """Buttons."""
        await asyncio.Event().wait()
        raise AssertionError


async def test_they_are_named_in_their_order_each_once() -> None:
    line = Line("Start", "Call us", " ", "Start")
    assert await buttons_in_words(line) == "buttons on the page: “Start”, “Call us”"


async def test_what_a_page_wrote_to_steer_a_terminal_is_written_out() -> None:
    words = await buttons_in_words(Line("\x1b[2JCall\n  us", "x" * 500))
    assert words == f"buttons on the page: “\\x1b[2JCall us”, “{'x' * 59}…”"


async def test_of_many_the_first_are_named_and_the_others_counted() -> None:
    words = await buttons_in_words(Line(*(f"Table {number}" for number in range(40))))
    assert words.endswith("“Table 5” and 34 more")


async def test_a_page_that_cannot_be_asked_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_buttons, "LOOK_S", 0.01)
    for line in (Line(), ClosedLine(), HungLine(), object()):
        assert await buttons_in_words(line) == ""
