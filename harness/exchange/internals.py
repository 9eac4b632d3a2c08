"""Dumps of chrome://webrtc-internals, the JSON form: read, from its first versions on. Pure.

    {"getUserMedia": [...], "PeerConnections": {"12-1": {"url", "rtcConfiguration",
     "updateLog": [{"timestamp", "type", "value"}], "stats": {"ID-name": {"statsType", "startTime",
     "endTime", "values": "[1,2]"}}}}, "UserAgent": "..."}

Times are a ``timestamp`` (milliseconds), before Chromium 140 or so a ``time`` in words. Values are
texts: JSON, or "name: value, name: value" of older versions. Statistics are series; a series of a
name "ID-timestamp" says when each of its object's values was taken.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from harness.errors import ArtifactError
from harness.exchange.dump_event import DUMPED, MOST_MS, Dump, DumpEvent

FORM = "webrtc-internals"
MOST_POINTS = 20_000
"""Of one series; Chromium keeps 1000."""

_PARTS = re.compile(r"(?:^|, )(\w+): ")
_TIMES = ("%m/%d/%Y, %I:%M:%S %p", "%d/%m/%Y, %H:%M:%S", "%d.%m.%Y, %H:%M:%S")
"""As different languages of Chromium write them."""


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
    events = list(_media(data.get("getUserMedia")))
    for name, record in connections.items():
        if isinstance(record, Mapping):
            events += _connection(str(name), record)
    if (dumped_ms := time_ms(data)) is not None:
        events.append(DumpEvent(dumped_ms, None, DUMPED))
    agent = str(data.get("UserAgent") or "")
    found = re.search(r"Chrom(?:e|ium)/(\d+)", agent)
    return Dump(
        FORM, found[1] if found else "", agent, sorted(events, key=lambda event: event.t_ms)
    )


def _media(requests: Any) -> Iterator[DumpEvent]:
    for one in requests if isinstance(requests, Sequence) and not isinstance(requests, str) else ():
        if not isinstance(one, Mapping) or (t_ms := time_ms(one)) is None:
            continue
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


def _connection(name: str, record: Mapping[str, Any]) -> Iterator[DumpEvent]:
    log = record.get("updateLog")
    updates = [one for one in log if isinstance(one, Mapping)] if isinstance(log, list) else []
    events = []
    for update in updates:
        if (t_ms := time_ms(update)) is not None:
            method = str(update.get("type", ""))
            events.append(DumpEvent(t_ms, name, method, _value(update.get("value"))))
    stats = record.get("stats")
    reports = list(_stats(name, stats)) if isinstance(stats, Mapping) else []
    first_ms = min([event.t_ms for event in (*events, *reports)], default=None)
    if first_ms is not None:
        configuration = _value(record.get("rtcConfiguration"))
        yield DumpEvent(first_ms, name, "create", configuration, (str(record.get("url") or ""),))
    yield from events
    yield from reports


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
    start, end = _ms(series.get("startTime")), _ms(series.get("endTime"))
    if start is None or end is None or count == 0:
        return []
    step = (end - start) / (count - 1) if count > 1 else 0.0
    return [start + step * number for number in range(count)]


def time_ms(one: Mapping[str, Any]) -> float | None:
    """When something was, milliseconds since 1970; None where it does not say."""
    for key in ("timestamp", "time"):
        if (found := _ms(one.get(key))) is not None:
            return found
    return None


def _ms(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if not isinstance(value, int | float | str):
        return None
    try:
        ms = float(value)
    except OverflowError:  # whole numbers may have any number of digits
        return None
    except ValueError:
        return _ms_of_words(str(value).replace("\u202f", " "))
    return ms if abs(ms) < MOST_MS else None


def _ms_of_words(text: str) -> float | None:
    try:
        return _since_1970(datetime.fromisoformat(text))
    except ValueError:
        pass
    for form in _TIMES:
        try:
            return _since_1970(datetime.strptime(text, form))
        except ValueError:
            continue
    return None


def _since_1970(when: datetime) -> float:
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000


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
