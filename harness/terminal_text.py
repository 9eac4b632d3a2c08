"""Text of others, fit for a terminal: a page names its channels, files and errors as it likes.

A log may be read by more than people: CI servers take some lines of it for commands, to set
variables, to mask words, or to call a step a success. No text of others may be one.
"""

from __future__ import annotations

import io
import re
import unicodedata

_JOINERS = frozenset("\u200c\u200d")
"""Without width, and part of words and emoji in many scripts."""

_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
"""Controls, marks that turn the direction of text, separators of lines, halves of characters."""

_COMMANDS = re.compile(
    r"##(?=\w*\[)"  # ##[error]…, ##vso[task.complete …], ##teamcity[…]: anywhere in a line
    r"|::(?=(?:add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|internal-set-repo-path"
    r"|notice|remove-matcher|save-state|set-env|set-output|stop-commands|warning)(?:\s|::))",
    re.IGNORECASE,
)
"""How commands begin that GitHub Actions, Azure Pipelines and TeamCity read in a log.

Sources: `ActionCommand.cs` and `ActionCommandManager.cs` of actions/runner (the second form is one
only at the beginning of a line, but a long line may be broken anywhere); the documentation of
logging commands and service messages.
"""


def without_commands(text: str) -> str:
    r"""The text with nothing in it that a CI server would obey.

    The first sign of what would be a command is written out as ``\u0023`` or ``\u003a``, which in a
    string of JSON is that very sign.
    """
    if "##" not in text and "::" not in text:
        return text
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0][0]):04x}{found[0][1:]}", text)


class HarmlessText(io.TextIOWrapper):
    """A text stream of which no CI server obeys a word."""

    @classmethod
    def of(cls, stream: io.TextIOWrapper) -> HarmlessText:
        """The same stream, harmless; the first one has to stay alive."""
        return cls(
            stream.buffer,
            encoding=stream.encoding,
            errors="replace",
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )

    def write(self, text: str, /) -> int:
        """Write it `without_commands`; all of it counts as written."""
        super().write(without_commands(text))
        return len(text)

    def write_command(self, text: str) -> None:
        """Write what a CI server is meant to obey, a line of its own."""
        super().write(f"{text}\n")


def printable(text: str, *, keeps_lines: bool = False) -> str:
    r"""The text with everything that would steer a terminal, or a CI, written out, as ``\x1b``.

    Args:
        text: from wherever.
        keeps_lines: line feeds stay.
    """
    if text.isascii() and text.isprintable():
        return without_commands(text)
    return without_commands("".join(_shown(char, keeps_lines) for char in text))


def _shown(char: str, keeps_lines: bool) -> str:
    if char == "\t":
        return " "
    if char in _JOINERS or (keeps_lines and char == "\n"):
        return char
    if unicodedata.category(char) not in _HIDDEN:
        return char
    return char.encode("unicode_escape").decode("ascii")
