"""Schemas of arguments that people write."""

from __future__ import annotations

from typing import Any

import pytest

from harness.context.parameters import check_parameters, mistake_of_schema


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
        (
            {"properties": {"a": {"type": "int"}}},
            "`parameters.properties.a.type`: 'int' is not one",
        ),
        ({"properties": {"a": {"type": ["null", "int"]}}}, "`parameters.properties.a.type[1]`"),
        ({"properties": {"a": {"type": [None]}}}, "None is not one of ["),
        ({"properties": {"a": "integer"}}, "`parameters.properties.a`: 'integer' is not of type"),
        ({"properties": ["a"]}, "`parameters.properties`: ['a'] is not of type 'object'"),
        ({"required": "a"}, "`parameters.required`: 'a' is not of type 'array'"),
        ({"required": [1]}, "`parameters.required[0]`: 1 is not of type 'string'"),
        ({"properties": {"day": {}}, "required": ["days"]}, "“days”, which is not among"),
        ({"properties": {"a": {"items": {"type": "str"}}}}, "`parameters.properties.a.items.type`"),
        ({"properties": {"a": {"oneOf": [{}, 1]}}}, "`parameters.properties.a.oneOf[1]`"),
        ({"properties": {"a": {"minimum": "1"}}}, "`parameters.properties.a.minimum`: '1' is not"),
        ({"properties": {"a": {"pattern": "("}}}, "`parameters.properties.a.pattern`: '(' is not"),
        (
            {"allOf": [{"properties": {"b": {}}, "required": ["c"]}]},
            "`parameters.allOf[0].required` names “c”",
        ),
        ({"$schema": 7}, "7 is not of type 'string'"),
    ],
)
def test_what_is_none_is_told_with_its_place(schema: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match="`parameters") as caught:
        check_parameters(schema)
    assert said in str(caught.value)


def test_a_schema_is_read_by_the_draft_that_it_names() -> None:
    pair = {"properties": {"a": {"items": [{"type": "string"}, {"type": "number"}]}}}
    draft_7 = "http://json-schema.org/draft-07/schema#"
    assert mistake_of_schema(pair, "it") is not None
    assert mistake_of_schema({"$schema": draft_7, **pair}, "it") is None


@pytest.mark.parametrize("name", ["http://[", [], {}, None])
def test_a_draft_that_cannot_be_read_breaks_nothing(name: object) -> None:
    mistake_of_schema({"$schema": name, "type": "object"}, "it")


def test_what_is_wrong_is_told_shortly_however_long_the_schema_is() -> None:
    mistake = mistake_of_schema({"required": "many " * 1000}, "it")
    assert mistake is not None
    assert mistake.startswith("`it.required`: 'many many")
    assert len(mistake) <= 300


def test_a_schema_as_deep_as_json_can_be_breaks_nothing() -> None:
    deep: dict[str, Any] = {}
    for _ in range(900):
        deep = {"not": deep}
    assert mistake_of_schema(deep, "it") == "`it` is nested too deeply"
