"""Findings of media quality, from getStats."""

from __future__ import annotations

from typing import Any

import pytest

from harness.facts.connection import Stats
from tests.support.healthy_call import HEALTHY, PEER, At, found_in, names_in, ticking


def reports(until_s: int, pair: dict[str, Any] | None = None, **per_s: Any) -> list[At]:
    """Once a second, each total growing by so much a second."""
    healthy = {
        "totalSamplesReceived": 48_000,
        "totalSamplesDuration": 1.0,
        "concealedSamples": 0,
        "packetsReceived": 50,
        "packetsLost": 0,
        "jitterBufferDelay": 0.04 * 48_000,
        "jitterBufferEmittedCount": 48_000,
    }
    rates = {**healthy, **per_s}
    return [
        (
            float(second),
            Stats(
                PEER,
                [
                    {
                        "type": "inbound-rtp",
                        "kind": "audio",
                        "id": "in",
                        **{name: rate * second for name, rate in rates.items()},
                    },
                    *([{"type": "candidate-pair", "nominated": True, **pair}] if pair else []),
                ],
            ),
        )
        for second in range(1, until_s + 1)
    ]


@pytest.mark.parametrize(
    ("rates", "name"),
    [
        ({"concealedSamples": 9_600}, "much_concealed"),
        ({"packetsLost": 5}, "much_lost"),
        ({"jitterBufferDelay": 0.5 * 48_000}, "long_buffer"),
    ],
)
def test_a_rate_beyond_its_bound_is_told_once(rates: dict[str, Any], name: str) -> None:
    assert names_in(HEALTHY, reports(15, **rates)) == [name]


@pytest.mark.parametrize(
    "rates",
    [{"concealedSamples": 2_400}, {"packetsLost": 2}, {"jitterBufferDelay": 0.2 * 48_000}],
)
def test_within_its_bound_it_is_well(rates: dict[str, Any]) -> None:
    assert names_in(HEALTHY, reports(15, **rates)) == []


@pytest.mark.parametrize(
    ("concealed", "silent", "cause"),
    [
        (9_600, 0, "Of 5 s, 20% of the samples were made up."),
        (24_000, 24_000, "Of 5 s, for 2.5 s no packet came, and silence was played."),
        (
            24_000,
            14_400,
            "Of 5 s, for 1.5 s no packet came, and silence was played; 20% of the samples were "
            "made up.",
        ),
    ],
)
def test_silence_where_no_packet_came_is_told_apart(
    concealed: int, silent: int, cause: str
) -> None:
    rates: dict[str, Any] = {"concealedSamples": concealed, "silentConcealedSamples": silent}
    (found,) = found_in(HEALTHY, reports(8, **rates))
    assert (found.name, found.cause) == ("much_concealed", cause)


def test_a_long_way() -> None:
    (found,) = found_in(HEALTHY, reports(8, pair={"id": "p", "currentRoundTripTime": 0.6}))
    assert found.name == "long_round_trip"
    assert "600 ms" in found.cause


def test_a_bad_moment_at_the_start_of_a_call_is_no_rate() -> None:
    assert names_in(HEALTHY, reports(2, concealedSamples=40_000)) == []
    assert names_in(HEALTHY, ticking(20)) == []


@pytest.mark.parametrize(
    ("rates", "cause"),
    [
        ({"removedSamplesForAcceleration": 576}, "1.2% faster than it was played"),
        ({"insertedSamplesForDeceleration": 480}, "1.0% more slowly than it was played"),
    ],
)
def test_audio_of_another_rate_is_told_once(rates: dict[str, Any], cause: str) -> None:
    steady: dict[str, Any] = dict.fromkeys(
        ("removedSamplesForAcceleration", "insertedSamplesForDeceleration"), 0
    )
    assert names_in(HEALTHY, reports(80, **steady)) == []
    assert names_in(HEALTHY, reports(30, **{**steady, **rates})) == []
    (found,) = found_in(HEALTHY, reports(80, **{**steady, **rates}))
    assert found.name == "audio_drift"
    assert cause in found.cause
    assert [one.t_s for one in found.evidence] == [1.0, 31.0]
