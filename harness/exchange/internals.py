"""Dumps of chrome://webrtc-internals, the JSON form: read, from its first versions on. Pure.

    {"getUserMedia": [...], "PeerConnections": {"12-1": {"url", "rtcConfiguration",
     "updateLog": [{"timestamp", "type", "value"}], "stats": {"ID-name": {"statsType", "startTime",
     "endTime", "values": "[1,2]"}}}}, "UserAgent": "..."}

Times are a ``timestamp`` (milliseconds), before Chromium 140 or so a ``time`` in words; requests
for media had none then, and are placed where the dump begins. Values are texts: JSON, or "name:
value, name: value" of older versions. Statistics are series; a series of a name "ID-timestamp" says
when each of its object's values was taken.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.errors import ArtifactError
from harness.exchange.dump_event import DUMPED, Dump, DumpEvent
from harness.exchange.dump_times import told_by, told_time, zone_ms

FORM = "webrtc-internals"
MOST_POINTS = 20_000
"""Of one series; Chromium keeps 1000."""

_PARTS = re.compile(r"(?:^|, )(\w+): ")
MOST_FRESH_POINTS = 900
"""A series with fewer has its first value still: it began with its connection."""


def read_internals(data: Any, where: str) -> Dump:
    """The events of a dump.

    Args:
        data: of its JSON.
        where: the file, for people.

    Raises:
        ArtifactError: it is none.
    """
    connections = data.get("PeerConnections") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(connections, Mapping):
        raise ArtifactError(
            f"{where} is no dump of webrtc-internals.",
            expected='JSON with "PeerConnections"',
            found=f"JSON with {', '.join(map(str, list(data)[:5]))}"
            if isinstance(data, Mapping)
            else f"JSON that is {type(data).__name__}",
            hint="chrome://webrtc-internals, “Create a WebRTC-Internals dump”",
        )
    events: list[DumpEvent] = []
    untimed = 0
    for name, record in connections.items():
        if isinstance(record, Mapping):
            of_connection, without = _connection(str(name), record)
            events += of_connection
            untimed += without
    dumped = told_time(data)
    if dumped is not None:
        events.append(DumpEvent(dumped.ms, None, DUMPED))
    begun_ms = min((event.t_ms for event in events), default=0.0)
    events = [*_media(data.get("getUserMedia"), begun_ms), *events]
    agent = str(data.get("UserAgent") or "")
    found = re.search(r"Chrom(?:e|ium)/(\d+)", agent)
    return Dump(
        FORM,
        found[1] if found else "",
        agent,
        sorted(events, key=lambda event: event.t_ms),
        f"{untimed} events have no known time, and stand where the one before does"
        if untimed
        else "",
    )


def _media(requests: Any, begun_ms: float) -> Iterator[DumpEvent]:
    for one in requests if isinstance(requests, Sequence) and not isinstance(requests, str) else ():
        if not isinstance(one, Mapping):
            continue
        told = told_time(one)
        t_ms = begun_ms if told is None else told.ms
        kind = one.get("request_type") or "getUserMedia"
        method, joined = (
            f"navigator.mediaDevices.{kind}",
            f"{one.get('rid')}-{one.get('request_id')}",
        )
        if "error" in one:
            value = {"error": one["error"], "error_message": one.get("error_message", "")}
            yield DumpEvent(t_ms, None, f"{method}OnFailure", value, (joined,))
        elif "stream_id" in one:
            yield DumpEvent(t_ms, None, f"{method}OnSuccess", _tracks(one), (joined,))
        else:
            asked = {kind: _value(one[kind]) or True for kind in ("audio", "video") if kind in one}
            address = str(one.get("url") or one.get("origin") or "")
            yield DumpEvent(t_ms, None, method, asked, (joined, address))


def _tracks(one: Mapping[str, Any]) -> list[list[Any]]:
    tracks = []
    for kind in ("audio", "video"):
        info = _value(one.get(f"{kind}_track_info") or "null")
        if isinstance(info, Mapping):
            tracks.append([kind, info.get("id", ""), info.get("label", ""), one["stream_id"]])
    return tracks


def _connection(name: str, record: Mapping[str, Any]) -> tuple[list[DumpEvent], int]:
    """Its events, and of how many of them the time is not known."""
    log, stats = record.get("updateLog"), record.get("stats")
    updates = [one for one in log if isinstance(one, Mapping)] if isinstance(log, list) else []
    reports = list(_stats(name, stats)) if isinstance(stats, Mapping) else []
    times = _times(updates, reports)
    first_ms = min([*(t_ms for t_ms in times if t_ms is not None),
                    *(report.t_ms for report in reports)], default=None)  # fmt: skip
    if first_ms is None:
        return [], len(updates)
    address = str(record.get("url") or "")
    made = DumpEvent(first_ms, name, "create", _value(record.get("rtcConfiguration")), (address,))
    events, before_ms = [made], first_ms
    for update, t_ms in zip(updates, times, strict=True):
        before_ms = before_ms if t_ms is None else t_ms
        method = str(update.get("type", ""))
        events.append(DumpEvent(before_ms, name, method, _value(update.get("value"))))
    return [*events, *reports], times.count(None)


def _times(
    updates: Sequence[Mapping[str, Any]], reports: Sequence[DumpEvent]
) -> list[float | None]:
    """When each update was; those that are told by a wall's clock as statistics tell their zone."""
    told = [told_time(update) for update in updates]
    local = next((one.ms for one in told if one is not None and one.is_local), None)
    ahead_ms = 0.0
    if local is not None and 0 < len(reports) <= MOST_FRESH_POINTS:
        ahead_ms = zone_ms(local, reports[0].t_ms)
    return [None if one is None else one.ms - (ahead_ms if one.is_local else 0.0) for one in told]


