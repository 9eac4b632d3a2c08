"""Delays grow to a limit, vary by chance, and end."""

from __future__ import annotations

import itertools

import pytest

from harness.client.reconnect import NEVER, Backoff, ReconnectPolicy, is_worth_retrying
from harness.errors import (
    HarnessError,
    KeyMissing,
    NegotiationFailed,
    PeerLost,
    ProtocolError,
    ServerRefused,
    ServerUnreachable,
)


def delays(policy: ReconnectPolicy, seed: int | None = 1) -> list[float]:
    backoff = Backoff(policy, seed)
    return list(itertools.takewhile(lambda d: d is not None, iter(backoff.next_delay_s, None)))


def test_delays_double_up_to_the_longest_and_end() -> None:
    policy = ReconnectPolicy(most_attempts=5, first_delay_s=1, longest_delay_s=6, jitter=0)
    assert delays(policy) == [1, 2, 4, 6, 6]


def test_chance_stays_within_its_share_and_a_seed_repeats_it() -> None:
    policy = ReconnectPolicy(most_attempts=200, first_delay_s=1, factor=1, jitter=0.25)
    got = delays(policy)
    assert all(0.75 <= delay <= 1.25 for delay in got)
    assert max(got) - min(got) > 0.4
    assert got == delays(policy)
    assert got != delays(policy, seed=2)


def test_thousands_of_attempts_overflow_nothing() -> None:
    assert len(delays(ReconnectPolicy(most_attempts=5000))) == 5000


def test_never_is_never() -> None:
    assert delays(NEVER) == []


@pytest.mark.parametrize(
    "wrong",
    [{"most_attempts": -1}, {"first_delay_s": -1}, {"factor": 0.5}, {"jitter": 1.0}],
)
def test_nonsense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="or more"):
        ReconnectPolicy(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ServerUnreachable("x"), True),
        (ServerRefused("x", status=503), True),
        (ServerRefused("x", status=429), True),
        (ServerRefused("x", status=401), False),
        (ServerRefused("x", status=400), False),
        (NegotiationFailed("x"), True),
        (PeerLost("x"), True),
        (KeyMissing("x"), False),
        (ProtocolError("x"), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error: HarnessError, expected: bool) -> None:
    assert is_worth_retrying(error) is expected
