"""Inspection of a cassette: every file and line, read for `harness.cassette.check`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from harness.cassette.check import EventLine, Finding, check_events, check_head, reworded
from harness.cassette.files import (
    EVENTS_NAME,
    HEAD_NAME,
    TURNS_NAME,
    edited_files,
    read_sound,
    read_text,
    sound_place,
)
from harness.cassette.model import Cassette
from harness.errors import UsageError
from harness.redact import Masker


def inspect(folder: Path, today: date) -> list[Finding]:
    """All that is wrong with a cassette, or worth knowing; the worst first.

    Args:
        folder: with ``cassette.yaml``.
        today: models that end before it have ended.

    Raises:
        UsageError: there is no cassette at all.
    """
    if not (folder / HEAD_NAME).is_file():
        read_text(folder)  # says so
    found: list[Finding] = []
    cassette = None
    try:
        cassette = read_text(folder)
    except UsageError as error:
        found.append(_broken(error))
    else:
        found += check_head(cassette.head, str(folder / HEAD_NAME), today)
        for name in cassette.audio_files:
            try:
                read_sound(folder, name)
            except UsageError as error:
                found.append(_broken(error))
        found += _other_sounds(folder, cassette)
    found += _secrets(folder)
    events = folder / EVENTS_NAME
    if events.is_file():
        lines: list[EventLine] = []
        for line in read_events(events):
            if isinstance(line, Finding):
                found.append(line)
            else:
                lines.append(line)
        found += check_events(lines, str(events))
        if cassette is not None:
            found += _reworded(folder, cassette, lines)
    else:
        found.append(Finding("note", "it is not there: no event could be checked", str(events)))
    order = ("broken", "stale", "note")
    return sorted(found, key=lambda one: order.index(one.level))


def _reworded(folder: Path, cassette: Cassette, lines: list[EventLine]) -> Iterator[Finding]:
    for name, words in reworded(cassette, lines):
        message = (
            f"the words were edited to “{words}”, and {name} says what was recorded: take the line "
            "“audio” out, and the local voice speaks them"
        )
        yield Finding("note", message, sound_place(folder, name))


def _other_sounds(folder: Path, cassette: Cassette) -> Iterator[Finding]:
    changes = edited_files(folder) or {}
    for name in cassette.audio_files:
        if changes.get(name) == "edited":
            message = f"{name} is another sound than was recorded: do its words still fit it?"
            yield Finding("note", message, sound_place(folder, name))


def _secrets(folder: Path) -> Iterator[Finding]:
    """Lines with what is masked wherever the harness writes; people may have put it there."""
    masker = Masker()
    for name in (HEAD_NAME, TURNS_NAME, EVENTS_NAME):
        try:
            lines = (folder / name).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            continue  # told elsewhere
        for number, line in enumerate(lines, start=1):
            if masker.text(line) != line:
                message = "what looks like a key or a token stands there: take it out"
                yield Finding("note", message, f"{folder / name}:{number}")


def read_events(path: Path) -> Iterator[EventLine | Finding]:
    """The lines of ``events.jsonl``; one that is none as what is wrong with it.

    A replay does not read them, so a broken one makes the cassette stale, not broken.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, start=1):
                yield _event_line(path, number, text)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "bytes that are no text in UTF-8"
        yield Finding("stale", f"it cannot be read: {why}", str(path))


def _event_line(path: Path, number: int, text: str) -> EventLine | Finding:
    place = f"{path}:{number}"
    try:
        line = json.loads(text)
        event, sender = line["event"], line["from"]
        if not isinstance(event["type"], str) or sender not in ("client", "server"):
            raise ValueError("“from” is neither client nor server, or “type” is no text")
        return EventLine(number, sender, event, "audio_chars" in line)
    except KeyError as error:
        return Finding("stale", f"the line has no {error}", place)
    except (ValueError, TypeError, RecursionError) as error:
        return Finding("stale", f"the line cannot be read: {error}", place)


def _broken(error: UsageError) -> Finding:
    place, _, message = error.message.partition(": ")
    parts = {"expected": error.expected, "found": error.found}
    facts = "; ".join(f"{name} {words}" for name, words in parts.items() if words)
    sentences = [f"{text[:1].upper()}{text[1:]}." for text in (facts, error.hint) if text]
    return Finding("broken", " ".join([message, *sentences]), place)
