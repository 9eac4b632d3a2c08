"""Checking of JSON against a described shape, with the protocol's own error words.

A shape is a tree of small frozen objects; `check` walks value and shape together and refuses at
the first problem, naming it by code and dotted path. The codes for ranges and types follow the
general convention of the API; the reference lists which of them were seen on the service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from harness.errors import ProtocolError

LONGEST_MESSAGE_CHARS = 2_000
LONGEST_PARAM_CHARS = 500

_JSON_NAMES = {str: "a string", bool: "a boolean", int: "an integer", float: "a decimal",
               list: "an array", dict: "an object", type(None): "null"}  # fmt: skip


@dataclass(frozen=True)
class Text:
    """A string."""

    max_chars: int | None = None
    may_be_empty: bool = True

    def check(self, value: Any, path: str) -> None:
        """A string of a length that is allowed; else a `ProtocolError` is raised."""
        if not isinstance(value, str):
            refuse_type(path, "a string", value)
        if not value and not self.may_be_empty:
            refuse(f"Invalid '{path}': empty string.", "invalid_value", path)
        if self.max_chars is not None and len(value) > self.max_chars:
            refuse(
                f"Invalid '{path}': string too long. Expected a string with maximum length "
                f"{self.max_chars}, but got a string with length {len(value)} instead.",
                "string_above_max_length",
                path,
            )


@dataclass(frozen=True)
class Choice:
    """One of a few strings."""

    values: tuple[str, ...]

    def check(self, value: Any, path: str) -> None:
        """One of the values; else a `ProtocolError` is raised."""
        if not isinstance(value, str):
            refuse_type(path, f"one of {_listed(self.values)}", value)
        if value not in self.values:
            refuse_choice(path, value, self.values)


@dataclass(frozen=True)
class Integer:
    """An integer in a range."""

    minimum: int | None = None
    maximum: int | None = None

    def check(self, value: Any, path: str) -> None:
        """A whole number in its range, no boolean; else a `ProtocolError` is raised."""
        if not isinstance(value, int) or isinstance(value, bool):
            refuse_type(path, "an integer", value)
        _check_range(value, path, self.minimum, self.maximum, "integer")


@dataclass(frozen=True)
class Number:
    """A number in a range."""

    minimum: float | None = None
    maximum: float | None = None

    def check(self, value: Any, path: str) -> None:
        """A number in its range, no boolean; else a `ProtocolError` is raised."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            refuse_type(path, "a decimal", value)
        _check_range(value, path, self.minimum, self.maximum, "decimal")


@dataclass(frozen=True)
class Boolean:
    """true or false."""

    def check(self, value: Any, path: str) -> None:
        """True or false; else a `ProtocolError` is raised."""
        if not isinstance(value, bool):
            refuse_type(path, "a boolean", value)


@dataclass(frozen=True)
class Anything:
    """Any JSON object, unchecked (a JSON schema, metadata of a trace)."""

    def check(self, value: Any, path: str) -> None:
        """Any object; else a `ProtocolError` is raised."""
        if not isinstance(value, dict):
            refuse_type(path, "an object", value)


@dataclass(frozen=True)
class StringMap:
    """An object of strings with limits on count and lengths."""

    max_pairs: int
    max_key_chars: int
    max_value_chars: int

    def check(self, value: Any, path: str) -> None:
        """An object of few short strings; else a `ProtocolError` is raised."""
        if not isinstance(value, dict):
            refuse_type(path, "an object", value)
        if len(value) > self.max_pairs:
            refuse(
                f"Invalid '{path}': too many properties. Expected an object with at most "
                f"{self.max_pairs} properties, but got {len(value)} instead.",
                "object_above_max_properties",
                path,
            )
        for key, text in value.items():
            Text(self.max_key_chars).check(key, path)
            Text(self.max_value_chars).check(text, f"{path}.{key}")


@dataclass(frozen=True)
class Array:
    """An array of one shape."""

    of: Shape
    max_items: int | None = None

    def check(self, value: Any, path: str) -> None:
        """A list, not too long, of values that fit; else a `ProtocolError` is raised."""
        if not isinstance(value, list):
            refuse_type(path, "an array", value)
        if self.max_items is not None and len(value) > self.max_items:
            refuse(
                f"Invalid '{path}': array too long. Expected an array with maximum length "
                f"{self.max_items}, but got an array with length {len(value)} instead.",
                "array_above_max_length",
                path,
            )
        for index, entry in enumerate(value):
            self.of.check(entry, f"{path}[{index}]")


@dataclass(frozen=True)
class Record:
    """An object with known keys; null counts as absent unless the key is required.

    A key of `refused` is one of the protocol that this server does not support.
    """

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    is_open: bool = False
    """Other keys may be there, and are not looked at: what a server adds harms no client."""

    def check(self, value: Any, path: str) -> None:
        """An object with the fields of its kind; else a `ProtocolError` is raised."""
        if not isinstance(value, dict):
            refuse_type(path, "an object", value)
        if not self.is_open:
            self._check_keys(value, path)
        for key in self.required:
            if value.get(key) is None:
                refuse_missing(join(path, key))
        for key, entry in value.items():
            if entry is None:
                continue
            if key in self.refused:
                refuse(self.refused[key], "unsupported_parameter", join(path, key))
            if key in self.fields:
                self.fields[key].check(entry, join(path, key))

    def _check_keys(self, value: dict[str, Any], path: str) -> None:
        for key in value:
            if key not in self.fields and key not in self.refused:
                refuse_unknown(join(path, key))


