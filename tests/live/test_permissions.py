"""Which events may go over a restricted data channel."""

from __future__ import annotations

from typing import Any

from harness.live.permissions import ChannelPermissions


def of(**channel: Any) -> ChannelPermissions:
    return ChannelPermissions({"client": {"data_channel": channel}})


def test_without_a_word_everything_may() -> None:
    for permissions in (ChannelPermissions({}), of(), of(allowed_client_events="all")):
        assert not permissions.is_restricted
        assert permissions.may_send("session.close")
        assert permissions.may_receive({"type": "session.started"})


def test_an_empty_list_lets_nothing_through() -> None:
    permissions = of(allowed_client_events=[], allowed_server_events=[])
    assert permissions.is_restricted
    assert not permissions.may_send("session.close")
    assert not permissions.may_receive({"type": "session.started"})
    assert permissions.may_receive({"type": "info"}), "that it is restricted, it is told"


def test_nested_events_are_chosen_by_their_own_type() -> None:
    selector = {"type": "response.event", "response_event": "response.completed"}
    permissions = of(allowed_server_events=[selector])
    assert permissions.may_receive(
        {"type": "response.event", "event": {"type": "response.completed"}}
    )
    assert not permissions.may_receive(
        {"type": "response.event", "event": {"type": "response.created"}}
    )
