"""From the types of a session's settings to shapes: the protocol's facts are written once.

shape_of(Speed)                              # Number(0.25, 1.5)
record_of(NoiseReduction, required=("type",))
"""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from harness.realtime import vocabulary as v


def shape_of(kind: Any) -> v.Shape:
    """The shape of an annotation: a string, number, boolean, choice, or a list of one of them.

    "Or nothing" is left out, as a record leaves null out.

    Raises:
        TypeError: there is no shape for it.
    """
    return _shape(*_without_metadata(kind))


def record_of(part: type[BaseModel], required: Iterable[str] = ()) -> v.Record:
    """The shape of an object.

    Args:
        part: its fields and their ranges.
        required: keys that a client has to give, beside those that have no default.
    """
    fields = part.model_fields
    shapes = {name: _shape(field.annotation, field.metadata) for name, field in fields.items()}
    for name, field in fields.items():
        if get_origin(field.annotation) is Literal and len(get_args(field.annotation)) == 1:
            shapes[name] = v.Text()  # this object's own tag: whoever chose the shape has seen it
    needed = [name for name, field in fields.items() if field.is_required()]
    return v.Record(shapes, required=(*needed, *required))


def _without_metadata(kind: Any) -> tuple[Any, list[Any]]:
    if get_origin(kind) is not Annotated:
        return kind, []
    inner, *marks = get_args(kind)
    return inner, [
        rule
        for mark in marks
        for rule in (mark.metadata if isinstance(mark, FieldInfo) else [mark])
    ]


def _shape(kind: Any, rules: list[Any]) -> v.Shape:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (kind,) = [each for each in inner if each is not type(None)]
        return shape_of(kind)
    if origin is Literal:
        return v.Choice(inner)
    if origin is list:
        return v.Array(shape_of(inner[0]))
    if kind is str:
        return v.Text(may_be_empty=_bound(rules, "min_length") is None)
    if kind is bool:
        return v.Boolean()
    minimum = _bound(rules, "ge")
    maximum = _bound(rules, "le")
    if kind is int:
        return v.Integer(minimum, maximum)
    if kind is float:
        return v.Number(minimum, maximum)
    raise TypeError(f"{kind} has no shape")


def _bound(rules: list[Any], name: str) -> Any:
    return next((getattr(rule, name) for rule in rules if hasattr(rule, name)), None)
