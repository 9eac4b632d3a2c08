"""Function tools as plain typed Python callables: the schema comes from the signature.

    def book_table(persons: int, time: Annotated[str, "such as 19:30"]) -> str:
        \"\"\"Book a table.\"\"\"

    tool = tool_from(book_table)
    tool.definition()["parameters"]["required"]   # ['persons', 'time']

This module derives and checks; running the callable is the shell's work.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.errors import PydanticUserError
from pydantic_core import to_json

from harness.errors import ProtocolError, ToolRefused, ToolSignatureError

DEFAULT_TIME_LIMIT_S = 30.0
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ARGUMENT_LINE = re.compile(r"\s+\*{0,2}(\w+)\s*(?:\([^)]*\))?:\s*(.+)")


@dataclass(frozen=True, slots=True)
class Tool:
    """A callable that the model may call, and what the model is told about it."""

    name: str
    description: str

    parameters: dict[str, Any]
    """JSON schema of an object."""

    function: Callable[..., Any]
    """Plain or async; called with keyword arguments alone."""

    time_limit_s: float = DEFAULT_TIME_LIMIT_S
    model: type[BaseModel] | None = field(default=None, repr=False)
    names: tuple[str, ...] = ()
    wants_answer: bool = True
    """False: its result says nothing new, so an answer with words that calls it is enough."""

    def definition(self) -> dict[str, Any]:
        """The tool as the session settings carry it."""
        return {
            "type": "function",
            "name": self.name,
            "description": self.description,
            "parameters": self.parameters,
        }

    def read_arguments(self, text: str) -> dict[str, Any]:
        """The model's JSON text as keyword arguments of the annotated types.

        Raises:
            ToolRefused: not JSON, or not what the signature asks for.
        """
        value = _json_object(self.name, text)
        if self.model is None:
            return value
        try:
            checked = self.model.model_validate(value)
        except ValidationError as error:
            raise ToolRefused(
                f"The arguments for the tool “{self.name}” are not valid: {_problems(error)}",
                code="invalid_tool_arguments",
            ) from error
        fields = enumerate(self.names)
        given = checked.model_fields_set
        return {name: getattr(checked, f"a{i}") for i, name in fields if f"a{i}" in given}


def tool_from(
    function: Callable[..., Any] | Tool,
    *,
    name: str | None = None,
    description: str | None = None,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
) -> Tool:
    """A tool from a typed callable: a function, a bound method, or an async one.

    The name is the function's, the description its docstring up to ``Args:``; a parameter's
    description is taken from ``Annotated[type, "text"]`` or its line under ``Args:``.

    Raises:
        ToolSignatureError: a parameter without annotation, ``*args``, ``**kwargs``, positional
            only, of a type that JSON cannot carry; a name the protocol does not take; a time
            limit that is not positive.
    """
    if isinstance(function, Tool):
        return function
    own_name = name or str(getattr(function, "__name__", type(function).__name__))
    if not _NAME.fullmatch(own_name):
        raise ToolSignatureError(
            f"“{own_name}” cannot be the name of a tool.",
            expected="1 to 64 letters, digits, _ or -",
            hint="give one: tool_from(function, name=...)",
        )
    if not time_limit_s > 0:
        raise ToolSignatureError(f"The time limit of “{own_name}” must be above 0 s.")
    text, about = _documentation(function)
    model, names = _arguments_model(function, own_name, about)
    return Tool(
        name=own_name,
        description=description if description is not None else text,
        parameters=_schema(model, own_name),
        function=function,
        time_limit_s=time_limit_s,
        model=model,
        names=names,
    )


def tools_by_name(tools: Iterable[Callable[..., Any] | Tool]) -> dict[str, Tool]:
    """The tools, each under its own name.

    Raises:
        ToolSignatureError: two of the same name, or see `tool_from`.
    """
    result: dict[str, Tool] = {}
    for given in tools:
        tool = tool_from(given)
        if tool.name in result:
            raise ToolSignatureError(f"Two tools are named “{tool.name}”.")
        result[tool.name] = tool
    return result


def output_text(value: object) -> str:
    """What a tool gave, as the text the model gets: a str as it is, all else as JSON.

    Raises:
        ValueError: it cannot be JSON, such as a list that contains itself.
    """
    if isinstance(value, str):
        return value
    return to_json(value, fallback=str, inf_nan_mode="strings").decode("utf-8")


def error_text(error: BaseException) -> str:
    """A failure, as the text the model gets: it should know, and can tell the user."""
    message = error.message if isinstance(error, ProtocolError) else str(error)
    return json.dumps({"error": message or type(error).__name__}, ensure_ascii=False)


def _json_object(name: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        raise ToolRefused(
            f"The arguments for the tool “{name}” are not JSON.", code="invalid_tool_arguments"
        ) from error
    if not isinstance(value, dict):
        raise ToolRefused(
            f"The arguments for the tool “{name}” must be a JSON object.",
            code="invalid_tool_arguments",
        )
    return value


def _arguments_model(
    function: Callable[..., Any], name: str, about: dict[str, str]
) -> tuple[type[BaseModel], tuple[str, ...]]:
    """Fields are numbered, the parameter's name is the alias: any name is possible then."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
        hinted = function if inspect.isroutine(function) else type(function).__call__
        hints = get_type_hints(hinted, include_extras=True)
    except (TypeError, ValueError, NameError) as error:
        raise ToolSignatureError(
            f"The signature of the tool “{name}” cannot be read.", found=str(error)
        ) from error
    fields: dict[str, Any] = {}
    for index, parameter in enumerate(parameters):
        _refuse_kind(parameter, name, hints)
        default = ... if parameter.default is parameter.empty else parameter.default
        described = _annotated(hints[parameter.name]) or about.get(parameter.name)
        info = Field(default, alias=parameter.name, description=described)
        fields[f"a{index}"] = (hints[parameter.name], info)
    try:
        model = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)
    except (PydanticUserError, TypeError) as error:
        raise ToolSignatureError(
            f"A parameter of the tool “{name}” has a type that JSON cannot carry.",
            found=str(error).splitlines()[0],
        ) from error
    return model, tuple(parameter.name for parameter in parameters)