@dataclass(frozen=True)
class OneOf:
    """One of several objects, told apart by one key.

    A value of `refused` is one of the protocol that this server does not support.
    """

    key: str
    cases: Mapping[str, Shape]
    refused: Mapping[str, str] = field(default_factory=dict)
    otherwise: Shape | None = None
    """Of an object whose tag is none of these; None: there may be no other."""

    def check(self, value: Any, path: str) -> None:
        """An object of the shape that its tag names; else a `ProtocolError` is raised."""
        if not isinstance(value, dict):
            refuse_type(path, "an object", value)
        tag = value.get(self.key)
        tag_path = join(path, self.key)
        if tag is None:
            refuse_missing(tag_path)
        if not isinstance(tag, str):
            refuse_type(tag_path, f"one of {_listed(tuple(self.cases))}", tag)
        if tag in self.refused:
            refuse(f"Invalid value: '{tag}'. {self.refused[tag]}", "invalid_value", tag_path)
        shape = self.cases.get(tag, self.otherwise)
        if shape is None:
            refuse_choice(tag_path, tag, tuple(self.cases))
        shape.check(value, path)


@dataclass(frozen=True)
class ByJsonType:
    """Different shapes for different JSON types, for example a number or "inf"."""

    text: Shape | None = None
    whole: Shape | None = None
    record: Shape | None = None
    many: Shape | None = None

    def check(self, value: Any, path: str) -> None:
        """A value that fits the shape for its JSON type; else a `ProtocolError` is raised."""
        shapes = {str: self.text, int: self.whole, dict: self.record, list: self.many}
        shape = shapes.get(type(value))
        if shape is None:
            names = [_JSON_NAMES[kind] for kind, known in shapes.items() if known is not None]
            refuse_type(path, "one of " + " or ".join(names), value)
        shape.check(value, path)


@dataclass(frozen=True)
class Checked:
    """A shape and one more rule; the rule gets value and path and may refuse."""

    shape: Shape
    rule: Callable[[Any, str], None]

    def check(self, value: Any, path: str) -> None:
        """A value that fits the shape and the rule; else a `ProtocolError` is raised."""
        self.shape.check(value, path)
        self.rule(value, path)


Shape = (
    Text | Choice | Integer | Number | Boolean | Anything | StringMap
    | Array | Record | OneOf | ByJsonType | Checked
)  # fmt: skip


def join(path: str, key: str) -> str:
    """The dotted path of a key."""
    return f"{path}.{key}" if path else key


def refuse(message: str, code: str | None, param: str | None) -> NoReturn:
    """Refuse something that a client sent.

    It is quoted in part, for an error must be smaller than its cause.

    Raises:
        ProtocolError: always.
    """
    raise ProtocolError(
        message[:LONGEST_MESSAGE_CHARS],
        code=code,
        param=param if param is None else param[:LONGEST_PARAM_CHARS],
    )


def refuse_unknown(path: str) -> NoReturn:
    """Refuse a parameter that nobody knows.

    Raises:
        ProtocolError: always.
    """
    refuse(f"Unknown parameter: '{path}'.", "unknown_parameter", path)


def refuse_missing(path: str) -> NoReturn:
    """Refuse an event that lacks a parameter.

    Raises:
        ProtocolError: always.
    """
    refuse(f"Missing required parameter: '{path}'.", "missing_required_parameter", path)


def refuse_choice(path: str, value: str, values: tuple[str, ...]) -> NoReturn:
    """Refuse a value that is none of those there are.

    Raises:
        ProtocolError: always.
    """
    refuse(
        f"Invalid value: '{value[:100]}'. Supported values are: {_listed(values)}.",
        "invalid_value",
        path,
    )


def refuse_type(path: str, expected: str, value: Any) -> NoReturn:
    """Refuse a value of another JSON type.

    Raises:
        ProtocolError: always.
    """
    found = _JSON_NAMES.get(type(value), "something else")
    refuse(
        f"Invalid type for '{path}': expected {expected}, but got {found} instead.",
        "invalid_type",
        path,
    )


def _check_range(
    value: float, path: str, minimum: float | None, maximum: float | None, kind: str
) -> None:
    if maximum is not None and value > maximum:
        refuse(
            f"Invalid '{path}': {kind} above maximum value. Expected a value <= {maximum}, "
            f"but got {_shown(value)} instead.",
            f"{kind}_above_max_value",
            path,
        )
    if minimum is not None and value < minimum:
        refuse(
            f"Invalid '{path}': {kind} below minimum value. Expected a value >= {minimum}, "
            f"but got {_shown(value)} instead.",
            f"{kind}_below_min_value",
            path,
        )


def _shown(value: float) -> str:
    """A number for a message; huge integers would not print at all."""
    return f"{value}" if abs(value) < 10**15 else "a huge number"


def _listed(values: tuple[str, ...]) -> str:
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 2:
        return "".join(quoted)
    separator = " and " if len(quoted) == 2 else ", and "
    return ", ".join(quoted[:-1]) + separator + quoted[-1]
