"""Commands that are typed while a page is inspected, read from lines."""

from __future__ import annotations

import difflib
import math
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from harness.errors import UsageError

ANSWER_WITHIN_S = 15.0
HELP = """say "words" | FILE   speak into the page's microphone; FILE: audio, or a fixture's name
stop                 say no more
mute, unmute         the microphone's own switch
click SELECTOR       click on the page, as text=Call or #start
wait SECONDS | answer [SECONDS]
findings             what is wrong until now
continue             let a paused page go on
help                 this list
quit                 end, and list what was found"""


@dataclass(frozen=True, slots=True)
class SayText:
    """Speak words with the synthetic voice."""

    text: str


@dataclass(frozen=True, slots=True)
class SayFile:
    """Speak a recording."""

    file: str


@dataclass(frozen=True, slots=True)
class StopSaying:
    """Say no more."""


@dataclass(frozen=True, slots=True)
class Mute:
    """Use the microphone's own switch."""

    muted: bool


@dataclass(frozen=True, slots=True)
class Click:
    """Click on an element of the page."""

    selector: str


@dataclass(frozen=True, slots=True)
class WaitSeconds:
    """Do nothing for a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class WaitAnswer:
    """Do nothing until the next answer is over."""

    within_s: float


@dataclass(frozen=True, slots=True)
class ShowFindings:
    """List what is wrong until now."""


@dataclass(frozen=True, slots=True)
class Continue:
    """Let a paused page go on."""


@dataclass(frozen=True, slots=True)
class Help:
    """List the commands."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End."""


Command = (
    SayText | SayFile | StopSaying | Mute | Click | WaitSeconds | WaitAnswer | ShowFindings
    | Continue | Help | Quit
)  # fmt: skip


def read_command(line: str) -> Command | None:
    """The command of a line; None for an empty line or one that begins with "#".

    Raises:
        UsageError: there is no such command, or its argument is missing or wrong.
    """
    line = line.strip()
    if not line or line.startswith("#"):
        return None
    name, _, rest = line.partition(" ")
    rest = rest.strip()
    if name in _ALONE:
        if rest:
            raise _wrong(f"`{name}` stands alone.", name, rest)
        return _ALONE[name]
    if name in _WITH:
        return _WITH[name](rest)
    near = difflib.get_close_matches(name, [*_ALONE, *_WITH], n=1, cutoff=0.5)
    raise UsageError(
        f"There is no command “{name}”.",
        expected=", ".join(sorted([*_ALONE, *_WITH])),
        found=name,
        hint=f"did you mean {near[0]}?" if near else 'to speak, type: say "…"',
    )


def _say(rest: str) -> Command:
    if not rest:
        raise _wrong("`say` needs words, or a file.", 'say "A table for two, please."', "nothing")
    if rest[0] in "\"“'":
        text = rest[1:].rstrip()
        text = text[:-1] if text and text[-1] in "\"”'" else text
        if not text.strip():
            raise _wrong("There are no words to say.", 'say "A table for two."', rest)
        return SayText(text)
    parts = _split(rest)
    return SayFile(parts[0]) if len(parts) == 1 else SayText(rest)


def _click(rest: str) -> Command:
    if not rest:
        raise _wrong("`click` needs an element.", "click text=Call, or click #start", "nothing")
    is_quoted = len(rest) > 1 and rest[0] == rest[-1] and rest[0] in "\"'"
    return Click(rest[1:-1] if is_quoted else rest)


def _wait(rest: str) -> Command:
    what, *more = rest.split() or [""]
    if what == "answer" and len(more) < 2:
        return WaitAnswer(_seconds(more[0]) if more else ANSWER_WITHIN_S)
    if more or not what:
        raise _wrong("`wait` needs one thing.", "wait 2, or wait answer", rest or "nothing")
    return WaitSeconds(_seconds(what))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= 3600:
        raise _wrong("So long cannot be waited.", "seconds, 0 to 3600, or “answer”", text)
    return seconds


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # an apostrophe is no quotation mark
        return text.split()


def _wrong(message: str, expected: str, found: str) -> UsageError:
    return UsageError(message, expected=expected, found=found)


_ALONE: dict[str, Command] = {
    "stop": StopSaying(),
    "mute": Mute(True),
    "unmute": Mute(False),
    "findings": ShowFindings(),
    "continue": Continue(),
    "help": Help(),
    "quit": Quit(),
}
_WITH: dict[str, Callable[[str], Command]] = {"say": _say, "click": _click, "wait": _wait}
