"""The session's settings on their way to the server, and back as they took effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.realtime.client.core import SessionCore
from harness.realtime.client.settings import SessionSettings
from harness.realtime.session_object import Settings
from harness.realtime.wire import Event


class Updates:
    """Remembers what the server accepted, so that another session can be made the same."""

    def __init__(
        self, core: SessionCore, settings: SessionSettings, definitions: list[Settings]
    ) -> None:
        self._core = core
        core.on_settled = self._settled
        self._definitions = definitions
        self._parts: Settings = {}
        """Accepted changes that came as parts of the session object."""

        self._sent: dict[str, SessionSettings | Settings] = {}
        self.settings = settings
        self.effective: Settings | None = None
        self.session_id: str | None = None
        self.expires_at: int | None = None

    def starting(self) -> Settings:
        """The session object that makes a new session like this one."""
        return merged_part(self.settings.to_wire(self._definitions), self._parts)

    def send_all(self) -> str:
        """Send the settings of a session that has just opened; gives the event_id."""
        self.effective = None
        session = merged_part(self.settings.to_update(self._definitions), self._parts)
        event = self._core.numbered({"type": "session.update", "session": session})
        self._core.send(event)
        return str(event["event_id"])

    def update(self, changes: SessionSettings | Mapping[str, Any]) -> str:
        """Send a change; it is remembered once it is accepted."""
        if isinstance(changes, SessionSettings):
            session = self._without_same_voice(changes.to_update(self._definitions))
            kept: SessionSettings | Settings = changes
        else:
            kept = dict(changes)
            session = {"type": self.settings.type, **kept}
        event_id = self._core.command({"type": "session.update", "session": session})
        self._sent[event_id] = kept
        return event_id

    def on_server_event(self, event: Event) -> None:
        """One checked server event."""
        if event["type"] not in ("session.created", "session.updated"):
            return
        session = event["session"]
        self.effective = session
        if isinstance(session.get("id"), str):
            self.session_id = session["id"]
        if isinstance(session.get("expires_at"), int) and session["expires_at"]:
            self.expires_at = session["expires_at"]

    def _settled(self, event_id: str, accepted: bool) -> None:
        """The server answered an update."""
        kept = self._sent.pop(event_id, None)
        if kept is None or not accepted:
            return
        if isinstance(kept, SessionSettings):
            self.settings, self._parts = kept, {}
        else:
            self._parts = merged_part(self._parts, kept)

    def _without_same_voice(self, session: Settings) -> Settings:
        """A session that has spoken refuses a voice, also its own."""
        output = session.get("audio", {}).get("output", {})
        effective: Any = self.effective
        for key in ("audio", "output", "voice"):
            effective = effective.get(key) if isinstance(effective, dict) else None
        if "voice" in output and output["voice"] == effective:
            del output["voice"]
        return session


def merged_part(session: Settings, part: Settings) -> Settings:
    """A part of a session object over another one: ``audio`` field by field, all else replaced."""
    result = {**session, **{key: value for key, value in part.items() if key != "audio"}}
    audio = part.get("audio")
    if isinstance(audio, dict):
        whole = dict(session.get("audio") or {})
        for side, fields in audio.items():
            if isinstance(fields, dict):
                whole[side] = {**(whole.get(side) or {}), **fields}
        result["audio"] = whole
    return result
