"""Lines that are typed: into a terminal, a pipe, a file."""

from __future__ import annotations

import io
import os
import pty
import termios

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cli.typed_lines import LineEditor, lines_of, lines_of_terminal


@pytest.mark.parametrize(
    ("typed", "lines", "left"),
    [
        ("quit\n", ["quit"], ""),
        ("quti\x7f\x7fit\r", ["quit"], ""),
        ("nonsense\x15help\n", ["help"], ""),
        ("say \x1b[A\x1b[1;5Chi\x1bOP", [], "say hi"),
        ("a\nb\nc", ["a", "b"], "c"),
    ],
)
def test_signs_become_lines(typed: str, lines: list[str], left: str) -> None:
    editor = LineEditor()
    assert editor.type(typed) == lines
    assert editor.text == left


def test_the_end_of_input_counts_on_an_empty_line_alone() -> None:
    editor = LineEditor()
    editor.type("say\x04")
    assert not editor.is_ended
    editor.type("\n\x04")
    assert editor.is_ended


@given(st.lists(st.text(max_size=8), max_size=8))
def test_how_it_is_cut_makes_no_difference(pieces: list[str]) -> None:
    one, many = LineEditor(), LineEditor()
    whole = one.type("".join(pieces))
    assert [line for piece in pieces for line in many.type(piece)] == whole
    assert one.text == many.text
    assert one.text.isprintable()


async def test_a_file_is_read_to_its_end() -> None:
    assert [line async for line in lines_of(io.StringIO("say hi\nquit"))] == ["say hi\n", "quit"]


async def test_a_terminal_hands_over_lines_and_is_left_as_it_was() -> None:
    leader, follower = pty.openpty()
    before = termios.tcgetattr(follower)
    editor = LineEditor()
    with os.fdopen(follower, encoding="utf-8") as stream:
        async with lines_of_terminal(stream, editor) as lines:
            os.write(leader, "wait 2\nsay grüße".encode())
            assert await anext(lines) == "wait 2"
            os.write(leader, b"\n\x04")
            assert [line async for line in lines] == ["say grüße"]
        assert termios.tcgetattr(follower) == before
    os.close(leader)
