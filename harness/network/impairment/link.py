"""A link: one direction of a network, which says of each packet when it arrives."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from random import Random

from harness.network.impairment.conditions import HEADER_BYTES, Conditions
from harness.network.impairment.losses import BurstLosses, EvenLosses, Losses

BITS_PER_BYTE = 8


@dataclass(slots=True)
class Counts:
    """What became of the packets of one direction, since the beginning."""

    packets: int = 0
    """That came to the link."""

    bytes: int = 0
    """In them, without headers of IP and UDP."""

    lost: int = 0
    """By the asked loss."""

    overflowed: int = 0
    """The queue had no room for."""

    blacked_out: int = 0
    """That came in a blackout."""

    duplicated: int = 0
    """That went out twice."""

    overtaken: int = 0
    """That were to arrive after one that was sent later."""

    waited_s: float = 0.0
    """All delays of those that went out, together."""

    def to_data(self) -> dict[str, int | float]:
        """As plain data."""
        return {**asdict(self), "waited_s": round(self.waited_s, 4)}


class Link:
    """One direction. Time and lots are arguments: the same packets meet the same fate.

    Queue, then loss, then delay: a packet that is lost has taken its part of the rate before.

    Args:
        conditions: what it does from the beginning.
        lots: draws what is left to chance.
    """

    def __init__(self, conditions: Conditions, lots: Random) -> None:
        self.counts = Counts()
        self._lots = lots
        self._free_s = float("-inf")
        """When the last packet that waits has gone through the rate."""
        self._last_s = float("-inf")
        """When the last packet arrives."""
        self.conditions = conditions
        self._losses = self._make_losses()

    def change(self, conditions: Conditions) -> None:
        """What it does from here on; packets under way arrive as they would have."""
        before, self.conditions = self.conditions, conditions
        if _loss_of(before) != _loss_of(conditions):
            self._losses = self._make_losses()

    def pass_on(self, now_s: float, size_bytes: int, *, is_media: bool = True) -> tuple[float, ...]:
        """Take a packet.

        Args:
            now_s: when it came; never before the one that came last.
            size_bytes: its content, without headers.
            is_media: it carries sound or pictures, and nothing else.

        Returns:
            When it arrives, on the same clock: once, twice, or never; none is before ``now_s``.
        """
        counts, conditions = self.counts, self.conditions
        counts.packets += 1
        counts.bytes += size_bytes
        if conditions.blackout:
            counts.blacked_out += 1
            return ()
        sent_s = self._through_rate(now_s, size_bytes + HEADER_BYTES)
        if sent_s is None:
            counts.overflowed += 1
            return ()
        if self._losses is not None and self._losses.next(is_media=is_media):
            counts.lost += 1
            return ()
        arrives_s = self._arrival(sent_s)
        counts.waited_s += arrives_s - now_s
        if conditions.duplicate and self._lots.random() < conditions.duplicate:
            counts.duplicated += 1
            return (arrives_s, arrives_s)
        return (arrives_s,)

    def _through_rate(self, now_s: float, size_bytes: int) -> float | None:
        """When its last bit has left; None where the queue is full."""
        rate_kbps = self.conditions.rate_kbps
        if rate_kbps is None:
            return now_s
        bytes_per_s = rate_kbps * 1000 / BITS_PER_BYTE
        begins_s = max(now_s, self._free_s)
        waiting_bytes = (begins_s - now_s) * bytes_per_s
        if waiting_bytes + size_bytes > self.conditions.queue_bytes:
            return None
        self._free_s = begins_s + size_bytes / bytes_per_s
        return self._free_s

    def _arrival(self, sent_s: float) -> float:
        conditions = self.conditions
        delay_ms = conditions.delay_ms
        if conditions.jitter_ms:
            delay_ms += self._lots.uniform(-conditions.jitter_ms, conditions.jitter_ms)
        arrives_s = sent_s + max(0.0, delay_ms) / 1000
        if arrives_s < self._last_s:
            if conditions.reorder:
                self.counts.overtaken += 1
                return arrives_s
            arrives_s = self._last_s
        self._last_s = arrives_s
        return arrives_s

    def _make_losses(self) -> Losses | None:
        conditions = self.conditions
        if conditions.loss == 0:
            return None
        if conditions.burst is None:
            return EvenLosses(conditions.loss, self._lots)
        return BurstLosses(conditions.loss, conditions.burst, conditions.burst_loss, self._lots)


def _loss_of(conditions: Conditions) -> tuple[float, float | None, float]:
    return conditions.loss, conditions.burst, conditions.burst_loss


def make_links(up: Conditions, down: Conditions, seed: int) -> tuple[Link, Link]:
    """Both directions of a network, each with lots of its own."""
    return Link(up, Random(f"up {seed}")), Link(down, Random(f"down {seed}"))
