"""A session's state at one moment, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.realtime.items import Item
from harness.realtime.session_config import Settings
from harness.realtime.session_core import State
from harness.realtime.session_settings import SessionSettings


@dataclass(frozen=True, slots=True)
class SessionSnapshot:
    """Copies: changing them changes nothing."""

    state: State
    session_id: str | None
    expires_at: int | None
    """Unix seconds, as the server said."""

    settings: SessionSettings
    """As asked for."""

    effective: Settings | None
    """As the server read them back last."""

    items: tuple[Item, ...]
    """The conversation, in order."""

    texts: dict[str, str]
    """Words of each item, where any are known; also those a truncation took from the item."""

    speaking_item_id: str | None
    """The item that the user is just saying."""

    active_response_id: str | None
    playing_response_id: str | None
    is_turn_over: bool
    """Nobody speaks, no answer is asked for, made or heard, and no tool runs."""

    running_tools: tuple[str, ...]
    """Ids of calls."""

    pending_approvals: tuple[str, ...]
    rate_limits: tuple[dict[str, Any], ...]
    is_microphone_on: bool
    volume: float
    events_received: int
    events_unknown: int
    events_malformed: int
