"""Notes on a data channel that both sides are to agree on beforehand, and did not.

A page makes it with `negotiated: true, id: N` and asks for its call with `?dcid=N`. Nobody
announces such a channel, so with two different numbers, or without one, it opens and stays silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness.score.redirected import Noted


def channel_notes(events: Iterable[Noted]) -> list[str]:
    """What is wrong with the number of a page's channel, in words; empty where events came."""
    kept = list(events)
    asked = [event.data["channel_id"] for event in kept if event.type == "page.channel_asked"]
    made = [event.data for event in kept if event.type == "data_channel.created"]
    if not made or any(_is_received(event) for event in kept):
        return []
    agreed = [channel for channel in made if channel.get("negotiated")]
    if not agreed:
        return [_not_negotiated(asked[-1], made)] if asked else []
    return [_silent(channel, asked) for channel in agreed]


def _is_received(event: Noted) -> bool:
    return event.type == "data_channel.message" and event.data.get("direction") == "received"


def _not_negotiated(number: int, made: list[Mapping[str, Any]]) -> str:
    labels = ", ".join(dict.fromkeys(f"“{channel['label']}”" for channel in made))
    return (
        f"the call was asked for with ?dcid={number}, and the page has no data channel with "
        f"`negotiated: true, id: {number}` ({labels} announce themselves): no event can come"
    )


def _silent(channel: Mapping[str, Any], asked: list[int]) -> str:
    label, number = channel["label"], channel["id"]
    if not asked:
        return (
            f"the page made the data channel “{label}” with `negotiated: true, id: {number}`, and "
            f"asked for its call without ?dcid={number}: the server does not know of it"
        )
    if number not in asked:
        return (
            f"the page made the data channel “{label}” with the id {number}, and asked for its "
            f"call with ?dcid={asked[-1]}: no event can come; the two numbers have to be the same"
        )
    return f"nothing came on the data channel “{label}”, agreed on beforehand with the id {number}"
