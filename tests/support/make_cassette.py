"""Cassettes for tests: one that nobody recorded, and traces as a call leaves them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from harness.audio.clip import AudioClip
from harness.cassette.files import write_cassette
from harness.cassette.model import Cassette
from harness.trace import Trace, TraceEvent

ORDERS: dict[str, Any] = {
    "head": {"harness_cassette": 1, "name": "orders", "session": {"model": "gpt-realtime-2.1"}},
    "turns": [
        {
            "number": 0,
            "then": [{"after": "greeting", "pieces": [{"say": "Bakery Sonne, good morning."}]}],
        },
        {
            "number": 1,
            "said": "I would like four rolls for Thursday.",
            "also": ["I'd like 4 rolls for Thursday, please."],
            "then": [
                {"pieces": [{"at_s": 0.6, "call": "book", "arguments": '{"rolls": 4}'}]},
                {
                    "after": "tool",
                    "tool": "book",
                    "result": '{"ok": true, "number": 17}',
                    "pieces": [
                        {"at_s": 0.4, "audio": "audio/001.flac", "say": "Four rolls, number 17."}
                    ],
                },
            ],
        },
        {
            "number": 2,
            "said": "What do they cost?",
            "then": [
                {
                    "status": "cancelled",
                    "pieces": [
                        {
                            "at_s": 0.5,
                            "audio": "audio/002.flac",
                            "cut": True,
                            "say": "They cost two euros and forty cents, and on Thursday there is "
                            "a discount for everybody who orders more than ten of them.",
                        }
                    ],
                },
            ],
        },
    ],
}

ORDERS_EVENTS = [
    {"at_s": 0.2, "event": {"type": "session.created", "event_id": "e1", "session": {}}},
    {"at_s": 0.3, "event": {"type": "response.sung", "event_id": "e2"}},
]


def tone(seconds: float, rate_hz: int = 24_000) -> AudioClip:
    times_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return AudioClip((0.2 * np.sin(2 * np.pi * 330 * times_s)).astype(np.float32), rate_hz)


def orders() -> Cassette:
    """A bakery on the telephone."""
    return Cassette.model_validate(ORDERS)


def write_orders(folder: Path) -> Path:
    """The same on disk."""
    sounds = {"audio/001.flac": tone(1.0), "audio/002.flac": tone(2.0)}
    events = [{**line, "from": "server"} for line in ORDERS_EVENTS]
    write_cassette(folder, orders(), sounds, events)
    return folder


def trace_of(*messages: tuple[float, str, dict[str, Any]], **header: Any) -> Trace:
    """A trace with these messages on its data channel: seconds, "sent" or "received", event."""
    events = [
        TraceEvent(
            seq,
            t_s,
            "page",
            "data_channel.message",
            {"label": "oai-events", "direction": direction, "text": json.dumps(event)},
        )
        for seq, (t_s, direction, event) in enumerate(messages)
    ]
    return Trace({"name": "made", "engine": "simulated", **header}, events)
