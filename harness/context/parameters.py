"""The JSON schema of a tool's arguments: what is wrong with it, and where.

A session whose tool has no schema is refused by the hosted service as a whole, with its
instructions and every other tool, when the call has begun.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.exceptions import SchemaError, ValidationError
    from jsonschema.protocols import Validator

LONGEST = 300
"""Characters of what is told: what is wrong is quoted, and may be a schema of a page."""


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Nothing, where this may be the schema of a tool's arguments.

    Raises:
        ValueError: it is none; says where in it.
    """
    if parameters.get("type", "object") != "object":
        raise ValueError("`parameters` is a JSON schema whose `type` is `object`")
    mistake = mistake_of_schema(parameters, "parameters")
    mistake = mistake or next(_mistakes_of_required("parameters", parameters), None)
    if mistake is not None:
        raise ValueError(mistake)


def mistake_of_schema(schema: Mapping[str, Any], place: str) -> str | None:
    """Why this is no JSON schema by the dialect it names (`$schema`, else draft 2020-12).

    Args:
        place: what the schema itself is called.

    Returns:
        Where, and what is wrong there, at most 300 characters; None where it is a schema. What a
        `$ref` leads to is not looked for.
    """
    from jsonschema.exceptions import SchemaError

    try:
        _dialect(schema).check_schema(schema)
    except SchemaError as error:
        exact = _most_exact(error)
        return f"`{place}{exact.json_path.removeprefix('$')}`: {exact.message}"[:LONGEST]
    except RecursionError:
        return f"`{place}` is nested too deeply"
    return None


def _dialect(schema: Mapping[str, Any]) -> type[Validator]:
    from jsonschema.validators import Draft202012Validator, validator_for

    dialect: type[Validator] = Draft202012Validator
    with contextlib.suppress(AttributeError, TypeError, ValueError):  # `$schema` is no address
        dialect = validator_for(schema, default=dialect)
    return dialect


def _most_exact(error: SchemaError | ValidationError) -> SchemaError | ValidationError:
    """Of what may stand there instead, what the writer came nearest to: “'int' is not one of …”."""
    while error.context:
        error = max(
            error.context, key=lambda one: (len(one.absolute_path), one.validator != "type")
        )
    return error


def _mistakes_of_required(place: str, schema: Any) -> Iterator[str]:
    """A JSON schema may require what is no property, and a person who writes one does not."""
    if isinstance(schema, list):
        for number, inner in enumerate(schema):
            yield from _mistakes_of_required(f"{place}[{number}]", inner)
    if not isinstance(schema, Mapping):
        return
    properties, required = schema.get("properties"), schema.get("required")
    if isinstance(properties, Mapping) and properties and isinstance(required, list):
        for name in required:
            if name not in properties:
                yield f"`{place}.required` names “{name}”, which is not among its properties"
    for key, inner in schema.items():
        yield from _mistakes_of_required(f"{place}.{key}", inner)
