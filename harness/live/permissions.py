"""Permissions of a session's data channel: which events may go over it, in each direction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.realtime.wire import Event

ALWAYS = ("info",)
"""A channel is told that it is restricted, whatever else it may hear."""


class ChannelPermissions:
    """What one data channel may carry; it holds for no other controller of the session.

    Args:
        session: the settings that the session started with.
    """

    def __init__(self, session: Mapping[str, Any]) -> None:
        channel = (session.get("client") or {}).get("data_channel") or {}
        sent, received = channel.get("allowed_client_events"), channel.get("allowed_server_events")
        self._client: frozenset[str] | None = None
        self._server: frozenset[tuple[str, str | None]] | None = None
        if isinstance(sent, list):
            self._client = frozenset(sent)
        if isinstance(received, list):
            pairs = ((one["type"], one.get("response_event")) for one in received)
            self._server = frozenset(pairs)

    @property
    def is_restricted(self) -> bool:
        """Whether there is anything that it may not carry."""
        return self._client is not None or self._server is not None

    def may_send(self, kind: str) -> bool:
        """Whether the client may send an event of this type."""
        return self._client is None or kind in self._client

    def may_receive(self, event: Event) -> bool:
        """Whether an event of the server goes over the channel."""
        if self._server is None or event["type"] in ALWAYS:
            return True
        nested = event.get("event")
        is_nested = event["type"] == "response.event" and isinstance(nested, dict)
        return (
            event["type"],
            nested["type"] if isinstance(nested, dict) and is_nested else None,
        ) in self._server
