"""The jitter buffer's delay at a moment of a call, from the statistics in its trace. Pure.

A receiver counts how long all samples together have waited between their packet's arrival and
their being handed on (``jitterBufferDelay``, seconds), and how many there were
(``jitterBufferEmittedCount``). Two reports give the mean of the samples in between.

Source: W3C webrtc-stats, RTCInboundRtpStreamStats.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from harness.score.metrics import inbound_audio
from harness.trace import TraceEvent

HALF_PACKET_S = 0.010
"""Samples wait for as long as their place in a packet of 20 ms says: the first of them shortest."""

LONGEST_GAP_S = 5.0
"""Reports further from each other than this say nothing of a moment between them."""


@dataclass(frozen=True, slots=True)
class BufferDelay:
    """How long samples waited in the jitter buffer around a moment."""

    mean_s: float

    uncertainty_s: float
    """How far the delay at that very moment may be off, in 95 of 100 cases."""


@dataclass(frozen=True, slots=True)
class _Window:
    start_s: float
    end_s: float
    mean_s: float


def buffer_delay(events: Sequence[TraceEvent], at_s: float) -> BufferDelay | None:
    """The delay of a sample that left the jitter buffer then.

    Its uncertainty is how much the mean of its stream changed from the window before or to the one
    behind, and half a packet.

    Returns:
        None where no report tells, or those of several streams do: whose sample it was is not
        known.
    """
    found = [
        (windows, place)
        for windows in _windows_of_streams(events)
        for place, window in enumerate(windows)
        if window.start_s <= at_s < window.end_s
    ]
    if len(found) != 1:
        return None
    [(windows, place)] = found
    window, beside = windows[place], windows[max(0, place - 1) : place + 2]
    change_s = max(abs(each.mean_s - window.mean_s) for each in beside)
    return BufferDelay(window.mean_s, max(change_s, HALF_PACKET_S))


def _windows_of_streams(events: Sequence[TraceEvent]) -> list[list[_Window]]:
    """For each stream the stretches between two reports in which samples were handed on."""
    readings: dict[str, list[tuple[float, float, float]]] = {}
    for event in events:
        if event.type == "stats" and event.t_s is not None:
            for name, delay_s, count in _counts(event.data):
                readings.setdefault(name, []).append((event.t_s, delay_s, count))
    return [list(_between(each)) for each in readings.values()]


def _counts(data: Mapping[str, Any]) -> Iterable[tuple[str, float, float]]:
    for stat in inbound_audio(data):
        delay_s, count = stat.get("jitterBufferDelay"), stat.get("jitterBufferEmittedCount")
        if isinstance(delay_s, int | float) and isinstance(count, int | float):
            yield f"{data.get('connection')}/{stat.get('id')}", float(delay_s), float(count)


def _between(readings: Sequence[tuple[float, float, float]]) -> Iterable[_Window]:
    for (start_s, delay_s, count), (end_s, later_delay_s, later_count) in pairwise(readings):
        samples = later_count - count
        if samples > 0 and end_s - start_s <= LONGEST_GAP_S:
            yield _Window(start_s, end_s, (later_delay_s - delay_s) / samples)
