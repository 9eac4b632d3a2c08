"""Commands that are typed while a session is recorded: for people without a microphone. Pure."""

from __future__ import annotations

import difflib
import shlex
from dataclasses import dataclass

from harness.errors import UsageError

WORDS = {
    "say": ("FILE or words", 1),
    "wait": ("", 0),
    "click": ("SELECTOR", 1),
    "fill": ("SELECTOR TEXT", 2),
    "press": ("KEY", 1),
    "hold": ("SELECTOR", 1),
    "release": ("", 0),
    "end": ("", 0),
}
"""Each command, what belongs to it, and of how many parts that is at least."""

HELP = 'say FILE · say "words" · wait (for the answer) · click, fill, press, hold, release · end'


@dataclass(frozen=True, slots=True)
class Command:
    """One line."""

    word: str
    parts: tuple[str, ...] = ()


def read_command(line: str) -> Command | None:
    """What was typed; None: an empty line, or a remark.

    Raises:
        UsageError: no such command, or something is missing.
    """
    try:
        parts = shlex.split(line, comments=True)
    except ValueError as error:
        raise UsageError(
            "This line cannot be read.", expected="closed quotes", found=f"{line}: {error}"
        ) from error
    if not parts:
        return None
    word, *rest = parts
    if word not in WORDS:
        close = difflib.get_close_matches(word, WORDS, n=1)
        hint = f"did you mean “{close[0]}”?" if close else None
        raise UsageError("There is no such command.", expected=HELP, found=word, hint=hint)
    if (word, rest) == ("wait", ["answer"]):
        rest = []  # as `harness inspect` has it
    shown, least = WORDS[word]
    if len(rest) < least or (least == 0 and rest):
        raise UsageError(
            f"“{word}” is not whole." if least else f"“{word}” stands alone.",
            expected=f"{word} {shown}".rstrip(),
            found=line.strip(),
        )
    if word == "say":
        rest = [" ".join(rest)]
    elif word == "fill":
        rest = [rest[0], " ".join(rest[1:])]
    elif least == 1:
        rest = [" ".join(rest)]
    return Command(word, tuple(rest))
