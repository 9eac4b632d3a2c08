"""What is shown while scenarios run, on a terminal and in a pipe."""

from __future__ import annotations

import io

from rich.console import Console

from harness.cli.progress import TerminalProgress
from harness.scenario.progress import Progress


def play(progress: TerminalProgress) -> None:
    watched: Progress = progress  # the protocol, as the type checker sees it
    watched.scenario_started("rover", 0, 2)
    watched.step("say", "Go forward.", 0.0)
    watched.said("Go forward.", 0.5)
    watched.step("expect", "an answer", 2.0)
    watched.waiting("an answer with “forward”", 2.0)
    watched.heard("Going forward.", 3.25)
    watched.expectation("the answer says “forward”", "passed", "heard “Going forward.”", 4.0)
    watched.expectation("it starts within 1 s", "failed", "it started 1.25 s after", 4.0)
    watched.step("hang_up", "", 4.0)
    watched.scenario_ended("rover", "failed", 5.5)


def test_in_a_pipe_there_are_plain_lines() -> None:
    out = io.StringIO()
    with TerminalProgress(Console(file=out, width=60)) as progress:
        progress.starting("starting the server and the browser")
        play(progress)
    assert out.getvalue().splitlines() == [
        "starting the server and the browser",
        "rover  (1 of 2)",
        "   0.50 s  user   Go forward.",
        "   2.00 s  expect an answer with “forward”",
        "   3.25 s  heard  Going forward.",
        "   4.00 s  ✓      the answer says “forward”  (heard “Going forward.”)",
        "   4.00 s  ✗      it starts within 1 s  (it started 1.25 s after)",
        "   4.00 s  hang_up",
        "✗ rover failed in 5.5 s",
    ]


def test_a_long_step_name_stands_apart_from_its_text() -> None:
    out = io.StringIO()
    with TerminalProgress(Console(file=out, width=60)) as progress:
        progress.step("silence", "0.5", 1.0)
        progress.step("tool_result", "book_table", 2.0)
    assert out.getvalue().splitlines() == [
        "   1.00 s  silence 0.5",
        "   2.00 s  tool_result book_table",
    ]


def test_on_a_terminal_a_living_line_says_what_is_waited_for_and_how_long() -> None:
    out = io.StringIO()
    now_s = 10.0
    console = Console(file=out, width=80, force_terminal=True, color_system=None)
    progress = TerminalProgress(console, now_s=lambda: now_s)
    progress.scenario_started("rover", 0, 1)
    now_s = 12.0
    progress.waiting("an answer", 2.0)
    now_s = 15.5
    console.print(progress.status)
    assert "5.5 s  waiting for an answer … 4 s" in out.getvalue()


def test_the_terminal_is_left_clean() -> None:
    """The living line is taken away, and the cursor is shown again."""
    out = io.StringIO()
    with TerminalProgress(Console(file=out, width=80, force_terminal=True)) as progress:
        play(progress)
    assert "\x1b[?25l" in out.getvalue()
    assert out.getvalue().rfind("\x1b[?25h") > out.getvalue().rfind("\x1b[?25l")


def test_markup_in_what_was_said_is_text() -> None:
    out = io.StringIO()
    TerminalProgress(Console(file=out)).said("turn [left] or [/right]", 0.0)
    assert "turn [left] or [/right]" in out.getvalue()


def test_an_error_is_shown_whole() -> None:
    out = io.StringIO()
    TerminalProgress(Console(file=out)).step("error", "The page crashed.\n  found: a crash", 3.0)
    assert "!      The page crashed.\n" in out.getvalue()
    assert "found: a crash" in out.getvalue()


def test_words_of_others_are_one_line_and_steer_nothing() -> None:
    """What a CI server would take for a command is written out."""
    out = io.StringIO()
    hostile = "Yes.\n::stop-commands::x\x1b[31m\u202e"
    with TerminalProgress(Console(file=out, width=60)) as progress:
        progress.heard(hostile, 1.0)
        progress.expectation(hostile, "failed", hostile, 2.0)
    written = "Yes.\\n\\u003a:stop-commands::x\\x1b[31m\\u202e"
    assert out.getvalue().splitlines() == [
        f"   1.00 s  heard  {written}",
        f"   2.00 s  ✗      {written}  ({written})",
    ]
