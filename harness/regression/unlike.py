"""Differences between two sides that make a comparison say nothing: they are told, not compared."""

from __future__ import annotations

from collections.abc import Iterator

from harness.errors import UsageError
from harness.regression.facts import Calls
from harness.regression.pairing import PairedScenario, Pairs

MOST_TOLD = 8


def unlike(base: Calls, new: Calls, pairs: Pairs) -> list[str]:
    """What differs between the two that should be the same, in words."""
    told: list[str] = []
    for name, one, other in (
        ("machine", base.machine, new.machine),
        ("model", base.model, new.model),
    ):
        if one and other and one != other:
            told.append(f"{name}: {one} → {other}")
    for scenario in pairs.both:
        told += [f"{scenario.name}: {text}" for text in _of_scenario(scenario)]
    return told


def refuse_unlike(told: list[str]) -> None:
    """End here where something differs.

    Raises:
        UsageError: it does; the message says all of it.
    """
    if not told:
        return
    more = f"; and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    raise UsageError(
        "These runs are not alike.",
        expected="the same engine, protocol, scenarios, machine class and model",
        found="; ".join(told[:MOST_TOLD]) + more,
        hint="compare runs of one kind, or say --allow-unlike",
    )


def _of_scenario(scenario: PairedScenario) -> Iterator[str]:
    base, new = scenario.base, scenario.new
    is_recording = base.is_recording or new.is_recording
    if base.engine != new.engine and not is_recording:
        yield f"engine {base.engine} → {new.engine}"
    if base.protocol and new.protocol and base.protocol != new.protocol:
        yield f"protocol {base.protocol} → {new.protocol}"
    # A run that broke off said and expected less: what both have is compared.
    for one, other in zip(base.said, new.said, strict=False):
        if one != other:
            yield f"scenario text, the user says “{one}” → “{other}”"
            return
    gone = next((text for text in base.expects if text not in new.expects), None)
    # A run that did not pass may have ended before it expected all; a recording expects nothing.
    ran_to_its_end = new.runs[0].verdict == "passed" and not is_recording
    if gone and (ran_to_its_end or set(new.expects) - set(base.expects)):
        yield f"scenario text, “{gone}” is not expected any more"
