"""View of an inspection for web pages of this machine: what they show, what is typed there."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.findings.finding import Finding
from harness.inspection.board import Board
from harness.inspection.session import Kind, View
from harness.terminal_text import printable

MOST_LINES = 400
MOST_WAITING = 50
LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class WebEnd:
    """How an inspection ended, for who watches it in a page."""

    outcome: str
    """In a sentence."""

    findings: Sequence[Finding] = ()
    """All of them, also those that only the end of the call shows."""

    report: Path | None = None
    """Its report, which lies beside what it refers to; None: there is none."""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    kind: Kind


class WebView:
    """Keeps what is to be shown, for any number of readers that come and go; no socket in here."""

    def __init__(self) -> None:
        self.end: WebEnd | None = None
        """How it ended; None while it runs."""

        self._lines: deque[_Line] = deque(maxlen=MOST_LINES)
        self._told = 0
        self._board: dict[str, Any] = {}
        self._findings: list[Finding] = []
        self._typed: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._readers: set[asyncio.Event] = set()

    def line(self, text: str, kind: Kind) -> None:
        """One more line. Of a finding the first one: the rest stands in its own place."""
        if kind == "finding" and text.startswith(" "):
            return
        self._lines.append(_Line(self._told, text, kind))
        self._told += 1
        self._wake()

    def refresh(self, board: Board) -> None:
        """How it stands now."""
        data, found = board_data(board), len(board.findings)
        if data != self._board or found != len(self._findings):
            self._board, self._findings = data, list(board.findings)
            self._wake()

    def finish(self, end: WebEnd) -> None:
        """Say how it ended; every reader ends with it."""
        self.end = end
        self._wake()

    def type(self, line: str) -> None:
        """A command of somebody who looks at a page.

        Raises:
            UsageError: it is no single line, it is too long, or too many wait.
        """
        if len(line) > LONGEST_LINE or not line.replace("\t", " ").isprintable():
            raise UsageError(
                "This is no command.",
                expected=f"one line of at most {LONGEST_LINE} signs",
                found=f"{len(line)} signs in {len(line.splitlines())} lines",
            )
        try:
            self._typed.put_nowait(line)
        except asyncio.QueueFull:
            raise UsageError(
                "The page under test does not keep up.",
                expected=f"at most {MOST_WAITING} commands that wait",
                found="one more",
                hint="wait until some of them are done",
            ) from None

    async def typed(self) -> AsyncIterator[str]:
        """What was typed, in its order; without an end."""
        while True:
            yield await self._typed.get()

    async def messages(self) -> AsyncGenerator[dict[str, Any]]:
        """What a page has to know: all there is at first, then what changed, up to the end.

        Whoever reads slowly gets fewer messages, and the newest state.
        """
        changed, next_line, findings = asyncio.Event(), 0, -1
        board: dict[str, Any] = {}  # nothing is known before it was drawn once
        self._readers.add(changed)
        try:
            while True:
                lines = [line for line in self._lines if line.number >= next_line]
                message: dict[str, Any] = {
                    "lines": [{"text": line.text, "kind": line.kind} for line in lines],
                    "left_out": self._told - next_line - len(lines),
                }
                next_line = self._told
                if self._board != board:
                    message["board"] = board = self._board
                if len(self._findings) != findings:
                    message["findings"] = [finding_data(one) for one in self._findings]
                    findings = len(self._findings)
                if self.end is not None:
                    yield message | {"end": _end_data(self.end)}
                    return
                yield message
                await changed.wait()
                changed.clear()
        finally:
            self._readers.discard(changed)

    def _wake(self) -> None:
        for changed in self._readers:
            changed.set()


class BothViews:
    """Shows everything in two places."""

    def __init__(self, first: View, second: View) -> None:
        self._views = (first, second)

    def line(self, text: str, kind: Kind) -> None:
        """In both."""
        for view in self._views:
            view.line(text, kind)

    def refresh(self, board: Board) -> None:
        """In both."""
        for view in self._views:
            view.refresh(board)


async def both_typed(first: AsyncIterable[str], web: WebView, *, ends: bool) -> AsyncGenerator[str]:
    """What is typed in a terminal and in pages, as it comes.

    Args:
        first: the terminal's lines, or those of a pipe.
        web: the pages'.
        ends: whether the end of the first is the end; what comes from pages has none.
    """
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    async def pass_on(lines: AsyncIterable[str], *, is_end: bool) -> None:
        try:
            async for line in lines:
                queue.put_nowait(line)
        finally:
            if is_end:
                queue.put_nowait(None)

    tasks = [
        asyncio.create_task(pass_on(first, is_end=ends), name="typed in a terminal"),
        asyncio.create_task(pass_on(web.typed(), is_end=False), name="typed in pages"),
    ]
    try:
        while (line := await queue.get()) is not None:
            yield line
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def board_data(board: Board) -> dict[str, Any]:
    """How it stands, as JSON; what comes from the page under test is fit to be shown."""
    return {
        "now_s": round(board.now_s, 1),
        "page": board.page,
        "state": board.parts,
        "levels_dbfs": {who: round(level, 1) for who, level in board.levels_dbfs.items()},
        "is_muted": board.is_muted,
        "paused_at": board.paused_at,
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON, with control characters written out."""
    shown = finding.as_data()
    texts = {name: printable(text) for name, text in shown.items() if isinstance(text, str)}
    return {**shown, **texts}


def _end_data(end: WebEnd) -> dict[str, Any]:
    return {
        "outcome": end.outcome,
        "findings": [finding_data(one) for one in end.findings],
        "report": None if end.report is None else end.report.name,
        "path": "" if end.report is None else printable(str(end.report)),
    }
