"""What is typed at a page, while it is inspected or recorded."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import typed_commands as typed
from harness.errors import UsageError
from harness.typed_commands import INSPECT, RECORD, WORDS, Language

EVERY = Language(*WORDS)
LANGUAGES = pytest.mark.parametrize("language", [INSPECT, RECORD])


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ('say "A table for two, please."', typed.SayText("A table for two, please.")),
        ("say 'It is Kim'", typed.SayText("It is Kim")),
        ("say “Wait”", typed.SayText("Wait")),
        ('say "Hello', typed.SayText("Hello")),
        ("say 'It's late'", typed.SayText("It's late")),
        ("say what's the weather like", typed.SayText("what's the weather like")),
        ("say clips/one.wav", typed.SayFile("clips/one.wav")),
        ("say my\\ clip.wav", typed.SayFile("my clip.wav")),
        ("  mute ", typed.Mute(True)),
        ("unmute", typed.Mute(False)),
        ("stop", typed.StopSaying()),
        ("click text=Call us", typed.Click("text=Call us")),
        ('click "#start"', typed.Click("#start")),
        ('click text="Call us"', typed.Click('text="Call us"')),
        ("fill #name Kim Lee", typed.Fill("#name", "Kim Lee")),
        ("fill '#the name' \"Kim's\"", typed.Fill("#the name", "Kim's")),
        ("press Enter", typed.Press("Enter")),
        ("hold text=Talk", typed.Hold("text=Talk")),
        ("release", typed.Release()),
        ("wait", typed.WaitAnswer(typed.ANSWER_WITHIN_S)),
        ("wait 2.5", typed.WaitSeconds(2.5)),
        ("wait answer", typed.WaitAnswer(typed.ANSWER_WITHIN_S)),
        ("wait answer 3", typed.WaitAnswer(3.0)),
        ("findings", typed.ShowFindings()),
        ("snapshot", typed.Snapshot()),
        ("continue", typed.Continue()),
        ("help", typed.Help()),
        ("quit", typed.Quit()),
        ("  end ", typed.Quit()),
        ("", None),
        ("# a remark", None),
    ],
)
def test_a_line_is_a_command(line: str, command: typed.Command | None) -> None:
    assert EVERY.read(line) == command


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("sya hello", "did you mean say?"),
        ("xyzzy", 'to speak, type: say "…"'),
        ("say", "`say` needs words"),
        ('say ""', "no words"),
        ("click", "`click` needs an element"),
        ("fill", "`fill` needs a field and a text"),
        ("fill #name", "`fill` needs a field and a text"),
        ("press", "`press` needs a key"),
        ("hold", "`hold` needs an element"),
        ("wait 2 3", "`wait` needs one thing"),
        ("wait long", "So long cannot be waited"),
        ("wait nan", "So long cannot be waited"),
        ("wait -1", "So long cannot be waited"),
        ("quit now", "`quit` stands alone"),
    ],
)
def test_a_mistake_is_told(line: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        EVERY.read(line)
    assert told in str(caught.value)


@given(st.text() | st.builds("{} {}".format, st.sampled_from(sorted(WORDS)), st.text()))
def test_any_line_is_a_command_or_a_mistake(line: str) -> None:
    with contextlib.suppress(UsageError):
        EVERY.read(line)


@LANGUAGES
def test_help_names_every_command_of_a_tool_in_a_line(language: Language) -> None:
    lines = language.help.splitlines()
    assert [line.split()[0] for line in lines] == list(language.words)
    assert len({line.index(WORDS[line.split()[0]].does) for line in lines}) == 1


@LANGUAGES
def test_what_the_other_tool_has_is_no_command(language: Language) -> None:
    for word in WORDS.keys() - set(language.words):
        with pytest.raises(UsageError, match="no command"):
            language.read(f"{word} x")
