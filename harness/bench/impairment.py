"""Bad networks: what is asked of the relay against what getStats of a page in Chromium says."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.browser.launch import Chromium, open_chromium
from harness.engines.browser.open import CallOptions, open_call
from harness.network.wish import Network
from harness.score import metrics
from harness.score.network_periods import NetworkPeriod, network_periods, selected_pair
from harness.server.process.launch import RunningServer, start_server
from harness.trace import TraceEvent, read_trace

LOSSES = (0.01, 0.05, 0.10, 0.20)
DELAYS_MS = (50, 150)
LOSS_HOLD_S = 16.0
"""The server reports what it lost every five seconds or so: two reports about this time alone."""
DELAY_HOLD_S = 7.0
"""Connectivity checks come every two and a half seconds."""
PLAIN_HOLD_S = 10.0


async def measure() -> dict[str, Any]:
    """The figures of `harness bench impairment`; takes about two minutes.

    Returns:
        loss (by percent asked, what getStats says: up, down; None where no report came) and
        loss_error_points_max, the largest difference, in points of percent; delay (by ms asked, the
        change of the round trip) and delay_error_ms_max, the largest difference of that from twice
        what was asked; relay_cpu_per_call, as a share of one core; none and transparent: a call
        without and with a relay that changes nothing (round_trip_ms, jitter_ms, lost_share,
        concealed_share, connect_s).
    """
    async with start_server() as server, open_chromium() as chromium:
        none = plain_figures(await _record(server, chromium, None))
        through = plain_figures(await _record(server, chromium, "transparent"))
        events = await _record(server, chromium, "transparent", _conditions())
    return {**figures(events), "none": none, "transparent": through}


def figures(events: Sequence[TraceEvent]) -> dict[str, Any]:
    """What a call says that had every condition in its turn; see `measure`."""
    [plain, *periods] = network_periods(events)
    lossy, late = periods[: len(LOSSES)], periods[len(LOSSES) :]
    loss = {f"{share * 100:g}": _losses(one) for share, one in zip(LOSSES, lossy, strict=True)}
    errors = [
        abs(seen - share) * 100
        for share, ways in zip(LOSSES, loss.values(), strict=True)
        for seen in ways.values()
        if seen is not None
    ]
    base_s = plain.stats_round_trip_s or 0.0
    delay = {
        f"{asked}": _ms(None if one.stats_round_trip_s is None else one.stats_round_trip_s - base_s)
        for asked, one in zip(DELAYS_MS, late, strict=True)
    }
    late_ms = [abs(grown - 2 * int(asked)) for asked, grown in delay.items() if grown is not None]
    return {
        "loss": loss,
        "loss_error_points_max": round(max(errors), 2) if errors else None,
        "delay": delay,
        "delay_error_ms_max": round(max(late_ms), 1) if len(late_ms) == len(delay) else None,
        "relay_cpu_per_call": cpu_share(events),
    }


def cpu_share(events: Sequence[TraceEvent]) -> float | None:
    """Processor time of the relay between its first counts and its last, over that time."""
    counted = [event for event in events if event.type == "network.counted"]
    if len(counted) < 2:
        return None
    first, last = counted[0], counted[-1]
    lasted_s = (last.t_s or 0.0) - (first.t_s or 0.0)
    return round((last.data["cpu_s"] - first.data["cpu_s"]) / lasted_s, 4) if lasted_s else None


def plain_figures(events: Sequence[TraceEvent]) -> dict[str, float | None]:
    """How a call went whose network was left as it is; see `measure`."""
    last = [event for event in events if event.type == "stats"][-1]
    objects: list[Mapping[str, Any]] = list(last.data["report"])
    pair = selected_pair(objects) or {}
    [heard] = metrics.inbound_audio(last.data)[:1] or [{}]
    lost, received = heard.get("packetsLost", 0), heard.get("packetsReceived", 0)
    return {
        "round_trip_ms": _ms(pair.get("currentRoundTripTime")),
        "jitter_ms": _ms(heard.get("jitter")),
        "lost_share": round(lost / (lost + received), 4) if received else None,
        "concealed_share": metrics.concealed_ratio(events),
        "connect_s": metrics.connect_data_channel_s(events),
    }


def _conditions() -> list[tuple[dict[str, Any], float]]:
    """What is asked for in one call, one after the other, and for how long."""
    lossy = [({"profile": "transparent", "loss": share}, LOSS_HOLD_S) for share in LOSSES]
    late = [({"profile": "transparent", "delay_ms": ms}, DELAY_HOLD_S) for ms in DELAYS_MS]
    return [*lossy, *late]


async def _record(
    server: RunningServer,
    chromium: Chromium,
    network: Network | None,
    changes: Sequence[tuple[dict[str, Any], float]] = (),
) -> list[TraceEvent]:
    """The trace of a call in which nobody speaks; sound goes both ways all the same."""
    with tempfile.TemporaryDirectory() as folder:
        options = CallOptions(network=network)
        async with open_call(server=server, chromium=chromium, out=folder, options=options) as call:
            await asyncio.sleep(PLAIN_HOLD_S)
            for change, hold_s in changes:
                await call.change_network(change)
                await asyncio.sleep(hold_s)
        return read_trace(Path(folder) / "trace.jsonl").events


def _losses(period: NetworkPeriod) -> dict[str, float | None]:
    ways = (("up", period.up.stats_loss), ("down", period.down.stats_loss))
    return {name: None if seen is None else round(seen, 4) for name, seen in ways}


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
