"""Delays between attempts to connect: they grow, with a little chance in them, up to a last one.

Pure: no clock and no sleep; the seed of the chance is an argument.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from harness.errors import (
    HarnessError,
    NegotiationFailed,
    PeerError,
    ServerRefused,
    ServerUnreachable,
)


@dataclass(frozen=True, slots=True)
class ReconnectPolicy:
    """How a lost connection is replaced."""

    most_attempts: int = 8
    """0: never."""
    first_delay_s: float = 0.5
    factor: float = 2.0
    longest_delay_s: float = 20.0
    jitter: float = 0.25
    """Share of a delay that chance adds or takes, so that many clients do not come back at once."""
    disconnected_grace_s: float = 3.0
    """How long a connection may be “disconnected” before it counts as lost; it often recovers."""

    def __post_init__(self) -> None:
        if self.most_attempts < 0 or self.first_delay_s < 0 or self.longest_delay_s < 0:
            raise ValueError("attempts and delays are 0 or more")
        if self.factor < 1 or not 0 <= self.jitter < 1 or self.disconnected_grace_s < 0:
            raise ValueError("factor is 1 or more, jitter 0 to below 1, the grace 0 or more")


NEVER = ReconnectPolicy(most_attempts=0)
"""Leave a lost connection lost."""


class Backoff:
    """The delays of one reconnection, in order."""

    def __init__(self, policy: ReconnectPolicy, seed: int | None = None) -> None:
        self.attempts = 0
        """How many delays were handed out."""
        self._policy = policy
        self._chance = random.Random(seed)

    def next_delay_s(self) -> float | None:
        """Seconds to wait before the next attempt; None: give up."""
        policy = self._policy
        if self.attempts >= policy.most_attempts:
            return None
        # The exponent is bounded: a float overflows after a thousand attempts.
        delay_s = policy.first_delay_s * policy.factor ** min(self.attempts, 64)
        delay_s = min(delay_s, policy.longest_delay_s)
        self.attempts += 1
        return delay_s * (1 + policy.jitter * self._chance.uniform(-1, 1))


def is_worth_retrying(error: HarnessError) -> bool:
    """Whether the same attempt may succeed later.

    The network, a busy server and a failed negotiation may; a refused key or refused settings
    will be refused again.
    """
    if isinstance(error, ServerRefused):
        return error.status is None or error.status == 429 or error.status >= 500
    return isinstance(error, ServerUnreachable | NegotiationFailed | PeerError)
