"""JavaScript types of envelopes, written from the schema, so that nothing is typed twice.

``python -m harness.line.envelope_types`` rewrites web/types/envelope.d.ts.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

from harness.line.envelope import ENVELOPE_DATA, VERSION
from harness.resources import web_dir

_HEADER = (
    "// Generated from harness/facts by harness/line/envelope_types.py;\n// never edited by hand.\n"
)
_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


def generate() -> str:
    """The text of web/types/envelope.d.ts."""
    seen: dict[str, Any] = {}
    for data_type in ENVELOPE_DATA.values():
        _collect(data_type, seen)
    parts = [_HEADER, f"export type EnvelopeVersion = {VERSION};\n"]
    parts += [_interface(data_type) for data_type in seen.values()]
    lines = [f'  "{name}": {data_type.__name__};' for name, data_type in ENVELOPE_DATA.items()]
    parts.append("\n".join(["export interface EnvelopeData {", *lines, "}\n"]))
    return "\n".join(parts)


def types_path() -> Path:
    """The file of the generated types, in a checkout."""
    return web_dir() / "types" / "envelope.d.ts"


def _collect(hint: Any, seen: dict[str, Any]) -> None:
    if _is_interface(hint):
        for inner in _fields(hint).values():
            _collect(inner, seen)
        seen.setdefault(hint.__name__, hint)
    for inner in get_args(hint):
        if not isinstance(inner, str):
            _collect(inner, seen)


def _is_interface(hint: Any) -> bool:
    return is_typeddict(hint) or is_dataclass(hint)


def _fields(data_type: Any) -> dict[str, Any]:
    hints = get_type_hints(data_type)
    if is_dataclass(data_type):
        return {field.name: hints[field.name] for field in fields(data_type)}
    return hints


def _interface(data_type: Any) -> str:
    optional = getattr(data_type, "__optional_keys__", ())
    lines = [
        f"  {name}{'?' if name in optional else ''}: {_type(hint)};"
        for name, hint in _fields(data_type).items()
    ]
    return "\n".join([f"export interface {data_type.__name__} {{", *lines, "}\n"])


def _type(hint: Any) -> str:
    if _is_interface(hint):
        return str(hint.__name__)
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in args)
    if origin in (Union, types.UnionType):
        return " | ".join(_type(arg) for arg in args)
    if origin is list:
        return f"{_type(args[0])}[]" if is_typeddict(args[0]) else f"Array<{_type(args[0])}>"
    if origin is dict:
        return f"Record<string, {_type(args[1])}>"
    if hint is Any:
        return "any"
    raise TypeError(f"no JavaScript type is known for {hint}")


if __name__ == "__main__":
    types_path().write_text(generate(), encoding="utf-8")
