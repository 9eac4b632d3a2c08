"""Values for the references in a scenario: ``${name}`` in any of its texts.

``${name:-otherwise}`` has a value for where there is none, or an empty one; see
`harness.scenario.scope` for where values come from. A text that is one reference alone becomes the
value itself, also where that is a number or a list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.scenario.references import NoValue, references_in
from harness.scenario.scope import Scope

__all__ = ["Filled", "Location", "NoValue", "fill_in", "joined"]

Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Filled:
    """Data whose references have their values."""

    data: Any
    used: Mapping[str, str] = field(repr=False)
    """The secrets that are used in it: variables of the environment, and what else is hidden."""

    places: Mapping[Location, str]
    """Where a text holds references: how it is written there."""

    made: Mapping[Location, str] = field(repr=False)
    """The same with their values, where these are texts."""

    secrets: Mapping[Location, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """What of `used` is in the text of each place."""

    def values_in(self, location: Location) -> list[tuple[str, str]]:
        """The secrets of the text there, by name."""
        return list(self.secrets.get(location, {}).items())


def fill_in(
    data: Any,
    given: Scope | Mapping[str, str] | None = None,
    *,
    refuse: Callable[[NoValue, Location], Exception],
    at: Location = (),
) -> Filled:
    """Data with values for the references in its texts; names of members are let be.

    Args:
        data: as a YAML file gives it.
        given: what names stand for; or an environment, the process's own where absent.
        refuse: makes the error for a reference that gives no value, from where it stands.
        at: where the data stands.
    """
    scope = given if isinstance(given, Scope) else Scope(environ=given)
    filling = _Filling(scope, refuse)
    filled = filling.fill(data, at)
    return Filled(filled, filling.used, filling.places, filling.made, filling.secrets)


def joined(data: Any, parts: list[Filled]) -> Filled:
    """Several as one, whose places are apart; their data is put together already."""
    return Filled(
        data,
        {k: v for part in parts for k, v in part.used.items()},
        {k: v for part in parts for k, v in part.places.items()},
        {k: v for part in parts for k, v in part.made.items()},
        {k: v for part in parts for k, v in part.secrets.items()},
    )


class _Filling:
    def __init__(self, scope: Scope, refuse: Callable[[NoValue, Location], Exception]) -> None:
        self._scope = scope
        self._refuse = refuse
        self.used: dict[str, str] = {}
        self.places: dict[Location, str] = {}
        self.made: dict[Location, str] = {}
        self.secrets: dict[Location, Mapping[str, str]] = {}
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

    def _text(self, text: str, location: Location) -> Any:
        if "${" not in text:
            return text
        try:
            found = self._scope.text(text)
        except NoValue as error:
            raise self._refuse(error, location) from None
        self.used.update(found.secrets)
        if references_in(text):
            self.places[location] = text
            self.secrets[location] = found.secrets
            if isinstance(found.value, str):
                self.made[location] = found.value
        return found.value
