"""References to variables in a text: ``${name}``, and ``${name:-otherwise}``.

Only a dollar sign in front of a brace is more than a dollar sign, and ``$${`` is how that is
written as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ESCAPE = "write $${ where ${ is meant as it is"

_OPENED = re.compile(r"(\$+)\{")
_REFERENCE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\}")

Reference = tuple[str, str | None]
"""A name, and the value for where it has none."""


class NoValue(Exception):
    """A reference that gives no value.

    Args:
        message: what is wrong, one sentence.
        expected, found, hint: as in `harness.errors.HarnessError`.
    """

    def __init__(self, message: str, *, expected: str, found: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.expected, self.found, self.hint = message, expected, found, hint


def parts_of(text: str) -> Iterator[str | Reference]:
    """The text in pieces: as it is meant, and the references between.

    Raises:
        NoValue: something begins like a reference and is none.
    """
    at = 0
    for opened in _OPENED.finditer(text):
        if opened.start() < at:
            continue  # within what stands for a value that is not set
        yield text[at : opened.start()]
        pairs, is_reference = divmod(len(opened[1]), 2)
        yield "$" * pairs
        if not is_reference:
            yield "{"
            at = opened.end()
            continue
        reference = _REFERENCE.match(text, opened.end())
        if reference is None:
            raise _no_reference(text[opened.end() - 2 :])
        yield reference[1], reference[2]
        at = reference.end()
    yield text[at:]


def references_in(text: str) -> list[Reference]:
    """Name, and value for where it is not set, of each reference."""
    found = []
    for opened in _OPENED.finditer(text):
        reference = _REFERENCE.match(text, opened.end())
        if len(opened[1]) % 2 and reference is not None:
            found.append((reference[1], reference[2]))
    return found


def is_one_reference(text: str) -> str | None:
    """The name, where the whole text is one reference without a value of its own."""
    whole = re.fullmatch(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", text)
    return whole[1] if whole else None


def _no_reference(rest: str) -> NoValue:
    shown = rest if len(rest) <= 40 else rest[:39] + "…"
    if rest.startswith("${{"):
        hint = "that is for workflows: set a variable with it there (env:), and name that here"
    else:
        hint = ESCAPE
    return NoValue(
        "this is no reference to a variable",
        expected="${NAME} or ${NAME:-otherwise}, NAME of letters, digits and underscores",
        found=shown,
        hint=hint,
    )
