"""A session's state at one moment, as a value."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from harness.realtime.client.core import SessionCore, State
from harness.realtime.client.followed_conversation import FollowedConversation
from harness.realtime.client.notices import News
from harness.realtime.client.responses import Responses
from harness.realtime.client.settings import SessionSettings
from harness.realtime.client.tool_calls import ToolCalls
from harness.realtime.client.updates import Updates
from harness.realtime.items import Item
from harness.realtime.session_object import Settings


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


def snapshot_of(
    core: SessionCore,
    answers: Responses,
    tools: ToolCalls,
    updates: Updates,
    news: News,
    followed: FollowedConversation,
    *,
    is_microphone_on: bool,
    volume: float,
) -> SessionSnapshot:
    """The parts of a session, copied."""
    playing, running = answers.playing(), tuple(tools.running)
    item_ids = followed.conversation.item_ids
    is_idle = not answers.is_busy() and not answers.open_answers()
    return SessionSnapshot(
        state=core.state,
        session_id=updates.session_id,
        expires_at=updates.expires_at,
        settings=updates.settings,
        effective=copy.deepcopy(updates.effective),
        items=tuple(copy.deepcopy(item) for item in followed.conversation),
        texts={item_id: text for item_id in item_ids if (text := followed.text_of(item_id))},
        speaking_item_id=news.speaking_item_id,
        active_response_id=answers.active_id,
        playing_response_id=playing.response_id if playing else None,
        is_turn_over=is_idle and not running and news.speaking_item_id is None,
        running_tools=running,
        pending_approvals=tuple(news.approvals),
        rate_limits=tuple(copy.deepcopy(news.rate_limits)),
        is_microphone_on=is_microphone_on,
        volume=volume,
        events_received=news.received,
        events_unknown=news.unknown,
        events_malformed=news.malformed,
    )
