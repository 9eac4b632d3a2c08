"""Conditions of a network: what happens to packets on their way, in one direction and in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

HEADER_BYTES = 28
"""Of an IPv4 and a UDP header: a rate counts them, too."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What happens to packets in one direction; the defaults change nothing."""

    loss: float = 0.0
    """Share of packets that are lost, 0 to 1."""

    burst: float | None = None
    """Losses come in bursts: mean length of a bad stretch, packets. None: each by itself."""

    burst_loss: float = 1.0
    """Share of packets that are lost in a bad stretch, above 0, at most 1."""

    delay_ms: float = 0.0
    """How long each packet takes, ms."""

    jitter_ms: float = 0.0
    """Each takes up to so much more or less, evenly distributed, ms; never less than nothing."""

    reorder: bool = False
    """Packets may overtake each other by the jitter; else they keep their order."""

    duplicate: float = 0.0
    """Share of packets that come twice, 0 to 1."""

    rate_kbps: float | None = None
    """How many kbit pass in a second, headers included; None: any number."""

    queue_bytes: int = 64_000
    """How much waits for the rate; what finds no room is dropped (drop tail)."""

    blackout: bool = False
    """Nothing passes."""

    def __post_init__(self) -> None:
        for name, holds, wanted in self._rules():
            if not holds:
                raise ValueError(f"{name} must be {wanted}; found {getattr(self, name)!r}")

    def _rules(self) -> list[tuple[str, bool, str]]:
        return [
            ("loss", 0 <= self.loss <= 1, "0 to 100 %"),
            ("duplicate", 0 <= self.duplicate <= 1, "0 to 100 %"),
            ("burst_loss", 0 < self.burst_loss <= 1, "above 0 and at most 100 %"),
            ("delay_ms", 0 <= self.delay_ms <= 60_000, "0 to 60000"),
            ("jitter_ms", 0 <= self.jitter_ms <= 60_000, "0 to 60000"),
            ("burst", self.burst is None or self.burst >= 1, "at least 1 packet"),
            ("rate_kbps", self.rate_kbps is None or self.rate_kbps > 0, "above 0"),
            ("queue_bytes", self.queue_bytes >= 1_500, "at least 1500: one packet"),
            ("loss", self.burst is None or self._bursts_can_be(), self._most_in_bursts()),
        ]

    def _bursts_can_be(self) -> bool:
        share = self.loss / self.burst_loss
        return share < 1 and share / (1 - share) <= (self.burst or 1)

    def _most_in_bursts(self) -> str:
        burst = self.burst or 1
        most = self.burst_loss * burst / (1 + burst)
        return f"at most {most:.0%} where bursts are {burst:g} packets long"

    def to_data(self) -> dict[str, Any]:
        """As plain data; what has its default value is left out."""
        given = {one.name: (getattr(self, one.name), one.default) for one in fields(self)}
        return {name: value for name, (value, default) in given.items() if value != default}

    def in_words(self) -> str:
        """As a table has it, such as "5 % loss, 80 ± 20 ms"."""
        if self.blackout:
            return "blackout"
        parts = [self._loss_in_words(), self._delay_in_words()]
        if self.duplicate:
            parts.append(f"{self.duplicate * 100:g} % twice")
        if self.rate_kbps is not None:
            parts.append(f"{self.rate_kbps:g} kbit/s")
        return ", ".join(part for part in parts if part) or "nothing changed"

    def _loss_in_words(self) -> str:
        if not self.loss:
            return ""
        how = "" if self.burst is None else f" in bursts of {self.burst:g}"
        return f"{self.loss * 100:g} % loss{how}"

    def _delay_in_words(self) -> str:
        if not self.delay_ms and not self.jitter_ms:
            return ""
        spread = f" ± {self.jitter_ms:g}" if self.jitter_ms else ""
        return f"{self.delay_ms:g}{spread} ms{', reordered' if self.reorder else ''}"


CONDITION_NAMES = tuple(one.name for one in fields(Conditions))


@dataclass(frozen=True, slots=True)
class NetworkConditions:
    """Both directions, as the calling end sees them."""

    up: Conditions = Conditions()
    """From the page to the remote peer."""

    down: Conditions = Conditions()
    """From the remote peer to the page."""

    def with_changes(
        self, both: Mapping[str, Any], up: Mapping[str, Any], down: Mapping[str, Any]
    ) -> NetworkConditions:
        """With some conditions changed, in both directions and then in each.

        Raises:
            ValueError: one of them cannot be.
        """
        return NetworkConditions(
            replace(self.up, **{**both, **up}), replace(self.down, **{**both, **down})
        )

    def to_data(self) -> dict[str, dict[str, Any]]:
        """As plain data: ``up`` and ``down``."""
        return {"up": self.up.to_data(), "down": self.down.to_data()}


def read_conditions(data: Mapping[str, Mapping[str, Any]]) -> NetworkConditions:
    """What `NetworkConditions.to_data` gave."""
    return NetworkConditions(Conditions(**data["up"]), Conditions(**data["down"]))
