"""Named networks: conditions that stay, and courses of conditions that change with time.

The values are of everyday networks, rounded; none is a measurement of one certain place.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.network.impairment.conditions import Conditions, NetworkConditions


@dataclass(frozen=True, slots=True)
class Stage:
    """Conditions that begin at a moment and last until the next stage."""

    at_s: float
    """Since the profile began, seconds."""

    conditions: NetworkConditions
    name: str = ""
    """What a user would say of it, such as "the door has closed"; "" where there is one alone."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A network by name."""

    name: str
    text: str
    """What it is like, in words."""

    stages: tuple[Stage, ...]
    """In their order; the first begins at 0, the last does not end."""


def _steady(name: str, text: str, up: Conditions, down: Conditions) -> Profile:
    return Profile(name, text, (Stage(0.0, NetworkConditions(up, down)),))


def _alike(conditions: Conditions) -> NetworkConditions:
    return NetworkConditions(conditions, conditions)


_GOOD = NetworkConditions(
    Conditions(delay_ms=5, jitter_ms=3, loss=0.001, rate_kbps=20_000),
    Conditions(delay_ms=5, jitter_ms=3, loss=0.001, rate_kbps=40_000),
)
_MOBILE = NetworkConditions(
    Conditions(delay_ms=35, jitter_ms=10, loss=0.003, rate_kbps=8_000),
    Conditions(delay_ms=35, jitter_ms=10, loss=0.003, rate_kbps=25_000),
)
_FADING = _alike(Conditions(delay_ms=80, jitter_ms=50, loss=0.1, burst=4, rate_kbps=1_000))
_DEAD = _alike(Conditions(blackout=True))

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        _steady("transparent", "nothing happens to any packet", Conditions(), Conditions()),
        _steady("good-wifi", "an empty Wi-Fi near its access point", _GOOD.up, _GOOD.down),
        _steady(
            "congested-wifi",
            "a Wi-Fi that many share: losses in bursts, a long queue",
            Conditions(
                delay_ms=25, jitter_ms=25, loss=0.03, burst=3, rate_kbps=1_000, queue_bytes=48_000
            ),
            Conditions(
                delay_ms=25, jitter_ms=25, loss=0.03, burst=3, rate_kbps=3_000, queue_bytes=96_000
            ),
        ),
        _steady(
            "3g",
            "a mobile network of the third generation",
            Conditions(delay_ms=100, jitter_ms=30, loss=0.01, rate_kbps=330, queue_bytes=32_000),
            Conditions(delay_ms=100, jitter_ms=30, loss=0.01, rate_kbps=780, queue_bytes=64_000),
        ),
        _steady(
            "satellite",
            "a satellite in a fixed place: far away, and even",
            Conditions(delay_ms=280, jitter_ms=8, loss=0.005, rate_kbps=2_000),
            Conditions(delay_ms=280, jitter_ms=8, loss=0.005, rate_kbps=10_000),
        ),
        Profile(
            "elevator",
            "from a good Wi-Fi into an elevator and out again",
            (
                Stage(0.0, _GOOD, "before the elevator"),
                Stage(3.0, _FADING, "the door closes"),
                Stage(5.0, _DEAD, "the door has closed"),
                Stage(9.0, _FADING, "the door opens"),
                Stage(10.5, _GOOD, "behind the elevator"),
            ),
        ),
        Profile(
            "handover",
            "out of the house: from a fading Wi-Fi to a mobile network",
            (
                Stage(0.0, _GOOD, "near the access point"),
                Stage(3.0, _FADING, "the Wi-Fi fades"),
                Stage(6.0, _DEAD, "between the networks"),
                Stage(7.2, _MOBILE, "on the mobile network"),
            ),
        ),
    )
}
