"""Views of an inspection: a board that is drawn in place on a terminal, or line after line."""

from __future__ import annotations

import sys
from collections import deque
from types import TracebackType
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from harness.cli.typed_lines import LineEditor
from harness.inspection.board import Board, meter
from harness.inspection.session import Kind

STYLES: dict[Kind, str] = {"event": "dim", "finding": "yellow", "note": "", "problem": "red"}
MOST_LINES = 400
BOARD_LINES = 5
"""State, two meters, a line between, and the line that is typed."""


class LineView:
    """One line after another, for a pipe or a log; how it stands is told when it changes."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._state = ""

    def line(self, text: str, kind: Kind) -> None:
        """Print it."""
        mark = "▲ " if kind == "finding" and not text.startswith(" ") else ""
        print(f"{mark}{text}", file=self._stream, flush=True)

    def refresh(self, board: Board) -> None:
        """Print the states, where one changed."""
        if board.state != self._state:
            self._state = board.state
            print(f"      = {self._state}", file=self._stream, flush=True)


class TerminalView:
    """The last lines, how it stands, and what is typed; drawn anew at each look.

    Args:
        console: where to draw.
        editor: has the line that is typed.
    """

    def __init__(self, console: Console, editor: LineEditor) -> None:
        self._console = console
        self._editor = editor
        self._lines: deque[Text] = deque(maxlen=MOST_LINES)
        self._live = Live(console=console, auto_refresh=False, transient=True, screen=False)

    def __enter__(self) -> TerminalView:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.stop()

    def line(self, text: str, kind: Kind) -> None:
        """One more line above the board."""
        self._lines.append(Text(text, STYLES[kind], no_wrap=True, overflow="ellipsis"))

    def refresh(self, board: Board) -> None:
        """Draw it."""
        self._live.update(self.drawn(board), refresh=True)

    def drawn(self, board: Board) -> Group:
        """What the terminal shows."""
        room = max(3, self._console.size.height - BOARD_LINES - 1)
        levels = [(who, board.levels_dbfs.get(who)) for who in ("you", "page")]
        meters = [
            Text(f"{who:>5} {meter(level)} {'' if level is None else f'{level:4.0f} dBFS'}")
            for who, level in levels
        ]
        head = Text(f"{board.now_s:6.1f} s  {board.page}", "bold", no_wrap=True)
        state = Text(f"{'':5} {board.state}", no_wrap=True, overflow="ellipsis")
        found = len(board.findings)
        prompt = Text(f"{found} findings > {self._editor.text}▏", "yellow" if found else "")
        return Group(*list(self._lines)[-room:], head, state, *meters, prompt)
