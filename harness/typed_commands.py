"""Commands that are typed at a page, read from lines: one language, of which each tool has a part.

Pure.
"""

from __future__ import annotations

import difflib
import math
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.errors import UsageError

ANSWER_WITHIN_S = 15.0
LONGEST_WAIT_S = 3600.0

QUOTES = {'"': '"', "'": "'", "“": "”"}


@dataclass(frozen=True, slots=True)
class SayText:
    """Speak words with the synthetic voice."""

    text: str


@dataclass(frozen=True, slots=True)
class SayFile:
    """Speak a recording, or a shipped fixture."""

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
class Fill:
    """Type into a field of the page."""

    selector: str
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """Press a key where the page has its focus."""

    key: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Put the mouse button down on an element of the page."""

    selector: str


@dataclass(frozen=True, slots=True)
class Release:
    """Let the mouse button go."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call, by leaving the page."""


@dataclass(frozen=True, slots=True)
class WaitSeconds:
    """Do nothing for a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class WaitAnswer:
    """Do nothing until the next answer is over."""

    within_s: float = ANSWER_WITHIN_S


@dataclass(frozen=True, slots=True)
class ShowFindings:
    """List what is wrong until now."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Keep a picture of the page and its markup, as they are now."""


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
    SayText | SayFile | StopSaying | Mute | Click | Fill | Press | Hold | Release | HangUp
    | WaitSeconds | WaitAnswer | ShowFindings | Snapshot | Continue | Help | Quit
)  # fmt: skip


class Language:
    """The commands that one tool has.

    Args:
        words: their names, of `WORDS`, in the order in which people are told them.
    """

    def __init__(self, *words: str) -> None:
        self.words: Sequence[str] = words

    @property
    def help(self) -> str:
        """A line for each command."""
        usages = [(WORDS[word].usage, WORDS[word].does) for word in self.words]
        width = max(len(usage) for usage, _ in usages)
        return "\n".join(f"{usage:<{width}}  {does}" for usage, does in usages)

    def read(self, line: str) -> Command | None:
        """The command of a line; None for an empty line or one that begins with "#".

        Raises:
            UsageError: there is no such command, or its argument is missing or wrong.
        """
        line = line.strip()
        if not line or line.startswith("#"):
            return None
        name, _, rest = line.partition(" ")
        if name in self.words:
            return WORDS[name].read(rest.strip())
        near = difflib.get_close_matches(name, self.words, n=1, cutoff=0.5)
        raise UsageError(
            f"There is no command “{name}”.",
            expected=", ".join(sorted(self.words)),
            found=name,
            hint=f"did you mean {near[0]}?" if near else 'to speak, type: say "…"',
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One command: how it is written, what it does, and how what stands behind it is read."""

    usage: str
    does: str
    read: Callable[[str], Command]


def _alone(name: str, command: Command) -> Callable[[str], Command]:
    def read(rest: str) -> Command:
        if rest:
            raise _wrong(f"`{name}` stands alone.", name, f"{name} {rest}")
        return command

    return read


def _say(rest: str) -> Command:
    if not rest:
        raise _wrong("`say` needs words, or a file.", 'say "A table for two, please."', "nothing")
    if rest[0] in QUOTES:
        text = rest[1:].rstrip()
        text = text[:-1] if text and text[-1] in QUOTES[rest[0]] else text
        if not text.strip():
            raise _wrong("There are no words to say.", 'say "A table for two."', rest)
        return SayText(text)
    parts = _split(rest)
    return SayFile(parts[0]) if len(parts) == 1 else SayText(rest)


def _click(rest: str) -> Command:
    if not rest:
        raise _wrong("`click` needs an element.", "click text=Call, or click #start", "nothing")
    return Click(_unquoted(rest))


def _fill(rest: str) -> Command:
    selector, text = _first(rest)
    if not selector or not text:
        raise _wrong("`fill` needs a field and a text.", 'fill #name "Kim Lee"', rest or "nothing")
    return Fill(selector, _unquoted(text))


def _press(rest: str) -> Command:
    if not rest:
        raise _wrong("`press` needs a key.", "press Enter", "nothing")
    return Press(_unquoted(rest))


def _hold(rest: str) -> Command:
    if not rest:
        raise _wrong("`hold` needs an element.", "hold text=Talk, or hold #talk", "nothing")
    return Hold(_unquoted(rest))


def _wait(rest: str) -> Command:
    what, *more = rest.split() or ["answer"]
    if what == "answer" and len(more) < 2:
        return WaitAnswer(_seconds(more[0])) if more else WaitAnswer()
    if more:
        raise _wrong("`wait` needs one thing.", "wait 2, or wait answer", rest)
    return WaitSeconds(_seconds(what))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= LONGEST_WAIT_S:
        wanted = f"seconds, 0 to {LONGEST_WAIT_S:g}, or “answer”"
        raise _wrong("So long cannot be waited.", wanted, text)
    return seconds


def _first(text: str) -> tuple[str, str]:
    """The first part, which may stand in quotes, and what comes behind it."""
    if text[:1] in QUOTES and (end := text.find(QUOTES[text[0]], 1)) > 0:
        return text[1:end], text[end + 1 :].strip()
    first, _, rest = text.partition(" ")
    return first, rest.strip()


def _unquoted(text: str) -> str:
    """Without the quotes around all of it; those inside are part of a selector."""
    is_quoted = len(text) > 1 and text[0] in QUOTES and text[-1] == QUOTES[text[0]]
    return text[1:-1] if is_quoted else text


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # an apostrophe is no quotation mark
        return text.split()


def _wrong(message: str, expected: str, found: str) -> UsageError:
    return UsageError(message, expected=expected, found=found)


WORDS: dict[str, Word] = {
    "say": Word('say "words" | FILE', "speak; FILE: audio, or a fixture's name", _say),
    "stop": Word("stop", "say no more", _alone("stop", StopSaying())),
    "mute": Word("mute", "turn the microphone off", _alone("mute", Mute(True))),
    "unmute": Word("unmute", "turn the microphone on again", _alone("unmute", Mute(False))),
    "wait": Word("wait [answer [SECONDS]] | SECONDS", "wait for the answer, or so long", _wait),
    "click": Word("click SELECTOR", "click on the page, as text=Call or #start", _click),
    "fill": Word("fill SELECTOR TEXT", "type into a field", _fill),
    "press": Word("press KEY", "press a key, as Enter", _press),
    "hold": Word("hold SELECTOR", "hold a button down", _hold),
    "release": Word("release", "let it go", _alone("release", Release())),
    "hangup": Word("hangup", "end the call, by leaving the page", _alone("hangup", HangUp())),
    "findings": Word("findings", "what is wrong until now", _alone("findings", ShowFindings())),
    "snapshot": Word("snapshot", "keep a picture and the markup", _alone("snapshot", Snapshot())),
    "continue": Word("continue", "let a paused page go on", _alone("continue", Continue())),
    "help": Word("help", "this list", _alone("help", Help())),
    "quit": Word("quit", "end, and list what was found", _alone("quit", Quit())),
    "end": Word("end", "end the recording", _alone("end", Quit())),
}
"""Every command there is, by its name."""

INSPECT = Language(
    "say", "stop", "mute", "unmute", "click", "fill", "press", "hangup", "wait", "findings",
    "snapshot", "continue", "help", "quit",
)  # fmt: skip
"""What is typed while a page is inspected."""

RECORD = Language("say", "wait", "click", "fill", "press", "hold", "release", "help", "end")
"""What is typed while a session is recorded."""
