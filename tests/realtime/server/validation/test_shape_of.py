from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from harness.errors import ProtocolError
from harness.plain_data import Data
from harness.realtime import vocabulary as v
from harness.realtime.server.validation.shape_of import record_of, shape_of


class Lamp(Data):
    type: Literal["lamp"] = "lamp"
    room: Annotated[str, Field(min_length=1)]
    brightness: Annotated[float, Field(ge=0, le=1)] = 1.0
    hue: Annotated[int, Field(ge=0, le=359)] | None = None
    colour: Literal["white", "amber"] | None = None
    is_on: bool = True
    scenes: list[str] | None = None


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (str, v.Text()),
        (Annotated[str, Field(min_length=1)], v.Text(may_be_empty=False)),
        (bool, v.Boolean()),
        (Annotated[int, Field(ge=3)], v.Integer(3)),
        (Annotated[float, Field(ge=0.5, le=2)] | None, v.Number(0.5, 2)),
        (Literal["all"], v.Choice(("all",))),
        (list[Literal["a", "b"]] | None, v.Array(v.Choice(("a", "b")))),
    ],
)
def test_a_type_says_what_a_server_lets_through(kind: Any, shape: v.Shape) -> None:
    assert shape_of(kind) == shape


def test_what_has_no_shape_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="no shape"):
        shape_of(dict[str, str])


def test_an_object_needs_what_has_no_default_and_what_is_named() -> None:
    assert record_of(Lamp).required == ("room",)
    assert record_of(Lamp, required=("type",)).required == ("room", "type")


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"room": ""}, "lamp.room"),
        ({"room": "hall", "brightness": 1.5}, "lamp.brightness"),
        ({"room": "hall", "hue": 360}, "lamp.hue"),
        ({"room": "hall", "colour": "red"}, "lamp.colour"),
        ({"room": "hall", "is_on": 1}, "lamp.is_on"),
        ({"room": "hall", "scenes": [1]}, "lamp.scenes[0]"),
        ({"room": "hall", "wattage": 5}, "lamp.wattage"),
        ({}, "lamp.room"),
    ],
)
def test_an_object_is_refused_by_the_name_of_what_is_wrong(
    wrong: dict[str, Any], param: str
) -> None:
    with pytest.raises(ProtocolError) as refusal:
        record_of(Lamp).check(wrong, "lamp")
    assert refusal.value.param == param


def test_its_own_tag_and_null_are_let_through() -> None:
    record_of(Lamp).check({"type": "lamp", "room": "hall", "hue": None}, "lamp")
