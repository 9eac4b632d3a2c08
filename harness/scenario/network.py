"""The network that a scenario asks for, and the engine that cannot have one."""

from __future__ import annotations

from collections.abc import Iterable

from harness.errors import UsageError
from harness.network.wish import TRANSPARENT, NetworkWish, read_wish, with_pcap
from harness.scenario.model import Scenario


def network_of(
    scenario: Scenario, profile: str | None = None, *, pcap: bool = False
) -> NetworkWish | None:
    """What a scenario's packets meet from the beginning; None: nothing stands between.

    Args:
        profile: of the command line; it replaces the scenario's own.
        pcap: whether the packets are kept, whatever the scenario says.

    Raises:
        UsageError: there is no such profile.
    """
    wish = scenario.network
    if profile is not None:
        wish = read_wish(profile)
    elif wish is None and any(step.network is not None for step in scenario.steps):
        wish = read_wish(TRANSPARENT)  # nothing until one of them
    return with_pcap(wish) if pcap else wish


def check_profile(profile: str, engine: str) -> None:
    """See that an engine can have the network of the command line.

    Raises:
        UsageError: there is no such profile, or the calls are in memory.
    """
    read_wish(profile)  # says which there are
    if engine == "simulated":
        raise UsageError(
            "The simulated engine cannot have --network.",
            expected="--network with --engine browser or --engine native",
            found=f"--network {profile}, and calls in memory, which send no packets",
        )


def refuse_network_in_memory(scenarios: Iterable[Scenario]) -> None:
    """See that calls in memory need no network.

    Raises:
        UsageError: one of them asks for one.
    """
    for scenario in scenarios:
        if network_of(scenario) is not None:
            raise UsageError(
                f"The simulated engine cannot have the network of “{scenario.name}”.",
                expected="a scenario without `network`",
                found="a network, and a call in memory, which sends no packets",
                hint="run it with --engine browser or --engine native",
            )
