"""The base of what people and programs write down for us: settings, scenarios, scripts, faults."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError


class Data(BaseModel):
    """An object with known fields, which stay as they are: a misspelt one is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


RegularExpression = Annotated[str, AfterValidator(_compiles)]
"""A pattern of Python's `re`, checked where it is read."""


def first_mistake(error: ValidationError) -> tuple[str, str]:
    """What is wrong first with data of ours, in words, and what was found there, with its place."""
    first = error.errors(include_url=False)[0]
    place, found = ".".join(map(str, first["loc"])), repr(first["input"])
    return first["msg"].removeprefix("Value error, "), f"{place}: {found}" if place else found
