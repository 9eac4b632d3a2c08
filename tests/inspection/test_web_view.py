"""The view of an inspection for web pages: what a reader gets, and what is typed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.findings.finding import Evidence, Finding
from harness.inspection.board import Board
from harness.inspection.session import Kind
from harness.inspection.web_view import (
    LONGEST_LINE,
    MOST_LINES,
    MOST_WAITING,
    BothViews,
    WebEnd,
    WebView,
    board_data,
    both_typed,
    finding_data,
)
from tests.support.healthy_call import HEALTHY, events_of

SOON_S = 5


class Muted(Finding):
    """One for a test."""

    name = "element_muted"
    severity = "error"
    to_do = "Take it off."


HOSTILE = Muted("The \x1b[31melement\x1b[0m is muted.", 5.2, (Evidence(7, 5.2, "playback"),))


async def test_a_reader_gets_all_there_is_and_then_what_is_new() -> None:
    view, board = WebView(), Board()
    view.line("  1.0   page.loaded", "event")
    view.refresh(board)
    messages = view.messages()
    first = await anext(messages)
    assert first["lines"] == [{"text": "  1.0   page.loaded", "kind": "event"}]
    assert first["board"]["state"] == ["microphone not asked for"]
    assert first["findings"] == []
    board.findings.append(HOSTILE)
    view.line("error element_muted", "finding")
    view.line("  do: Take it off.", "finding")  # stands in its own place
    view.refresh(board)
    async with asyncio.timeout(SOON_S):
        second = await anext(messages)
    assert [line["text"] for line in second["lines"]] == ["error element_muted"]
    assert [one["name"] for one in second["findings"]] == ["element_muted"]
    assert "board" not in second, "it is as it was"
    await messages.aclose()


async def test_before_anything_was_drawn_nothing_is_said_of_it() -> None:
    first = await anext(WebView().messages())
    assert first == {"lines": [], "left_out": 0, "findings": []}


async def test_a_late_reader_is_told_how_much_went_by() -> None:
    view = WebView()
    for number in range(MOST_LINES + 5):
        view.line(f"{number}", "event")
    message = await anext(view.messages())
    assert message["left_out"] == 5
    assert len(message["lines"]) == MOST_LINES


async def test_nothing_is_told_where_nothing_changed() -> None:
    view, board = WebView(), Board()
    view.refresh(board)
    messages = view.messages()
    await anext(messages)
    view.refresh(board)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await anext(messages)


async def test_the_end_is_the_last_message() -> None:
    view = WebView()
    view.finish(WebEnd("1 finding", [HOSTILE], Path("out/report.html")))
    told = [message async for message in view.messages()]
    assert len(told) == 1
    assert told[0]["end"]["outcome"] == "1 finding"
    assert told[0]["end"]["report"] == "report.html"
    assert told[0]["end"]["findings"][0]["name"] == "element_muted"


async def test_what_is_typed_comes_in_its_order_and_only_so_much_of_it_waits() -> None:
    view = WebView()
    for wrong in ("say one\nsay two", "x" * (LONGEST_LINE + 1), "say \x1b[31m"):
        with pytest.raises(UsageError, match="no command"):
            view.type(wrong)
    view.type("mute")
    for _ in range(MOST_WAITING - 1):
        view.type("stop")
    with pytest.raises(UsageError, match="does not keep up"):
        view.type("stop")
    typed = view.typed()
    assert [await anext(typed), await anext(typed)] == ["mute", "stop"]
    view.type("quit")


async def few(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def test_a_terminal_that_ends_is_the_end_and_a_pipe_is_not() -> None:
    view = WebView()
    async with asyncio.timeout(SOON_S):
        assert [line async for line in both_typed(few("mute"), view, ends=True)] == ["mute"]
    lines = both_typed(few("mute"), view, ends=False)
    view.type("quit")
    async with asyncio.timeout(SOON_S):
        assert {await anext(lines), await anext(lines)} == {"mute", "quit"}
    await lines.aclose()
    for _ in range(MOST_WAITING):
        view.type("stop")
    with pytest.raises(UsageError):  # nobody takes them any more, and they do not pile up
        view.type("stop")


class Lines:
    """What was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def line(self, text: str, kind: Kind) -> None:
        self.told.append(f"{kind} {text}")

    def refresh(self, board: Board) -> None:
        self.told.append(board.state)


def test_two_views_show_the_same() -> None:
    one, other = Lines(), Lines()
    both = BothViews(one, other)
    both.line("help", "note")
    both.refresh(Board())
    assert one.told == other.told == ["note help", "microphone not asked for"]


def test_how_it_stands_is_what_the_terminal_draws() -> None:
    board = Board()
    for event in events_of(HEALTHY):
        board.take(event)
    board.levels_dbfs["you"] = -20.04
    board.is_muted, board.paused_at = True, "call.js:1:2"
    data = board_data(board)
    assert " · ".join(data["state"]) == board.state
    assert data["levels_dbfs"] == {"you": -20.0}
    assert (data["is_muted"], data["paused_at"]) == (True, "call.js:1:2")


def test_what_a_page_calls_things_is_fit_to_be_shown() -> None:
    data = finding_data(HOSTILE)
    assert "\x1b" not in data["cause"]
    assert data["evidence"] == [{"seq": 7, "t_s": 5.2, "type": "playback"}]
