"""All facts that a trace may hold, and how they are read back from its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from harness.facts.answers import AnswerFact
from harness.facts.browser import BrowserFact
from harness.facts.call import CallFact
from harness.facts.connection import ConnectionFact
from harness.facts.contexts import ContextFact
from harness.facts.dialogue import DialogueFact
from harness.facts.fact import Fact, Unknown
from harness.facts.media import MediaFact
from harness.facts.network import NetworkFact
from harness.facts.page import PageItselfFact
from harness.facts.server import ServerFact
from harness.facts.sockets import SocketFact
from harness.facts.steps import StepFact

KnownFact = (
    CallFact
    | AnswerFact
    | StepFact
    | BrowserFact
    | DialogueFact
    | PageItselfFact
    | MediaFact
    | ConnectionFact
    | SocketFact
    | NetworkFact
    | ServerFact
    | ContextFact
)
"""Every class of the catalogue; told apart by `isinstance`, `match`, or ``type``."""

AnyFact = KnownFact | Unknown

CATALOGUE: dict[tuple[str, str], type[Fact]] = {
    (known.source, known.type): known for known in get_args(KnownFact)
}
"""By source and type."""


def fact_of(source: str, type: str, data: Mapping[str, Any]) -> AnyFact:
    """The fact that an event holds; `Unknown` where its type or its data fit no class."""
    if (source, type) not in CATALOGUE:
        return Unknown(source, type, data)
    try:
        fact: KnownFact = _adapter(source, type).validate_python(data)
    except ValidationError:
        return Unknown(source, type, data)
    # What would be written otherwise ("5" for 5) was not of the field's type. A page tells every
    # field, those too that have their defaults.
    defaults = _defaults(source, type)
    told = {k: v for k, v in data.items() if k not in defaults or v != defaults[k]}
    return fact if fact.to_data() == told else Unknown(source, type, data)


@cache
def _defaults(source: str, type: str) -> Mapping[str, Any]:
    known = fields(CATALOGUE[source, type])
    return {field.name: field.default for field in known if field.default is not MISSING}


@cache
def _adapter(source: str, type: str) -> TypeAdapter[Any]:
    return TypeAdapter(CATALOGUE[source, type])