def _stats(name: str, stats: Mapping[str, Any]) -> Iterator[DumpEvent]:
    """The reports that the series were taken from, as near as they tell."""
    objects: dict[str, dict[str, list[Any]]] = {}
    times: dict[str, list[float]] = {}
    kinds: dict[str, str] = {}
    for key, series in stats.items():
        object_id, _, member = key.rpartition("-")
        if not object_id or "[" in key or not isinstance(series, Mapping):
            continue
        values = _value(series.get("values"))
        if not isinstance(values, list):
            continue
        values = values[-MOST_POINTS:]
        if member == "timestamp":
            times[object_id] = [float(one) for one in values if isinstance(one, int | float)]
        else:
            objects.setdefault(object_id, {})[member] = values
            kinds[object_id] = str(series.get("statsType") or "")
            times.setdefault(object_id, _even_times(series, len(values)))
    asked = max(times.values(), key=len, default=[])
    for asked_ms in asked:
        report = {}
        for object_id, members in objects.items():
            taken = times.get(object_id) or []
            place = bisect.bisect_right(taken, asked_ms + 1.0) - 1
            if place >= 0:
                report[object_id] = _object(object_id, kinds[object_id], members, taken, place)
        if report:
            yield DumpEvent(asked_ms, name, "getStats", report)


def _object(
    object_id: str, kind: str, members: Mapping[str, list[Any]], taken: Sequence[float], place: int
) -> dict[str, Any]:
    """One object of a report. A series that is shorter began later."""
    made = {"id": object_id, "type": kind, "timestamp": taken[place]}
    for member, values in members.items():
        index = place - (len(taken) - len(values))
        if 0 <= index < len(values):
            made[member] = values[index]
    return made


def _even_times(series: Mapping[str, Any], count: int) -> list[float]:
    start, end = told_by(series.get("startTime")), told_by(series.get("endTime"))
    if start is None or end is None or count == 0:
        return []
    step_ms = (end.ms - start.ms) / (count - 1) if count > 1 else 0.0
    return [start.ms + step_ms * number for number in range(count)]


def _value(text: Any) -> Any:
    """What a text holds: JSON, or "type: offer, sdp: v=0…" as older versions wrote it."""
    if not isinstance(text, str) or not text:
        return None if text == "" else text
    if text[0] in '{["' or text in ("null", "true", "false"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    parts = _PARTS.split(text)
    if parts[0] == "" and len(parts) > 2:
        if parts[1] == "type" and ", sdp: " in text:
            kind, _, sdp = text.removeprefix("type: ").partition(", sdp: ")
            return {"type": kind, "sdp": sdp}
        return dict(zip(parts[1::2], parts[2::2], strict=True))
    return text