def _annotated(hint: Any) -> str | None:
    """The text of ``Annotated[type, "text"]``."""
    texts = (part for part in getattr(hint, "__metadata__", ()) if isinstance(part, str))
    return next(texts, None)


def _refuse_kind(parameter: inspect.Parameter, name: str, hints: dict[str, Any]) -> None:
    if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
        raise ToolSignatureError(
            f"The tool “{name}” takes “{parameter}”, which the model cannot give.",
            expected="parameters with a name each",
        )
    if parameter.name not in hints:
        raise ToolSignatureError(
            f"The parameter “{parameter.name}” of the tool “{name}” has no type annotation.",
            hint=f"annotate it, such as {parameter.name}: str",
        )


def _schema(model: type[BaseModel], name: str) -> dict[str, Any]:
    try:
        schema = model.model_json_schema(by_alias=True)
    except PydanticUserError as error:
        raise ToolSignatureError(
            f"A parameter of the tool “{name}” has a type that JSON cannot carry.",
            found=str(error).splitlines()[0],
        ) from error
    schema.pop("title", None)
    for field_schema in schema.get("properties", {}).values():
        field_schema.pop("title", None)
    return {"type": "object", "properties": {}} | schema


def _documentation(function: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    """The description, and what the docstring says of each parameter."""
    text = inspect.getdoc(function) if inspect.isroutine(function) else ""
    head, _, rest = (text or "").partition("\nArgs:\n")
    about: dict[str, str] = {}
    last = None
    for line in rest.splitlines():
        if not line.startswith(" "):
            if line.strip():
                break
            continue
        if found := _ARGUMENT_LINE.fullmatch(line):
            last = found[1]
            about[last] = found[2].strip()
        elif last is not None:
            about[last] += f" {line.strip()}"
    return re.split(r"\n(?:Returns|Raises|Yields):\n", head)[0].strip(), about


def _problems(error: ValidationError) -> str:
    told = [
        f"{'.'.join(str(part) for part in problem['loc']) or 'arguments'}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_input=False)
    ]
    return "; ".join(told)
