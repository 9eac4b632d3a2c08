"""What a user writes about the network, and what it means."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.network.impairment.conditions import Conditions, NetworkConditions
from harness.network.impairment.profiles import PROFILES
from harness.network.wish import NetworkChange, read_change, read_wish


def test_a_name_alone_is_a_profile() -> None:
    assert read_wish("3g").stages(NetworkConditions()) == PROFILES["3g"].stages
    assert read_wish(read_wish("3g")) == read_wish({"profile": "3g"})


def test_what_is_more_special_wins() -> None:
    wish = read_wish({"loss": "5%", "delay_ms": 80, "up": {"loss": "1%"}, "seed": 7})
    [stage] = wish.stages(NetworkConditions())
    assert stage.conditions.up == Conditions(loss=0.01, delay_ms=80)
    assert stage.conditions.down == Conditions(loss=0.05, delay_ms=80)
    assert wish.seed == 7


def test_a_change_leaves_what_it_does_not_name_and_a_profile_leaves_nothing() -> None:
    now = NetworkConditions(Conditions(loss=0.1, delay_ms=5), Conditions(delay_ms=9))
    [stage] = read_change({"blackout": True}).stages(now)
    assert stage.conditions.up == Conditions(loss=0.1, delay_ms=5, blackout=True)
    [stage] = read_change({"profile": "transparent", "loss": "2%"}).stages(now)
    assert stage.conditions.up == stage.conditions.down == Conditions(loss=0.02)


def test_a_course_keeps_its_times_under_what_is_given_beside_it() -> None:
    stages = read_change({"profile": "handover", "down": {"delay_ms": 500}}).stages(
        NetworkConditions()
    )
    assert [stage.at_s for stage in stages] == [one.at_s for one in PROFILES["handover"].stages]
    assert {stage.conditions.down.delay_ms for stage in stages} == {500}


@given(percent=st.integers(0, 100), space=st.sampled_from(["", " "]))
def test_shares_are_percents_or_numbers_below_one(percent: int, space: str) -> None:
    wish = read_change({"loss": f"{percent}{space}%"})
    assert wish.loss == pytest.approx(percent / 100)
    if percent < 100:
        assert read_change({"loss": percent / 100}).loss == pytest.approx(percent / 100)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("5g", "no network “5g”: transparent, good-wifi"),
        ({"loss": 5}, "loss: it is no share of packets: write it as 5%"),
        ({"loss": 1}, "write it as 5%"),
        ({"loss": "150%"}, "more than 100 %"),
        ({"loss": True}, "write it as 5%"),
        ({"delay": 5}, "delay: Extra inputs"),
        ({}, "changes nothing"),
        ({"up": {"loss": "80%", "burst": 2}}, "at most 67% where bursts are 2"),
    ],
)
def test_what_cannot_be_is_refused_with_what_could(given: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read_wish(given)


def test_a_change_that_does_not_fit_what_is_there_is_refused_when_it_comes() -> None:
    now = NetworkConditions(Conditions(burst=2), Conditions())
    with pytest.raises(UsageError, match="at most 67%"):
        read_change({"loss": "90%"}).stages(now)


def test_a_change_is_said_in_words() -> None:
    change = NetworkChange.model_validate(
        {"profile": "3g", "loss": "5%", "up": {"blackout": True}, "down": {"delay_ms": 20}}
    )
    assert change.in_words() == "3g, loss 5 %, up blackout, down delay 20 ms"
