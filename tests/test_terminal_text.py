"""What a page names, shown on a terminal: nothing of it steers the terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.terminal_text import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Grüße, 你好", "Grüße, 你好"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("\x9b31mred", "\\x9b31mred"),
        ("a\tb\nc\rd", "a b\\nc\\rd"),
        ("to\u202egpj.exe", "to\\u202egpj.exe"),
        ("one\u2028two", "one\\u2028two"),
        ("half \ud800", "half \\ud800"),
        ("family 👨‍👩‍👧", "family 👨‍👩‍👧"),
    ],
)
def test_controls_are_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_lines_stay_where_they_are_wanted() -> None:
    assert printable("one\ntwo\x07", keeps_lines=True) == "one\ntwo\\x07"


@given(st.text())
def test_nothing_that_steers_is_left(text: str) -> None:
    shown = printable(text)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert printable(shown) == shown
