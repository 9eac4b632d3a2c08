"""The ``session`` object: what a client asks for, made complete, and changed by updates."""

from __future__ import annotations

import copy
from typing import Any

from harness.errors import ProtocolError
from harness.live.shapes import APPENDS, EVENTS, UPDATE, WEBRTC_SESSION, WEBSOCKET_SESSION
from harness.live.state import Transport
from harness.realtime import vocabulary as v
from harness.realtime.wire import Event, with_type

DEFAULT_INSTRUCTIONS = "You are a friendly voice assistant. Speak briefly."
DEFAULT_VOICE = "marin"
MAX_SESSION_S = 7_200
"""Two hours, as clients of the service report; its guides only say that ``expires_at`` tells."""

UPDATABLE = ("delegation", "triggers")
STARTUP_ONLY = frozenset(WEBSOCKET_SESSION.fields) | frozenset(WEBRTC_SESSION.fields)


def started_session(
    wanted: dict[str, Any], transport: Transport, session_id: str
) -> dict[str, Any]:
    """The complete session from what a client asks for; ``expires_at`` is 0 until it starts.

    Raises:
        ProtocolError: it cannot be had.
    """
    shape = WEBRTC_SESSION if transport == "webrtc" else WEBSOCKET_SESSION
    shape.check(wanted, "session")
    return _completed(wanted, transport, session_id)


def _completed(wanted: dict[str, Any], transport: Transport, session_id: str) -> dict[str, Any]:
    instructions = wanted.get("instructions") or ""
    output = (wanted.get("audio") or {}).get("output") or {}
    session: dict[str, Any] = {
        "id": session_id,
        "model": wanted["model"],
        "status": "active",
        "expires_at": 0,
        "instructions": instructions if instructions.strip() else DEFAULT_INSTRUCTIONS,
        "input": wanted.get("input") or [],
        "audio": {"output": {"voice": output.get("voice") or DEFAULT_VOICE}},
        "delegation": _delegation(wanted.get("delegation")),
        "store": False,
    }
    if transport == "websocket":
        session["audio"] = {"format": _format(wanted), **session["audio"]}
    for key in ("client", "safety_identifier"):
        if wanted.get(key) is not None:
            session[key] = wanted[key]
    return copy.deepcopy(session)


def _format(wanted: dict[str, Any]) -> dict[str, Any]:
    asked = (wanted.get("audio") or {}).get("format") or {"type": "audio/pcm"}
    usual = 24_000 if asked["type"] == "audio/pcm" else 8_000
    return {"type": asked["type"], "rate": asked.get("rate") or usual}


def _delegation(wanted: dict[str, Any] | None) -> dict[str, Any]:
    if wanted is None:
        return {"type": "client"}
    return {key: value for key, value in wanted.items() if value is not None}


def updated_session(session: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The session after a ``session.update``: settings that it does not name keep their values.

    Raises:
        ProtocolError: it changes what cannot be changed; then nothing is.
    """
    running = session["delegation"]["type"]
    for key in wanted:
        if key in STARTUP_ONLY and key not in UPDATABLE:
            raise _immutable(f"session.{key}")
    if "delegation" in wanted:
        asked = wanted["delegation"]
        kind = asked.get("type", running) if isinstance(asked, dict) else None
        if kind != running and (kind is None or isinstance(kind, str)):
            raise _immutable("session.delegation.type")
    UPDATE.check(wanted, "session")
    changed = copy.deepcopy(session)
    _merge(changed["delegation"], wanted["delegation"])
    return changed


def _merge(into: dict[str, Any], changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        if key == "responses" and isinstance(value, dict):
            into.setdefault(key, {}).update(
                {name: one for name, one in value.items() if one is not None}
            )
        elif value is not None:
            into[key] = copy.deepcopy(value)


def _immutable(param: str) -> ProtocolError:
    message = f"'{param}' cannot change after the session has started."
    return ProtocolError(message, code="immutable_field_update", param=param)


def check_client_event(event: Event) -> None:
    """Refuse an event that is not of the protocol, or not of its shape.

    The contents of ``session`` in an update are judged by `updated_session`.

    Raises:
        ProtocolError: it is not.
    """
    kind = with_type(event)["type"]
    shape = EVENTS.get(kind)
    if shape is None:
        v.refuse_choice("type", kind, tuple(EVENTS))
    if kind in APPENDS and "delegation_id" not in event:
        v.refuse_missing("delegation_id")  # it may be null, but not absent
    if kind == "session.update" and isinstance(event.get("session"), dict):
        v.Record(dict.fromkeys(("type", "event_id", "session"), v.Text())).check(
            {**event, "session": ""}, ""
        )
        return
    shape.check(event, "")
