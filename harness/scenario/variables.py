"""Values from the environment in a scenario: ``${NAME}`` in any of its texts.

``${NAME:-otherwise}`` has a value for where the variable is not set, or empty. Only a dollar sign
in front of a brace is more than a dollar sign, and ``$${`` is how that is written as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.environment import variable

Location = tuple[str | int, ...]

_OPENED = re.compile(r"(\$+)\{")
_REFERENCE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}]*))?\}")
ESCAPE = "write $${ where ${ is meant as it is"


class NoValue(Exception):
    """A reference that gives no value.

    Args:
        message: what is wrong, one sentence.
        expected, found, hint: as in `harness.errors.HarnessError`.
    """

    def __init__(self, message: str, *, expected: str, found: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.expected, self.found, self.hint = message, expected, found, hint


@dataclass(frozen=True)
class Filled:
    """Data whose references have their values."""

    data: Any
    used: Mapping[str, str] = field(repr=False)
    """The variables that were set and are used in it, with their values."""

    places: Mapping[Location, str]
    """Where a text holds references: how it is written there."""

    made: Mapping[Location, str] = field(repr=False)
    """The same with their values."""

    def values_in(self, location: Location) -> list[tuple[str, str]]:
        """The variables of the text there and their values, by name."""
        names = {name for name, _ in _references(self.places.get(location, ""))}
        return [(name, value) for name, value in self.used.items() if name in names]


def fill_in(
    data: Any,
    environ: Mapping[str, str] | None = None,
    *,
    refuse: Callable[[NoValue, Location], Exception],
) -> Filled:
    """Data with values for the references in its texts; names of members are let be.

    Args:
        data: as a YAML file gives it.
        environ: the process's own where absent.
        refuse: makes the error for a reference that gives no value, from where it stands.
    """
    filling = _Filling(environ, refuse)
    filled = filling.fill(data, ())
    return Filled(filled, filling.used, filling.places, filling.made)


class _Filling:
    def __init__(
        self, environ: Mapping[str, str] | None, refuse: Callable[[NoValue, Location], Exception]
    ) -> None:
        self._environ = environ
        self._refuse = refuse
        self.used: dict[str, str] = {}
        self.places: dict[Location, str] = {}
        self.made: dict[Location, str] = {}
        self._done: dict[int, Any] = {}

    def fill(self, value: Any, location: Location) -> Any:
        if isinstance(value, str):
            return self._text(value, location)
        if not isinstance(value, dict | list):
            return value
        if id(value) in self._done:  # an alias, or what holds itself
            return self._done[id(value)]
        filled: Any = type(value)()
        self._done[id(value)] = filled
        if isinstance(value, dict):
            for key, item in value.items():
                filled[key] = self.fill(item, (*location, key))
        else:
            filled += [self.fill(item, (*location, index)) for index, item in enumerate(value)]
        return filled

    def _text(self, text: str, location: Location) -> str:
        if "${" not in text:
            return text
        try:
            filled = "".join(self._parts(text))
        except NoValue as error:
            raise self._refuse(error, location) from None
        if any(True for _ in _references(text)):
            self.places[location], self.made[location] = text, filled
        return filled

    def _parts(self, text: str) -> Iterator[str]:
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
            yield self._value(*reference.groups())
            at = reference.end()
        yield text[at:]

    def _value(self, name: str, otherwise: str | None) -> str:
        value = variable(name, self._environ)
        if value:
            self.used[name] = value
            return value
        if otherwise is not None:
            return otherwise
        raise NoValue(
            f"the environment variable {name} is {'empty' if value == '' else 'not set'}",
            expected=f"a value in {name}",
            found=f"${{{name}}}, and {'an empty value' if value == '' else 'no such variable'}",
            hint=f"export {name}=…, or write ${{{name}:-…}} for what to use without it; {ESCAPE}",
        )


def _references(text: str) -> Iterator[tuple[str, str | None]]:
    """Name, and value for where it is not set, of each reference."""
    for opened in _OPENED.finditer(text):
        reference = _REFERENCE.match(text, opened.end())
        if len(opened[1]) % 2 and reference is not None:
            yield reference[1], reference[2]


def _no_reference(rest: str) -> NoValue:
    shown = rest if len(rest) <= 40 else rest[:39] + "…"
    if rest.startswith("${{"):
        hint = "that is for workflows: set a variable with it there (env:), and name that here"
    else:
        hint = ESCAPE
    return NoValue(
        "this is no reference to an environment variable",
        expected="${NAME} or ${NAME:-otherwise}, NAME of letters, digits and underscores",
        found=shown,
        hint=hint,
    )
