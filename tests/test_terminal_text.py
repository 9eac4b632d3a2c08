"""What a page names, shown on a terminal: nothing of it steers the terminal."""

from __future__ import annotations

import io
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.terminal_text import HarmlessText, printable, without_commands


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


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("##vso[task.complete result=Succeeded;]", "\\u0023#vso[task.complete result=Succeeded;]"),
        ("heard “##[error]x”", "heard “\\u0023#[error]x”"),
        ("###[x]", "#\\u0023#[x]"),
        ("##teamcity[x]", "\\u0023#teamcity[x]"),
        ("::error file=a::x", "\\u003a:error file=a::x"),
        ("  ::ADD-MASK::a", "  \\u003a:ADD-MASK::a"),
        (":::error::x", ":\\u003a:error::x"),
        ("std::vector, tests/test_a.py::test_b", "std::vector, tests/test_a.py::test_b"),
        ("## heading, a::b, #1", "## heading, a::b, #1"),
    ],
)
def test_no_text_of_others_is_a_command_to_a_ci_server(text: str, shown: str) -> None:
    assert printable(text) == without_commands(text) == shown


@given(st.text("#:[]verso \\", max_size=30), st.sampled_from(["##[", "##vso[", "::error::", ""]))
def test_what_is_written_out_stays_the_same_text_in_json(text: str, command: str) -> None:
    data = {text: [command + text, text + command]}
    shown = without_commands(json.dumps(data))
    assert json.loads(shown) == data
    assert "##[" not in shown
    assert "##vso[" not in shown
    assert "::error::" not in shown


def test_a_stream_obeys_nobody_but_us() -> None:
    written = io.BytesIO()
    stream = HarmlessText(written, encoding="utf-8")
    assert stream.write("::error::x\n") == len("::error::x\n")
    stream.write_command("::error::ours")
    stream.flush()
    assert written.getvalue() == b"\\u003a:error::x\n::error::ours\n"
