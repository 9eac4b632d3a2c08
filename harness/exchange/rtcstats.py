"""Dumps of rtcstats, and of Chromium's in that form: read line by line, and written. Pure.

The first line is "RTCStatsDump", the second a JSON object with ``fileFormat``; each further line is
[method, connection, value, more…, milliseconds since the line before]. Methods, members and types
may be numbers, statistics the difference to the report before, and descriptions the sections that
are new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.errors import ArtifactError
from harness.exchange.dump_event import MOST_MS, Dump, DumpEvent
from harness.exchange.rtcstats_words import MEMBERS, METHODS, TYPES

FORM = "rtcstats"
MAGIC = "RTCStatsDump"
VERSION = 3
MOST_OBJECTS = 2_000
"""In one report; Chromium has some hundred."""

MOST_VALUES = 40_000_000
"""In all reports together: some 2.5 GB of memory, and 19 hours with a report a second. Lines tell
only what is new, so that their own size says little."""

EVENT_VALUES, CHARACTERS_A_VALUE = 8, 64
"""What else is kept, counted as values."""

Report = dict[str, Any]


def read_rtcstats(lines: Iterable[str], where: str) -> Dump:
    """The events of a dump; where it is cut in a line, those before.

    Args:
        lines: of the file, from its first.
        where: the file, for people.

    Raises:
        ArtifactError: it is none, or of a version that is not known.
    """
    given = iter(lines)
    header = _header(next(given, ""), next(given, ""), where)
    reading = _Reading()
    cut = ""
    for number, line in enumerate(given, start=3):
        if not line.strip():
            continue
        try:
            reading.take(json.loads(line))
        except (ValueError, RecursionError):
            cut = f"line {number} is no JSON; what came before it was read"
            break
        if reading.values > MOST_VALUES:
            raise ArtifactError(
                f"{where} holds more than can be read at once.",
                expected=f"at most {MOST_VALUES / 1e6:g} million values",
                found=f"more, up to line {number}",
                hint="make the dump of the last hours alone: its page opened anew, then the call",
            )
    agent = header.get("userAgent") or reading.user_agent
    return Dump(FORM, str(header["fileFormat"]), str(agent), reading.events, cut)


def write_rtcstats(events: Iterable[DumpEvent]) -> Iterator[str]:
    """The lines of a dump, as Chromium writes it: words and reports in full."""
    yield MAGIC
    yield json.dumps({"fileFormat": VERSION})
    before_ms = 0.0
    for event in events:
        line = [event.method, event.connection, event.value, *event.extra]
        yield json.dumps([*line, round(event.t_ms - before_ms, 3)], ensure_ascii=False)
        before_ms = event.t_ms


def _header(first: str, second: str, where: str) -> Mapping[str, Any]:
    if first.strip() != MAGIC:
        raise ArtifactError(
            f"{where} is no dump of rtcstats.", expected=f"“{MAGIC}” first", found=first[:60]
        )
    try:
        header = json.loads(second)
        version = header["fileFormat"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArtifactError(
            f"{where} is a dump of rtcstats without its second line.",
            expected='{"fileFormat": 3}',
            found=second[:60] or "nothing",
            hint="it was cut before it began",
        ) from error
    if version != VERSION:
        raise ArtifactError(
            f"{where} is a dump of rtcstats in another format.",
            expected=f"fileFormat {VERSION}",
            found=f"fileFormat {str(version)[:20]}",
        )
    return dict(header)


def _later(t_ms: float, delta: float) -> float:
    """The time after that; the same where it would be beyond all times."""
    try:
        later_ms = t_ms + delta
    except OverflowError:  # whole numbers may have any number of digits
        return t_ms
    return later_ms if abs(later_ms) < MOST_MS else t_ms


class _Reading:
    """What has to be kept of a dump while it is read."""

    def __init__(self) -> None:
        self.events: list[DumpEvent] = []
        self.user_agent = ""
        self.values = 0
        """How many are kept."""

        self._t_ms = 0.0
        self._reports: dict[Any, Report] = {}
        self._descriptions: dict[tuple[Any, str, str], str] = {}

    def take(self, line: Any) -> None:
        if not isinstance(line, list) or len(line) < 4:
            return
        method, connection, value, *extra, delta = line
        if isinstance(delta, int | float) and not isinstance(delta, bool):
            self._t_ms = _later(self._t_ms, delta)
        name = METHODS.get(method, method) if isinstance(method, int | str) else ""
        if not isinstance(name, str) or not name:
            return
        who = None if connection is None else str(connection)
        if name == "getStats":
            value = self._reports[who] = _report(self._reports.get(who, {}), value)
            self.values += sum(map(len, value.values()))
        elif isinstance(value, Mapping) and isinstance(value.get("sdp"), str):
            value = self._description(who, name, value)
            self.values += len(value["sdp"]) // CHARACTERS_A_VALUE
        elif name == "create" and who is None and isinstance(value, Mapping):
            self.user_agent = _agent(value)
        self.values += EVENT_VALUES
        self.events.append(DumpEvent(self._t_ms, who, _event(name), value, tuple(extra)))

    def _description(self, who: str | None, name: str, value: Mapping[str, Any]) -> Any:
        """A description with the sections that it shares with the one before."""
        side = "remote" if "Remote" in name else "local"
        key = (who, side, str(value.get("type")))
        sections = _sections(value["sdp"])
        before = _sections(self._descriptions.get(key, ""))
        for place, section in enumerate(sections):
            if section in ("v=", "m=") and place < len(before):
                sections[place] = before[place]
        sdp = "\r\n".join(sections) + "\r\n"
        self._descriptions[key] = sdp
        return {**value, "sdp": sdp}


def _event(name: str) -> str:
    """Without the "on" of an event: Chromium's own form leaves it out in some versions."""
    return name.removeprefix("on") if name.startswith("on") and name.islower() else name


def _sections(sdp: str) -> list[str]:
    first, *media = sdp.replace("\r\n", "\n").split("\nm=")
    parts = [first, *(f"m={part}" for part in media)]
    return [part.strip().replace("\n", "\r\n") for part in parts]


def _report(before: Report, told: Any) -> Report:
    """The whole report of one that tells what is new."""
    if not isinstance(told, Mapping):
        return before
    common_ms = told.get("t", told.get("timestamp"))
    common_ms = common_ms if isinstance(common_ms, int | float) else None
    report = {key: dict(value) for key, value in before.items() if told.get(key, 1) is not None}
    for key, value in list(told.items())[:MOST_OBJECTS]:
        if isinstance(value, Mapping):
            report[key] = _merged(report.get(key, {}), value)
    if common_ms is not None:
        for key, value in report.items():
            fresh = told.get(key)
            if not (isinstance(fresh, Mapping) and ("t" in fresh or "timestamp" in fresh)):
                value["timestamp"] = common_ms
    return report


def _merged(before: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(before)
    for key, value in told.items():
        name = MEMBERS.get(key, key)
        if name == "type" and isinstance(value, int):
            value = TYPES.get(value, str(value))
        known = merged.get(name)
        both = isinstance(known, Mapping) and isinstance(value, Mapping)
        merged[name] = {**known, **value} if both else value  # type: ignore[dict-item]
    return merged


def _agent(value: Mapping[str, Any]) -> str:
    data = value.get("userAgentData")
    brands = data.get("brands") if isinstance(data, Mapping) else None
    named = [
        f"{one.get('brand')} {one.get('version')}"
        for one in (brands if isinstance(brands, list) else ())
        if isinstance(one, Mapping)
    ]
    return ", ".join(named)
