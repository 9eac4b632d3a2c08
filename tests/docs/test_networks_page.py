"""The page on networks: its examples can be, its profiles are those that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import harness
from harness.network.impairment.conditions import CONDITION_NAMES
from harness.network.impairment.profiles import PROFILES, Profile
from harness.scenario.model import Scenario
from harness.yaml12 import load

PAGE = (Path(harness.__file__).parent / "docs" / "networks.md").read_text(encoding="utf-8")


def rows(profile: Profile) -> list[str]:
    """The lines of a profile in the page's tables."""
    ways = [(s, s.conditions.up.in_words(), s.conditions.down.in_words()) for s in profile.stages]
    if len(ways) == 1:
        return [f"| `{profile.name}` | {up} | {down} |" for _, up, down in ways]
    return [
        f"| {f'`{profile.name}` ' if not number else ''}| {stage.at_s:g} s | {stage.name} "
        f"| {up} | {down} |"
        for number, (stage, up, down) in enumerate(ways)
    ]


def test_every_profile_is_there_with_its_values() -> None:
    for profile in PROFILES.values():
        assert "\n".join(rows(profile)) in PAGE, profile.name


def test_every_condition_is_there() -> None:
    for name in CONDITION_NAMES:
        assert re.search(rf"`{name}: ", PAGE), name


def test_the_examples_can_be() -> None:
    blocks: list[Any] = [load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
    assert len(blocks) == 3
    for block in blocks:
        Scenario.model_validate({"name": "example", "steps": ["hang_up"], **block})
