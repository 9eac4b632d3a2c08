from __future__ import annotations

from typing import Any

import pytest

from harness.errors import ProtocolError
from harness.realtime import vocabulary as v

SHAPE = v.Record(
    {
        "name": v.Text(5, may_be_empty=False),
        "kind": v.Choice(("a", "b", "c")),
        "count": v.Integer(1, 9),
        "speed": v.Number(0.25, 1.5),
        "on": v.Boolean(),
        "list": v.Array(v.Integer(), max_items=2),
        "inner": v.Record({"deep": v.Record({"x": v.Integer()}, required=("x",))}),
        "tagged": v.OneOf(
            "type", {"one": v.Record({"type": v.Text()})}, refused={"two": "Not yet."}
        ),
        "limit": v.ByJsonType(text=v.Choice(("inf",)), whole=v.Integer(1)),
        "map": v.StringMap(1, 3, 4),
    },
    refused={"later": "Not supported."},
)


@pytest.mark.parametrize(
    ("value", "code", "param"),
    [
        ({"nmae": 1}, "unknown_parameter", "nmae"),
        ({"inner": {"deep": {"y": 1}}}, "unknown_parameter", "inner.deep.y"),
        ({"inner": {"deep": {}}}, "missing_required_parameter", "inner.deep.x"),
        ({"inner": {"deep": {"x": None}}}, "missing_required_parameter", "inner.deep.x"),
        ({"name": 3}, "invalid_type", "name"),
        ({"name": ""}, "invalid_value", "name"),
        ({"name": "abcdef"}, "string_above_max_length", "name"),
        ({"kind": "d"}, "invalid_value", "kind"),
        ({"kind": 1}, "invalid_type", "kind"),
        ({"count": 0}, "integer_below_min_value", "count"),
        ({"count": 10**400}, "integer_above_max_value", "count"),
        ({"count": 1.0}, "invalid_type", "count"),
        ({"count": True}, "invalid_type", "count"),
        ({"speed": 1.6}, "decimal_above_max_value", "speed"),
        ({"speed": "fast"}, "invalid_type", "speed"),
        ({"on": 1}, "invalid_type", "on"),
        ({"list": [1, "2"]}, "invalid_type", "list[1]"),
        ({"list": [1, 2, 3]}, "array_above_max_length", "list"),
        ({"list": {}}, "invalid_type", "list"),
        ({"tagged": {}}, "missing_required_parameter", "tagged.type"),
        ({"tagged": {"type": "three"}}, "invalid_value", "tagged.type"),
        ({"tagged": {"type": "two"}}, "invalid_value", "tagged.type"),
        ({"tagged": {"type": []}}, "invalid_type", "tagged.type"),
        ({"limit": "all"}, "invalid_value", "limit"),
        ({"limit": []}, "invalid_type", "limit"),
        ({"map": {"k": 1}}, "invalid_type", "map.k"),
        ({"map": {"k": "12345"}}, "string_above_max_length", "map.k"),
        ({"map": {"a": "", "b": ""}}, "object_above_max_properties", "map"),
        ({"later": 1}, "unsupported_parameter", "later"),
        ([], "invalid_type", ""),
    ],
)
def test_what_does_not_fit_is_refused_with_code_and_path(value: Any, code: str, param: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        SHAPE.check(value, "")
    assert (caught.value.code, caught.value.param) == (code, param)


@pytest.mark.parametrize(
    "value",
    [{}, {"name": "x", "kind": "a", "count": 1, "speed": 1, "on": False, "list": []},
     {"tagged": {"type": "one"}, "limit": "inf"}, {"limit": 3, "name": None, "map": {"k": "v"}}],
)  # fmt: skip
def test_what_fits_passes(value: Any) -> None:
    SHAPE.check(value, "")


def test_messages_are_the_services_own() -> None:
    def message(value: Any) -> str:
        with pytest.raises(ProtocolError) as caught:
            SHAPE.check(value, "session")
        return caught.value.message

    assert message({"foo": 1}) == "Unknown parameter: 'session.foo'."
    assert message({"kind": "x"}) == (
        "Invalid value: 'x'. Supported values are: 'a', 'b', and 'c'."
    )
    assert message({"speed": 3}) == (
        "Invalid 'session.speed': decimal above maximum value. Expected a value <= 1.5, "
        "but got 3 instead."
    )


def test_an_open_record_looks_only_at_what_it_knows() -> None:
    shape = v.Record({"a": v.Text()}, required=("a",), is_open=True)
    shape.check({"a": "x", "b": 3}, "")
    with pytest.raises(ProtocolError) as refusal:
        shape.check({"b": 3}, "")
    assert refusal.value.param == "a"


def test_other_tags_have_the_shape_of_others() -> None:
    shape = v.OneOf("type", {"a": v.Anything()}, otherwise=v.Record({"type": v.Text(max_chars=3)}))
    shape.check({"type": "new"}, "")
    with pytest.raises(ProtocolError, match="too long"):
        shape.check({"type": "newest"}, "")
