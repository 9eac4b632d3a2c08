"""Staleness of a cassette: what of it the protocol does not have, or will not have, any more. Pure.

Events are held against the types of the official ``openai`` package and against the checks of the
local server. A type that neither knows is kept, and told.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from harness.cassette.model import Cassette, Head
from harness.errors import ProtocolError
from harness.realtime.ending_models import endings_in
from harness.realtime.server.validation.client_events import CLIENT_EVENTS, check_client_event
from harness.realtime.server_events import SERVER_EVENTS, check_server_event
from harness.realtime.wire import Event
from harness.speech.words import normal_form

Level = Literal["broken", "stale", "note"]
Verdict = Literal["current", "stale", "broken"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should know of a cassette."""

    level: Level
    """broken: it cannot be used; stale: recorded like that it would not be today; note: worth
    knowing."""

    message: str
    place: str = ""
    """File and line."""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of ``events.jsonl``."""

    number: int
    sender: Literal["client", "server"]
    event: Event
    has_sound: bool = False
    """Whether its base64 was taken out."""


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """The worst of them; what is only worth knowing leaves the cassette current."""
    levels = {one.level for one in findings}
    if "broken" in levels:
        return "broken"
    return "stale" if "stale" in levels else "current"


def check_head(head: Head, place: str, today: date) -> list[Finding]:
    """Models that end, or have ended; and what the recording said that it lacks."""
    found = []
    for ending in endings_in(head.session):
        has_ended = today > ending.last_day
        found.append(Finding("stale" if has_ended else "note", ending.in_words, place))
    return found + [Finding("note", text, place) for text in head.notes]


def check_events(lines: Iterable[EventLine], file: str) -> list[Finding]:
    """What the contract says of the events; the same thing is told once, with how often it is."""
    counts: dict[tuple[Level, str], int] = {}
    first: dict[tuple[Level, str], int] = {}
    for line in lines:
        for problem in _problems(line):
            counts[problem] = counts.get(problem, 0) + 1
            first.setdefault(problem, line.number)
    return [
        Finding(
            level,
            message
            if counts[level, message] == 1
            else f"{message} ({counts[level, message]} times)",
            f"{file}:{number}",
        )
        for (level, message), number in first.items()
    ]


def _problems(line: EventLine) -> Iterator[tuple[Level, str]]:
    kind = str(line.event["type"])
    ours: Mapping[str, Any] = SERVER_EVENTS if line.sender == "server" else CLIENT_EVENTS
    model = _models(line.sender).get(kind)
    if model is None and kind not in ours:
        yield "note", f"unknown event type “{kind}” from the {line.sender}: kept as it came"
        return
    if model is not None and (wrong := _refused(model, line.event)) is not None:
        yield "stale", f"the openai package's type of “{kind}” refuses it: {wrong}"
    check: Callable[[Event], None]
    check = check_server_event if line.sender == "server" else check_client_event
    if kind in ours and not line.has_sound:
        try:
            check(line.event)
        except ProtocolError as error:
            yield "stale", f"“{kind}” from the {line.sender} is not valid: {error.message}"


def _refused(model: Any, event: Event) -> str | None:
    from pydantic import ValidationError

    try:
        model.model_validate(event)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return None


@cache
def _models(sender: str) -> dict[str, Any]:
    """The package's models by the type that each is for."""
    from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent

    union: Any = RealtimeServerEvent if sender == "server" else RealtimeClientEvent
    found: dict[str, Any] = {}
    for model in typing.get_args(typing.get_args(union)[0]):
        for kind in typing.get_args(model.model_fields["type"].annotation):
            found[kind] = model
    return found


def reworded(cassette: Cassette, lines: Iterable[EventLine]) -> Iterator[tuple[str, str]]:
    """Sounds whose words were edited while the sound stayed, each with the words that it now has.

    Known by the transcripts among the events. A sound that was cut says less than its words anyway.
    """
    transcripts: dict[str, str] = {}
    for line in lines:
        item_id = str(line.event.get("item_id"))
        if line.event["type"] == "response.output_audio_transcript.delta":
            transcripts[item_id] = transcripts.get(item_id, "") + str(line.event.get("delta"))
        elif line.event["type"] == "response.output_audio_transcript.done":
            transcripts[item_id] = str(line.event.get("transcript"))
    recorded = " ".join(map(normal_form, transcripts.values()))
    pieces = (piece for turn in cassette.turns for one in turn.then for piece in one.pieces)
    for piece in pieces:
        if recorded and piece.audio and piece.say and not piece.cut:
            words = normal_form(piece.say)
            if f" {words} " not in f" {recorded} ":
                yield piece.audio, piece.say


def order_of(lines: Sequence[EventLine]) -> list[str]:
    """Types of the server's events in order, runs of deltas as one."""
    kinds = [str(line.event["type"]) for line in lines if line.sender == "server"]
    return [kind for at, kind in enumerate(kinds) if at == 0 or kinds[at - 1] != kind]
