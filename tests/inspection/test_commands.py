"""What is typed while a page is inspected."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.inspection import commands as typed
from harness.inspection.commands import read_command


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ('say "A table for two, please."', typed.SayText("A table for two, please.")),
        ("say 'It is Kim'", typed.SayText("It is Kim")),
        ("say “Wait”", typed.SayText("Wait")),
        ('say "Hello', typed.SayText("Hello")),
        ("say what's the weather like", typed.SayText("what's the weather like")),
        ("say clips/one.wav", typed.SayFile("clips/one.wav")),
        ("say my\\ clip.wav", typed.SayFile("my clip.wav")),
        ("  mute ", typed.Mute(True)),
        ("unmute", typed.Mute(False)),
        ("stop", typed.StopSaying()),
        ("click text=Call us", typed.Click("text=Call us")),
        ('click "#start"', typed.Click("#start")),
        ("wait 2.5", typed.WaitSeconds(2.5)),
        ("wait answer", typed.WaitAnswer(typed.ANSWER_WITHIN_S)),
        ("wait answer 3", typed.WaitAnswer(3.0)),
        ("findings", typed.ShowFindings()),
        ("continue", typed.Continue()),
        ("help", typed.Help()),
        ("quit", typed.Quit()),
        ("", None),
        ("# a remark", None),
    ],
)
def test_a_line_is_a_command(line: str, command: typed.Command | None) -> None:
    assert read_command(line) == command


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("sya hello", "did you mean say?"),
        ("xyzzy", 'to speak, type: say "…"'),
        ("say", "`say` needs words"),
        ('say ""', "no words"),
        ("click", "`click` needs an element"),
        ("wait", "`wait` needs one thing"),
        ("wait 2 3", "`wait` needs one thing"),
        ("wait long", "So long cannot be waited"),
        ("wait nan", "So long cannot be waited"),
        ("wait -1", "So long cannot be waited"),
        ("quit now", "`quit` stands alone"),
    ],
)
def test_a_mistake_is_told(line: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_command(line)
    assert told in str(caught.value)


@given(st.text())
def test_any_line_is_a_command_or_a_mistake(line: str) -> None:
    with contextlib.suppress(UsageError):
        read_command(line)


def test_help_names_every_command() -> None:
    assert all(name in typed.HELP for name in [*typed._ALONE, *typed._WITH])
