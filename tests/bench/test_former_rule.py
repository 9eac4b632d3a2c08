"""The rule that was replaced, with what it took for heard."""

from __future__ import annotations

import pytest

from harness.bench.former_rule import former_rule_holds


@pytest.mark.parametrize(
    ("wanted", "heard", "claimed"),
    [
        ("fifty", "A table for fifteen is booked.", "A table for fifty is booked."),
        ("can't", "We can seat you tonight.", "We can't seat you tonight."),
        ("Thursday", "You are booked for Tuesday.", "You are booked for Thursday."),
    ],
)
def test_it_took_a_claim_that_sounds_like_it_for_heard(
    wanted: str, heard: str, claimed: str
) -> None:
    assert former_rule_holds([wanted], heard, claimed)
    assert not former_rule_holds([wanted], heard, "")


def test_it_took_no_other_sentence_for_heard() -> None:
    assert not former_rule_holds(["pizza"], "The train leaves at nine.", "I would like a pizza.")
    assert not former_rule_holds(["pizza"], "", "I would like a pizza.")
    assert former_rule_holds(["pizza"], "I would like a pizza.", "")
