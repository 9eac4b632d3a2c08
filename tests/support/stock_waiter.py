"""The conversation that every stock client has: what the assistant says to it."""

from __future__ import annotations

from typing import Any

INSTRUCTIONS = "You are a waiter."
BOOKED = "The weather on the hill is nice today."
"""Said about the tool's result; words that recognition knows well."""
QUIET = "All right, I will be quiet now."
COUNTING = " ".join(["One two three four five six seven eight nine ten."] * 30)
"""So long that nobody hears its end."""

SCRIPT: dict[str, Any] = {
    "rules": [
        {"when": {"words": ["table"]}, "call": {"name": "book_table", "arguments": {"persons": 2}}},
        {"when": {"tool": "book_table"}, "say": BOOKED},
        {"when": {"words": ["think"]}, "say": BOOKED, "delay_ms": 600_000},
        {"when": {"words": ["count"]}, "say": COUNTING},
        {"say": QUIET},
    ]
}
"""A spoken wish that needs a tool; an answer that never begins, one that never ends, a last one."""
