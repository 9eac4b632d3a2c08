"""The events of a call as a cassette keeps them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.cassette.wire_log import kept_lines, unreadable, wire_events, without_sound
from harness.redact import MASK, Masker
from harness.trace import TraceEvent
from tests.support.make_cassette import trace_of

DELTA = {"type": "response.output_audio.delta", "delta": "AAAA" * 20, "response_id": "r"}
APPEND = {"type": "input_audio_buffer.append", "audio": "AAAA"}


def test_events_come_in_order_with_who_sent_them() -> None:
    trace = trace_of(
        (0.1, "received", {"type": "session.created"}), (0.2, "sent", {"type": "response.create"})
    )
    assert [(one.t_s, one.sender, one.event["type"]) for one in wire_events(trace)] == [
        (0.1, "server", "session.created"),
        (0.2, "client", "response.create"),
    ]


def test_other_channels_and_what_is_no_event_are_left_out_and_counted() -> None:
    trace = trace_of((0.1, "received", {"type": "session.created"}))
    others: list[dict[str, Any]] = [
        {"label": "chat", "direction": "received", "text": '{"type": "session.created"}'},
        {"label": "oai-events", "direction": "received", "text": "not JSON"},
        {"label": "oai-events", "direction": "received", "text": None},
    ]
    more = [TraceEvent(9, 1.0, "page", "data_channel.message", data) for data in others]
    trace = replace(trace, events=[*trace.events, *more])
    assert len(list(wire_events(trace))) == 1
    assert unreadable(trace) == 2


def test_sound_is_counted_and_not_kept() -> None:
    assert without_sound(DELTA) == ({**DELTA, "delta": ""}, 80)
    assert without_sound(APPEND) == ({**APPEND, "audio": ""}, 4)
    item = {"content": [{"type": "input_audio", "audio": "AAAA"}]}
    created = {"type": "conversation.item.create", "item": item}
    kept, characters = without_sound(created)
    assert (kept["item"]["content"][0]["audio"], characters) == ("", 4)
    update = {"type": "session.update", "session": {"audio": {"output": {"voice": "marin"}}}}
    assert without_sound(update) == (update, 0)


def test_no_key_is_in_a_line() -> None:
    planted = {
        "type": "session.created",
        "session": {
            "client_secret": {"value": "ek_thatNobodyMayRead1234"},
            "instructions": "call with sk-proj-thatNobodyMayRead or open-sesame-42",
            "tools": [{"type": "mcp", "headers": {"X-Any": "a-plain-looking-value"}}],
        },
    }
    (line,) = kept_lines(
        wire_events(trace_of((0.1, "received", planted))), Masker({"open-sesame-42"})
    )
    told = str(line)
    for secret in ("thatNobodyMayRead", "open-sesame-42", "a-plain-looking-value"):
        assert secret not in told
    assert MASK in told
