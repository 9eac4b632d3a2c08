"""Findings of the data channel."""

from __future__ import annotations

from dataclasses import replace

from harness.facts.browser import Signalled
from harness.facts.call import CallFailed, CallHungUp
from harness.facts.connection import (
    ConnectionClosed,
    DataChannelClosed,
    DataChannelCreated,
    DataChannelMessage,
    DataChannelOpen,
    DataChannelSendFailed,
)
from tests.support.healthy_call import (
    CHANNEL,
    HEALTHY,
    PEER,
    found_in,
    names_in,
    ticking,
    without,
)

CHANNELS = (DataChannelCreated, DataChannelOpen, DataChannelMessage)


def test_a_realtime_call_without_a_channel() -> None:
    assert names_in(without(*CHANNELS), ticking(6)) == ["no_data_channel"]


def test_a_call_of_another_kind_needs_none() -> None:
    assert names_in(without(*CHANNELS, Signalled), ticking(6)) == []


def test_a_channel_by_another_name() -> None:
    renamed = [
        (t_s, replace(fact, label="events") if isinstance(fact, CHANNELS[:2]) else fact)
        for t_s, fact in without(DataChannelMessage)
    ]
    (found,) = found_in(renamed, ticking(6))
    assert found.name == "wrong_channel_label"
    assert "“events”" in found.cause


def test_a_second_channel_beside_the_events_is_well() -> None:
    beside = [
        (1.0, DataChannelCreated(PEER, "channel-1", "chat", "local")),
        (1.1, DataChannelOpen(PEER, "channel-1", "chat")),
    ]
    assert names_in(HEALTHY, beside, ticking(6)) == []


def test_what_is_sent_too_early_or_too_late() -> None:
    for state, name in (("connecting", "sent_before_open"), ("closed", "sent_after_close")):
        failed = DataChannelSendFailed(*CHANNEL, state, "not open", "http://a/p.js:9:1")
        (found,) = found_in(HEALTHY, (0.12, failed))
        assert (found.name, found.page_line) == (name, "http://a/p.js:9:1")


def test_a_channel_that_does_not_open() -> None:
    made = without(DataChannelOpen, DataChannelMessage, Signalled)
    assert names_in(made, ticking(6)) == ["channel_never_opened"]
    late = (2.0, DataChannelOpen(*CHANNEL))
    assert names_in(made, late, ticking(6)) == []


def test_an_events_channel_that_closes_before_its_connection() -> None:
    closed = (4.0, DataChannelClosed(*CHANNEL))
    assert names_in(HEALTHY, closed, ticking(8)) == ["channel_closed"]
    lost = (4.0, CallFailed("PeerLost", "The call was lost."))
    assert names_in(HEALTHY, closed, lost) == ["channel_closed"]
    hung_up = (3.9, CallHungUp())
    assert names_in(HEALTHY, hung_up, closed, ticking(8)) == []
    with_it = (4.1, ConnectionClosed(PEER))
    assert "channel_closed" not in names_in(HEALTHY, closed, with_it, ticking(8))
