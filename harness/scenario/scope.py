"""Variables of a scenario: what ``${name}`` stands for at a place, and what of it is secret.

The command line goes before the row of a table, that before the file, the file before the project's
settings, and all of them before the environment. Only what the environment gives is a secret by
itself; of the others it is what is named like one, or listed under `secret_variables`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.environment import variable
from harness.scenario.references import (
    ESCAPE,
    NAME,
    NoValue,
    is_one_reference,
    parts_of,
)

SECRET_NAME = re.compile(
    r"(?i)(^|_)(passwords?|passwd|secrets?|tokens?|api_?keys?|credentials?)(_|$)"
)
"""Names of variables whose values are hidden wherever they were given."""


@dataclass(frozen=True)
class Resolved:
    """What a text, or a variable, stands for."""

    value: Any
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The variables it was made of that are hidden, with their values."""


class Scope:
    """What names stand for: of one run of a scenario, or of steps that are used with arguments.

    Args:
        values: as written, by name; texts may hold references to others.
        environ: the process's own where absent.
        literal: names whose texts are taken as they are: those from the command line.
        public: names that are no secrets, whatever they are called.
        secret: names that are.
        outer: where a name is looked up that is not among the values.
    """

    def __init__(
        self,
        values: Mapping[str, Any] | None = None,
        environ: Mapping[str, str] | None = None,
        *,
        literal: Iterable[str] = (),
        public: Iterable[str] = (),
        secret: Iterable[str] = (),
        outer: Scope | None = None,
        resolved: Mapping[str, Resolved] | None = None,
    ) -> None:
        self._values = dict(values or {})
        self._environ = environ
        self._literal = frozenset(literal)
        self._public = frozenset(public)
        self._secret = frozenset(secret)
        self._outer = outer
        self._resolved = dict(resolved or {})
        self._resolving: list[str] = []
        self.asked: set[str] = outer.asked if outer is not None else set()
        """Every name that was looked up, here or in a scope within."""

    def within(self, arguments: Mapping[str, Resolved]) -> Scope:
        """The scope of steps that are used with these arguments."""
        return Scope(environ=self._environ, outer=self._outer or self, resolved=arguments)

    def names(self) -> list[str]:
        """All that are known, but for the environment's."""
        outer = self._outer.names() if self._outer is not None else []
        return [*self._values, *self._resolved, *outer]

    def resolve(self, name: str) -> Resolved | None:
        """What the name stands for; None where nobody gave it.

        Raises:
            NoValue: variables that refer to each other, or to what nobody gave.
        """
        self.asked.add(name)
        if name in self._resolved:
            return self._resolved[name]
        if name in self._values:
            self._resolved[name] = self._of_value(name)
            return self._resolved[name]
        if self._outer is not None:
            return self._outer.resolve(name)
        given = variable(name, self._environ)
        return Resolved(given, {name: given}) if given else None

    def text(self, text: str) -> Resolved:
        """A text with values for its references; as it is meant where it is one of them alone.

        Raises:
            NoValue: a reference that gives no value.
        """
        alone = is_one_reference(text)
        if alone is not None and (found := self.resolve(alone)) is not None:
            return found
        secrets: dict[str, str] = {}
        written = []
        for part in parts_of(text):
            if isinstance(part, str):
                written.append(part)
                continue
            name, otherwise = part
            found = self.resolve(name)
            if found is None or (found.value == "" and otherwise is not None):
                found = Resolved(self._otherwise(name, otherwise))
            secrets.update(found.secrets)
            written.append(_in_text(name, found.value))
        return Resolved("".join(written), secrets)

    def _of_value(self, name: str) -> Resolved:
        if name in self._resolving:
            chain = " → ".join((*self._resolving[self._resolving.index(name) :], name))
            raise NoValue(
                "variables refer to each other in a circle",
                expected="a value that is there in the end",
                found=chain,
                hint=ESCAPE,
            )
        self._resolving.append(name)
        try:
            value = self._values[name]
            found = Resolved(value) if name in self._literal else self._deep(value)
        finally:
            self._resolving.pop()
        if self._is_secret(name):
            return Resolved(found.value, {**found.secrets, **_secrets_in(name, found.value)})
        return found

    def _deep(self, value: Any) -> Resolved:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            items = [self._deep(item) for item in value]
            secrets = {k: v for item in items for k, v in item.secrets.items()}
            return Resolved([item.value for item in items], secrets)
        return Resolved(value)

    def _is_secret(self, name: str) -> bool:
        if name in self._public:
            return False
        return name in self._secret or SECRET_NAME.search(name) is not None

    def _otherwise(self, name: str, otherwise: str | None) -> str:
        if otherwise is not None:
            return otherwise
        known = self.names()
        empty = variable(name, self._environ) == ""
        if known and not empty:
            near = difflib.get_close_matches(name, known, n=1)
            raise NoValue(
                f"there is no variable {name}",
                expected=f"one of {', '.join(sorted(set(known)))}, or an environment variable",
                found=f"${{{name}}}",
                hint=f"did you mean ${{{near[0]}}}?"
                if near
                else f"give it under variables, with --set {name}=…, or export {name}=…; {ESCAPE}",
            )
        raise NoValue(
            f"the environment variable {name} is {'empty' if empty else 'not set'}",
            expected=f"a value in {name}",
            found=f"${{{name}}}, and {'an empty value' if empty else 'no such variable'}",
            hint=f"export {name}=…, or write ${{{name}:-…}} for what to use without it; {ESCAPE}",
        )


def is_name(name: object) -> bool:
    """Whether a variable can be called that."""
    return isinstance(name, str) and NAME.fullmatch(name) is not None


def _secrets_in(name: str, value: Any) -> dict[str, str]:
    """What is hidden of a secret: the value, or each one in it, since each is used by itself."""
    if isinstance(value, list | dict):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        found = [_secrets_in(f"{name}.{key}", part) for key, part in parts]
        return {name: text for one in found for name, text in one.items()}
    return {} if value is None or value == "" else {name: str(value)}


def _in_text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise NoValue(
        f"the value of {name} cannot stand within a text",
        expected="a text or a number; a list stands alone, as the whole value",
        found=type(value).__name__ if value is not None else "null",
        hint=f'write "${{{name}}}" alone where the list is meant',
    )
