"""Writing of dumps in the JSON form of chrome://webrtc-internals. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from harness.exchange.dump_event import GET_USER_MEDIA, DumpEvent

PID = 1


def internals_text(events: Iterable[DumpEvent], user_agent: str) -> str:
    """The dump.

    Args:
        events: in order of time.
        user_agent: what made them, for people.
    """
    media: list[dict[str, Any]] = []
    records: dict[str, _Record] = {}
    last_ms = 0.0
    for event in events:
        last_ms = event.t_ms
        if event.method.startswith(GET_USER_MEDIA):
            media.append(_media(event))
        elif event.connection is not None:
            records.setdefault(event.connection, _Record()).take(event)
    data = {
        "timestamp": round(last_ms),
        "getUserMedia": media,
        "PeerConnections": {name: record.as_data() for name, record in records.items()},
        "UserAgent": user_agent,
        "UserAgentData": {"brands": [], "fullVersionList": [], "mobile": False, "platform": ""},
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


class _Record:
    """One peer connection."""

    def __init__(self) -> None:
        self._url = ""
        self._configuration = "{}"
        self._log: list[dict[str, Any]] = []
        self._series: dict[str, dict[str, list[tuple[float, Any]]]] = {}
        self._kinds: dict[str, str] = {}

    def take(self, event: DumpEvent) -> None:
        if event.method == "create":
            self._url = str(event.extra[0]) if event.extra else ""
            self._configuration = json.dumps(event.value or {}, ensure_ascii=False)
        elif event.method == "getStats":
            self._stats(event)
        elif event.method != "remove":  # it is none of the updates
            self._log.append({"type": event.method, "value": _text(event), "timestamp": event.t_ms})

    def as_data(self) -> dict[str, Any]:
        stats = {
            f"{object_id}-{member}": {
                "startTime": _iso(points[0][0]),
                "endTime": _iso(points[-1][0]),
                "statsType": self._kinds[object_id],
                "values": json.dumps([value for _, value in points], ensure_ascii=False),
            }
            for object_id, members in self._series.items()
            for member, points in members.items()
        }
        return {
            "pid": PID,
            "url": self._url,
            "rtcConfiguration": self._configuration,
            "constraints": "",
            "stats": stats,
            "updateLog": self._log,
        }

    def _stats(self, event: DumpEvent) -> None:
        for object_id, one in (event.value or {}).items():
            if not isinstance(one, Mapping):
                continue
            self._kinds[object_id] = str(one.get("type", ""))
            series = self._series.setdefault(object_id, {})
            series.setdefault("timestamp", []).append((event.t_ms, event.t_ms))
            for member, value in one.items():
                is_plain = isinstance(value, str | int | float)
                if is_plain and member not in ("id", "type", "timestamp"):
                    series.setdefault(member, []).append((event.t_ms, value))


def _media(event: DumpEvent) -> dict[str, Any]:
    call = str(event.extra[0]) if event.extra else ""
    known: dict[str, Any] = {
        "rid": 1,
        "pid": PID,
        "request_id": int("".join(filter(str.isdigit, call)) or 0),
        "request_type": "getUserMedia",
        "timestamp": event.t_ms,
    }
    if event.method.endswith("OnFailure"):
        return {**known, **event.value}
    if event.method.endswith("OnSuccess"):
        tracks = {
            f"{kind}_track_info": json.dumps({"id": track, "label": label})
            for kind, track, label, _ in event.value
        }
        nothing = {"audio_track_info": "null", "video_track_info": "null"}
        return {**known, "stream_id": "", **nothing, **tracks}
    asked = {
        kind: "" if value is True else json.dumps(value)
        for kind, value in event.value.items()
        if kind in ("audio", "video") and value is not False
    }
    return {**known, "url": event.extra[1] if len(event.extra) > 1 else "", **asked}


def _text(event: DumpEvent) -> str:
    """A value as the dump has it: JSON; a track as an object; messages of errors as they are."""
    value = event.value
    if value is None:
        return ""
    if event.method == "ontrack":
        kind, track, label, *streams = value
        value = {"kind": kind, "id": track, "label": label, "streams": streams}
    if event.method.endswith("OnFailure"):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _iso(t_ms: float) -> str:
    return datetime.fromtimestamp(t_ms / 1000, UTC).isoformat(timespec="milliseconds")
