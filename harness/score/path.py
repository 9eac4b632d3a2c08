"""The path's part of a wait, and what remains for the page and the assistant. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.score.stages import STAGES, Wait
from harness.score.uncertainty import combined
from harness.trace import TraceEvent

BUFFER = STAGES["first_received"]


@dataclass(frozen=True, slots=True)
class PathShare:
    """How much of one wait was the path's."""

    path_s: float
    uncertainty_s: float | None


def measured_path(events: Sequence[TraceEvent]) -> dict[str, Any] | None:
    """What the run measured of the path ("path.measured"); None: it did not."""
    found = [event.data for event in events if event.type == "path.measured"]
    return dict(found[-1]) if found else None


def path_share(wait: Wait | None, events: Sequence[TraceEvent]) -> PathShare | None:
    """The path's share of a wait, as measured before the call.

    Formula: the measured path, with the page's jitter buffer as it was in this turn in place of
    what it was then. Where the turn's is not known, the path as it was measured.

    Returns:
        None without a wait, or where the run measured no path.
    """
    path = measured_path(events)
    if wait is None or path is None:
        return None
    path_s, doubt_s = float(path["path_s"]), float(path["uncertainty_s"])
    for stage in wait.stages:
        if stage.name == BUFFER:
            path_s += stage.duration_s - float(path["buffer_s"])
            return PathShare(path_s, combined(doubt_s, stage.uncertainty_s))
    return PathShare(path_s, doubt_s)


def path_in_words(events: Sequence[TraceEvent]) -> str | None:
    """For people: what the path costs and how that was found; None: it was not measured."""
    path = measured_path(events)
    if path is None:
        return None
    return (
        f"The path itself (capture, codec, jitter buffers, playout) cost {_ms(path['path_s'])} "
        f"± {_ms(path['uncertainty_s'])} on this machine, between a page of the harness's own and "
        f"a peer here ({path['backend']}), measured {path['count']} times at "
        f"{path['measured_at']}; {_ms(path['buffer_s'])} of it was the page's jitter buffer, which "
        "each turn's own replaces. What a network costs beyond this machine is not in it."
    )


def _ms(value_s: float) -> str:
    return f"{float(value_s) * 1000:.0f} ms"
