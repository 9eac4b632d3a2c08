"""What an inspection draws, and what it prints."""

from __future__ import annotations

import io

from rich.console import Console

from harness.cli.inspect_view import LineView, TerminalView
from harness.cli.typed_lines import LineEditor
from harness.inspection.board import Board
from tests.support.healthy_call import HEALTHY, events_of


def board() -> Board:
    made = Board()
    for event in events_of(HEALTHY):
        made.take(event)
    return made


def test_lines_come_one_after_another_and_the_state_when_it_changes() -> None:
    stream = io.StringIO()
    view = LineView(stream)
    view.line("error element_muted at 1.0 s: It is muted.", "finding")
    view.refresh(board())
    view.refresh(board())
    first, state = stream.getvalue().splitlines()
    assert first == "▲ error element_muted at 1.0 s: It is muted."
    assert state.startswith("      = microphone open · connection-0 connected")


def test_a_terminal_shows_the_last_lines_the_levels_and_what_is_typed() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, height=12, force_terminal=True)
    editor = LineEditor()
    editor.type('say "Hel')
    view = TerminalView(console, editor)
    for number in range(30):
        view.line(f"event {number}", "event")
    shown = board()
    shown.levels_dbfs = {"you": -20.0}
    with console.capture() as captured:
        console.print(view.drawn(shown))
    text = captured.get()
    assert "event 29" in text
    assert "event 2\n" not in text
    assert "-20 dBFS" in text
    assert 'say "Hel' in text
    assert len(text.splitlines()) <= 12
