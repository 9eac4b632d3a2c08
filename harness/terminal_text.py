"""Text of others, fit for a terminal: a page names its channels, files and errors as it likes."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")
"""Without width, and part of words and emoji in many scripts."""

_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
"""Controls, marks that turn the direction of text, separators of lines, halves of characters."""


def printable(text: str, *, keeps_lines: bool = False) -> str:
    r"""The text with everything that would steer a terminal written out, as ``\x1b``.

    Args:
        text: from wherever.
        keeps_lines: line feeds stay.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char, keeps_lines) for char in text)


def _shown(char: str, keeps_lines: bool) -> str:
    if char == "\t":
        return " "
    if char in _JOINERS or (keeps_lines and char == "\n"):
        return char
    if unicodedata.category(char) not in _HIDDEN:
        return char
    return char.encode("unicode_escape").decode("ascii")
