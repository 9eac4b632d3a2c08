"""Named networks: each can be, and courses come to an end."""

from __future__ import annotations

from itertools import pairwise

from harness.network.impairment.conditions import NetworkConditions
from harness.network.impairment.profiles import PROFILES

COURSES = {"elevator", "handover"}


def test_all_that_were_promised_are_there() -> None:
    steady = {"transparent", "good-wifi", "congested-wifi", "3g", "satellite"}
    assert set(PROFILES) == steady | COURSES
    assert {name for name, profile in PROFILES.items() if len(profile.stages) > 1} == COURSES


def test_a_transparent_network_changes_nothing() -> None:
    assert PROFILES["transparent"].stages[0].conditions == NetworkConditions()


def test_courses_begin_at_once_have_a_blackout_and_end_without_one() -> None:
    for name in COURSES:
        stages = PROFILES[name].stages
        assert stages[0].at_s == 0
        assert all(one.at_s < next_.at_s for one, next_ in pairwise(stages))
        assert any(stage.conditions.up.blackout for stage in stages)
        assert not stages[-1].conditions.up.blackout
        assert all(stage.name for stage in stages)
