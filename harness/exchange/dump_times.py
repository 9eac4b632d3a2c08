"""Times of dumps of chrome://webrtc-internals: milliseconds, ISO 8601, or words. Pure.

Before Chromium 140 or so, an update of a connection has its time as the browser's own language
writes it, by the clock on that machine's wall, while statistics have theirs in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.exchange.dump_event import MOST_MS

ZONE_STEP_MS = 15 * 60 * 1000.0
"""Zones differ by a multiple of it."""

MOST_CHARACTERS = 100
"""Of a time in words."""

_MONTH_FIRST = re.compile(r"\d+/\d+/\d+, .*[AP]M$", re.DOTALL)
"""11/29/2026, 1:05:19 PM. Who writes “pm”, or 24 hours, begins with the day."""

_AFTERNOON = re.compile(r"\bp\.?\s?m\b|오후|下午|午後|μ\.μ\.|م$", re.IGNORECASE)
_MORNING = re.compile(r"\ba\.?\s?m\b|오전|上午|午前|π\.μ\.|ص$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """A time as a dump tells it."""

    ms: float
    """Milliseconds since 1970."""

    is_local: bool
    """Whether it is by a clock on a wall, and nobody says in which zone; `ms` takes it for UTC."""


def told_time(one: Mapping[str, Any]) -> Told | None:
    """When something was; None where it does not say, or in a way that is not known."""
    for key in ("timestamp", "time"):
        if (found := told_by(one.get(key))) is not None:
            return found
    return None


def told_by(value: Any) -> Told | None:
    """The time that a number or a text tells; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        ms = float(value)
    except OverflowError:  # whole numbers may have any number of digits
        return None
    except ValueError:
        return _of_words(str(value).strip())
    return Told(ms, False) if abs(ms) < MOST_MS else None


def zone_ms(first_told_ms: float, first_known_ms: float) -> float:
    """How far a clock on a wall is ahead of UTC.

    Args:
        first_told_ms: by that clock.
        first_known_ms: the same moment in UTC, up to some minutes.
    """
    return round((first_told_ms - first_known_ms) / ZONE_STEP_MS) * ZONE_STEP_MS


def _of_words(text: str) -> Told | None:
    if len(text) > MOST_CHARACTERS:
        return None
    when = _of_iso(text) or _of_numbers(text)
    if when is None:
        return None
    zoned = when if when.tzinfo else when.replace(tzinfo=UTC)
    return Told(zoned.timestamp() * 1000, when.tzinfo is None)


def _of_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _of_numbers(text: str) -> datetime | None:
    """A date and a time of day by their six numbers, in the order of any language."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if len(numbers) != 6:
        return None
    if numbers[-1] > 59:  # the time of day comes first
        numbers = numbers[3:] + numbers[:3]
    first, second, third, hour, minute, second_s = numbers
    if first <= 31 and third <= 31:
        return None
    if first > 31:
        year, month, day = first, second, third
    elif _MONTH_FIRST.match(text) or second > 12:
        month, day, year = first, second, third
    else:
        day, month, year = first, second, third
    if _AFTERNOON.search(text) or _MORNING.search(text):
        hour = hour % 12 + (12 if _AFTERNOON.search(text) else 0)
    try:
        return datetime(year, month, day, hour, minute, second_s)
    except (ValueError, OverflowError):
        return None
