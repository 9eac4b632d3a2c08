from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel

from harness.errors import ToolFailed, ToolRefused, ToolSignatureError
from harness.realtime.client.tools import error_text, output_text, tool_from, tools_by_name


class Place(BaseModel):
    street: str
    number: int = 1


class Size(Enum):
    SMALL = "small"
    LARGE = "large"


def book(
    persons: int,
    time: Annotated[str, "such as 19:30"],
    place: Place | None = None,
    size: Size = Size.SMALL,
) -> str:
    """Book a table.

    The booking is final.

    Args:
        persons: how many people,
            children included.

    Returns:
        Its number.
    """
    return f"{persons} {time} {place} {size}"


def test_the_schema_comes_from_the_signature() -> None:
    definition = tool_from(book).definition()
    parameters = definition["parameters"]
    assert (definition["type"], definition["name"]) == ("function", "book")
    assert definition["description"] == "Book a table.\n\nThe booking is final."
    assert parameters["required"] == ["persons", "time"]
    assert parameters["properties"]["persons"]["type"] == "integer"
    assert parameters["properties"]["persons"]["description"] == (
        "how many people, children included."
    )
    assert parameters["properties"]["time"]["description"] == "such as 19:30"
    assert parameters["additionalProperties"] is False
    json.dumps(definition)


def test_arguments_arrive_in_the_annotated_types() -> None:
    text = '{"persons": 3, "time": "19:30", "place": {"street": "Long"}, "size": "large"}'
    arguments = tool_from(book).read_arguments(text)
    assert arguments["place"] == Place(street="Long")
    assert arguments["size"] is Size.LARGE
    assert book(**arguments).startswith("3 19:30")


def test_arguments_that_were_not_given_keep_the_function_s_defaults() -> None:
    assert set(tool_from(book).read_arguments('{"persons": 1, "time": "x"}')) == {
        "persons",
        "time",
    }


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "3", '{"persons": "many", "time": "x"}', '{"time": "x"}', '{"persons": 1, "t": 1}'],
)
def test_arguments_that_do_not_fit_are_refused_by_name(text: str) -> None:
    with pytest.raises(ToolRefused) as caught:
        tool_from(book).read_arguments(text)
    assert caught.value.code == "invalid_tool_arguments"
    assert "book" in caught.value.message


def test_no_text_means_no_arguments() -> None:
    def ping() -> str:
        return "pong"

    assert tool_from(ping).read_arguments("") == {}


def test_a_parameter_may_have_any_name() -> None:
    def odd(copy: int, json: str, model_config: Literal["a", "b"], _private: int = 0) -> None:
        """Names that pydantic has a use for."""

    tool = tool_from(odd)
    assert set(tool.parameters["properties"]) == {"copy", "json", "model_config", "_private"}
    assert tool.read_arguments('{"copy": 1, "json": "x", "model_config": "a"}')["copy"] == 1


class Waiter:
    def order(self, dish: str) -> str:
        """Order a dish."""
        return dish

    def __call__(self, dish: str) -> str:
        return dish


async def later(minutes: float) -> None:
    """Come back later."""


def test_methods_callables_and_async_functions_are_tools_too() -> None:
    tools = tools_by_name([Waiter().order, later, tool_from(Waiter(), name="waiter")])
    assert list(tools) == ["order", "later", "waiter"]
    assert tools["order"].parameters["required"] == ["dish"]
    assert tools["waiter"].read_arguments('{"dish": "soup"}') == {"dish": "soup"}


def no_annotation(x) -> None:  # type: ignore[no-untyped-def]
    pass


def takes_all(*args: int) -> None:
    pass


def takes_any(**options: int) -> None:
    pass


def takes_no_json(x: object, y: type(pytest)) -> None:  # type: ignore[valid-type]
    pass


@pytest.mark.parametrize("function", [no_annotation, takes_all, takes_any, takes_no_json, len])
def test_a_signature_that_the_model_cannot_fill_is_refused(function: Any) -> None:
    with pytest.raises(ToolSignatureError) as caught:
        tool_from(function)
    assert caught.value.exit_code == 2


def test_names_and_time_limits_are_checked() -> None:
    with pytest.raises(ToolSignatureError, match="cannot be the name"):
        tool_from(lambda: None)
    with pytest.raises(ToolSignatureError, match="time limit"):
        tool_from(book, time_limit_s=0)
    with pytest.raises(ToolSignatureError, match="Two tools"):
        tools_by_name([book, book])


@dataclass
class Result:
    price: float


def test_results_become_text() -> None:
    assert output_text("ready") == "ready"
    assert output_text(None) == "null"
    assert output_text(Place(street="Ö")) == '{"street":"Ö","number":1}'
    assert output_text({"a": [Result(1.5), Size.SMALL]}) == '{"a":[{"price":1.5},"small"]}'
    assert output_text(object()).startswith('"<object')
    assert json.loads(output_text([float("nan")])) == ["NaN"]


def test_a_result_that_cannot_be_json_is_a_value_error() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(ValueError, match="Circular"):
        output_text(loop)


def test_failures_become_text_that_says_so() -> None:
    assert error_text(ValueError("no table")) == '{"error": "no table"}'
    assert error_text(ValueError()) == '{"error": "ValueError"}'
    assert error_text(ToolFailed("It broke.", hint="for people")) == '{"error": "It broke."}'
