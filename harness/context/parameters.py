"""The JSON schema of a tool's arguments, as a person writes it by hand: what is wrong with it.

Only what people get wrong is looked for. A session whose tool has no schema is refused by the
hosted service as a whole, with its instructions and every other tool, when the call has begun.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

TYPES = ("string", "number", "integer", "boolean", "array", "object", "null")
ONE_SCHEMA = ("items", "additionalProperties", "not")
SCHEMAS = ("anyOf", "oneOf", "allOf")


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Nothing, where this may be the schema of a tool's arguments.

    Raises:
        ValueError: it is none; says where in it.
    """
    if parameters.get("type", "object") != "object":
        raise ValueError("`parameters` is a JSON schema whose `type` is `object`")
    for mistake in _mistakes("parameters", parameters):
        raise ValueError(mistake)


def _mistakes(place: str, schema: Any) -> Iterator[str]:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping):
        yield f"`{place}` is a JSON schema, such as {{type: string}}, and no “{schema}”"
        return
    types = schema.get("type", [])
    for name in types if isinstance(types, list) else [types]:
        if name not in TYPES:
            yield f"`{place}.type` is one of {', '.join(TYPES)}, and no “{name}”"
    properties = schema.get("properties", {})
    if not isinstance(properties, Mapping):
        yield f"`{place}.properties` names each argument with its schema"
        return
    yield from _of_required(place, schema.get("required", []), properties)
    for name, inner in properties.items():
        yield from _mistakes(f"{place}.properties.{name}", inner)
    for key in ONE_SCHEMA:
        if key in schema:
            yield from _mistakes(f"{place}.{key}", schema[key])
    for key in SCHEMAS:
        inner = schema.get(key, [])
        for number, one in enumerate(inner if isinstance(inner, list) else [inner]):
            yield from _mistakes(f"{place}.{key}[{number}]", one)


def _of_required(place: str, required: Any, properties: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        yield f"`{place}.required` is a list of names"
        return
    unknown = [name for name in required if properties and name not in properties]
    if unknown:
        yield f"`{place}.required` names “{unknown[0]}”, which is not among its properties"
