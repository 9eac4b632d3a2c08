"""Faults on demand, as data: what is to go wrong in a call, when, and how often.

A fault is written as a mapping (`{fault: event_late, events: response.done, delay_s: 2}`) or as
one line (`event_late; events=response.done; delay_s=2`), the form of the request header. What each
does is in `harness/docs/faults.md`. Nothing here acts: `HttpFaults`, `CallFaults` and the
session's answers decide, and the call and the HTTP side carry it out.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias, get_args

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from harness.errors import UsageError
from harness.realtime.faults.base import BaseFault
from harness.realtime.faults.models import AudioFault, EventFault, EventsStall
from harness.realtime.faults.models_call import (
    AnswerFault,
    ChannelCloses,
    ChannelNeverOpens,
    ChannelWrongId,
    ExpiredSecret,
    HttpError,
    HttpSlow,
    IceFails,
    NoIce,
    SdpMalformed,
    SdpWrong,
    ServerCrash,
    SessionLimit,
)

HEADER = "X-Harness-Faults"
MOST_FAULTS = 50
MOST_HEADER_CHARS = 8_192

AnyFault: TypeAlias = Annotated[
    HttpError
    | HttpSlow
    | ExpiredSecret
    | SdpMalformed
    | SdpWrong
    | NoIce
    | IceFails
    | ChannelNeverOpens
    | ChannelWrongId
    | ChannelCloses
    | ServerCrash
    | EventFault
    | EventsStall
    | AudioFault
    | AnswerFault
    | SessionLimit,
    Field(discriminator="fault"),
]

EVENT_FAULTS: tuple[type[Any], ...] = get_args(EventFault)
AUDIO_FAULTS: tuple[type[Any], ...] = get_args(AudioFault)
ANSWER_FAULTS: tuple[type[Any], ...] = get_args(AnswerFault)
FAULTS: dict[str, type[BaseFault]] = {
    model.model_fields["fault"].default: model for model in get_args(get_args(AnyFault)[0])
}
"""Every fault by its name."""


# Reading


def _read(value: Any) -> Any:
    """A line as a mapping; names that nobody knows are refused with the nearest one.

    Raises:
        ValueError: no such fault or argument.
    """
    if isinstance(value, BaseFault):
        return value
    if isinstance(value, str):
        lines = _lines(value)
        if len(lines) != 1:
            raise ValueError("one fault, such as: event_late; events=response.done; delay_s=2")
        value = lines[0]
    if not isinstance(value, Mapping) or not isinstance(value.get("fault"), str):
        raise ValueError("a fault is a mapping with `fault: NAME`, or its name alone")
    model = FAULTS.get(value["fault"])
    if model is None:
        raise ValueError(_unknown("fault", value["fault"], FAULTS))
    arguments = [name for name in model.model_fields if name != "fault"]
    for name in value:
        if name not in model.model_fields:
            what = f"argument of {value['fault']}"
            raise ValueError(_unknown(what, str(name), arguments))
    return value


Fault: TypeAlias = Annotated[
    AnyFault, BeforeValidator(_read, json_schema_input_type=AnyFault | str)
]
"""One fault, as it stands in a script."""

Faults: TypeAlias = Annotated[tuple[Fault, ...], Field(max_length=MOST_FAULTS)]
_ADAPTER: TypeAdapter[tuple[Any, ...]] = TypeAdapter(Faults)


def read_faults(data: Any) -> tuple[Any, ...]:
    """Faults from a list, or from a mapping `{faults: [...]}`.

    Raises:
        UsageError: what is wrong, with the nearest name.
    """
    if isinstance(data, Mapping) and set(data) == {"faults"}:
        data = data["faults"]
    if not isinstance(data, list | tuple | type(None)):
        raise UsageError(
            "The faults cannot be used.",
            expected="a list of faults, or `faults:` with one",
            found="names and values" if isinstance(data, Mapping) else type(data).__name__,
        )
    try:
        return _ADAPTER.validate_python([] if data is None else data)
    except ValidationError as error:
        raise _wrong(error) from error


def faults_of_header(text: str) -> tuple[Any, ...]:
    """Faults from a header's value: `name; arg=value; arg="value", name`.

    Raises:
        UsageError: what is wrong, with the nearest name.
    """
    if len(text) > MOST_HEADER_CHARS:
        raise UsageError(f"The header {HEADER} is longer than {MOST_HEADER_CHARS} characters.")
    try:
        return read_faults(_lines(text))
    except ValueError as error:
        raise UsageError(f"The header {HEADER} is wrong: {error}.") from error


def as_data(faults: Iterable[BaseFault]) -> list[dict[str, Any]]:
    """Faults as mappings that `read_faults` takes, the name first."""
    return [{"fault": one.name, **one.model_dump(exclude_none=True)} for one in faults]


def for_an_answer(faults: Sequence[Any]) -> Sequence[Any]:
    """Faults of one rule.

    Raises:
        ValueError: one concerns more than an answer.
    """
    for fault in faults:
        if not fault.per_answer:
            known = ", ".join(name for name, model in FAULTS.items() if model.per_answer)
            raise ValueError(
                f"{fault.name} concerns the whole call: put it beside `rules`. A rule can have "
                f"{known}"
            )
    return faults


def refuse_in_memory(faults: Iterable[Any]) -> None:
    """See that a call in memory can have these faults.

    Raises:
        UsageError: one needs HTTP or a connection.
    """
    for fault in faults:
        if not fault.in_memory:
            known = ", ".join(name for name, model in FAULTS.items() if model.in_memory)
            raise UsageError(
                f"The simulated engine cannot have the fault {fault.name}: it has no network.",
                expected=known,
                found=fault.name,
                hint="run it with --engine native or --engine browser",
            )


_ARGUMENT = re.compile(r'\s*([A-Za-z_][\w-]*)\s*(?:=\s*(?:"([^"]*)"|([^";,\s]+))\s*)?([;,]|$)')


def _lines(text: str) -> list[dict[str, str]]:
    """`name; arg=value, name` as mappings.

    Raises:
        ValueError: the text has another form.
    """
    faults: list[dict[str, str]] = []
    current: dict[str, str] | None = None
    at = 0
    while at < len(text.rstrip()):
        found = _ARGUMENT.match(text, at)
        if found is None:
            raise ValueError(f"name; argument=value, name …; not {text[at : at + 40]!r}")
        name, quoted, bare, end = found.groups()
        value = quoted if quoted is not None else bare
        if current is None:
            if value is not None:
                raise ValueError(f"a fault's name comes first, not {name}={value}")
            current = {"fault": name}
            faults.append(current)
        elif value is None:
            raise ValueError(f"the argument {name} of {current['fault']} has no value")
        else:
            current[name] = value
        at = found.end()
        current = None if end == "," else current
    return faults


def _unknown(what: str, found: str, known: Iterable[str]) -> str:
    names = list(known)
    close = difflib.get_close_matches(found, names, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(names) or 'none'}"
    return f"there is no {what} called {found[:60]!r}; {hint}"


def _wrong(error: ValidationError) -> UsageError:
    first = error.errors(include_url=False, include_context=False)[0]
    location = [part for part in first["loc"] if part not in FAULTS]
    place = ".".join(str(part) for part in location if not isinstance(part, int))
    number = next((part + 1 for part in first["loc"] if isinstance(part, int)), None)
    message = str(first["msg"]).removeprefix("Value error, ")
    where = "The faults" if number is None else f"Fault {number}"
    found = f"{place}: {message}" if place else message
    stop = "" if found.endswith("?") else "."
    return UsageError(f"{where} cannot be used: {found}{stop}")
