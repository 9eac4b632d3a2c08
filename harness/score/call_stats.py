"""Statistics of a call, typed, over the call or any window of it: for assertions. Pure.

    assert call.stats.inbound_audio.concealment < 0.01
    assert call.stats.between(answer.start_s, answer.end_s).round_trip_ms < 200

The rates are those of `harness.score.media_stats`, which says how each is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.score.media_stats import MediaStats, media_stats
from harness.trace import TraceEvent


@dataclass(frozen=True, slots=True)
class InboundAudio:
    """The audio that came; what getStats does not tell in the window is None."""

    concealment: float | None
    """Concealed samples / samples received: 0.01 is 1 %."""

    lost: float | None
    """Packets lost / (lost + received): 0.01 is 1 %."""

    jitter_ms: float | None
    """How unevenly packets came, milliseconds."""

    jitter_buffer_ms: float | None
    """How long a sample waited in the jitter buffer, mean, milliseconds."""


class CallStats:
    """getStats of a call over a window.

    Args:
        reports: the "stats" events of the call, in order of time.
        from_s: where the window begins, seconds on the timeline.
        to_s: where it ends.
    """

    def __init__(
        self,
        reports: Sequence[TraceEvent],
        from_s: float = float("-inf"),
        to_s: float = float("inf"),
    ) -> None:
        self._reports = reports
        self._window = (from_s, to_s)

    def between(self, from_s: float, to_s: float) -> CallStats:
        """The same over another window; its edges are no finer than a second."""
        return CallStats(self._reports, from_s, to_s)

    @property
    def rates(self) -> MediaStats:
        """All rates, in the units of ``results.json``."""
        return media_stats(self._reports, *self._window)

    @property
    def inbound_audio(self) -> InboundAudio:
        """The audio that came."""
        rates = self.rates
        return InboundAudio(
            rates.concealed_ratio, rates.lost_ratio, _ms(rates.jitter_s), _ms(rates.jitter_buffer_s)
        )

    @property
    def round_trip_ms(self) -> float | None:
        """Mean round trip of connectivity checks, milliseconds; None: not told."""
        return _ms(self.rates.round_trip_s)


def _ms(value_s: float | None) -> float | None:
    return None if value_s is None else value_s * 1000
