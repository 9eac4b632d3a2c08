"""Schemas of arguments that people write."""

from __future__ import annotations

from typing import Any

import pytest

from harness.context.parameters import check_parameters


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"properties": {"a": {"type": ["string", "null"]}, "b": True}, "required": ["a"]},
        {"properties": {"type": {"type": "string"}, "required": {"enum": [1]}}},
        {"properties": {"a": {"type": "array", "items": {"type": "integer"}}}},
        {"properties": {"a": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/b"}]}}},
        {"required": ["a"], "additionalProperties": False},
    ],
)
def test_what_is_a_schema_is_let_be(schema: dict[str, Any]) -> None:
    check_parameters(schema)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "array"}, "whose `type` is `object`"),
        ({"properties": {"a": {"type": "int"}}}, "`parameters.properties.a.type` is one of string"),
        ({"properties": {"a": {"type": [None]}}}, "and no “None”"),
        ({"properties": {"a": "integer"}}, "`parameters.properties.a` is a JSON schema"),
        ({"properties": ["a"]}, "`parameters.properties` names each argument"),
        ({"required": "a"}, "`parameters.required` is a list of names"),
        ({"required": [1]}, "`parameters.required` is a list of names"),
        ({"properties": {"day": {}}, "required": ["days"]}, "“days”, which is not among"),
        ({"properties": {"a": {"items": {"type": "str"}}}}, "`parameters.properties.a.items.type`"),
        ({"properties": {"a": {"oneOf": [{}, 1]}}}, "`parameters.properties.a.oneOf[1]`"),
    ],
)
def test_what_is_none_is_told_with_its_place(schema: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match="`parameters") as caught:
        check_parameters(schema)
    assert said in str(caught.value)
