"""Runs that are not alike are refused, with all that differs."""

import pytest

from harness.errors import UsageError
from harness.regression.facts import Calls
from harness.regression.pairing import pair_scenarios
from harness.regression.unlike import refuse_unlike, unlike
from tests.support.make_calls import make_calls, make_run, make_side, make_turn

RUN = make_run(make_turn("A table for two."), make_turn("At seven."))


def told(base: Calls, new: Calls) -> list[str]:
    return unlike(base, new, pair_scenarios(base, new))


def test_everything_that_differs_is_told() -> None:
    base = make_calls(
        make_side(RUN, protocol="realtime", expects=("the answer says “two”",)),
        machine="Linux x86_64, 2 cores",
        model="one",
    )
    other = make_run(make_turn("A table for nine."), make_turn("At seven."))
    new = make_calls(
        make_side(other, engine="browser", protocol="live", expects=("the answer says “nine”",)),
        machine="Linux x86_64, 8 cores",
        model="two",
    )
    assert told(base, new) == [
        "machine: Linux x86_64, 2 cores → Linux x86_64, 8 cores",
        "model: one → two",
        "booking: engine simulated → browser",
        "booking: protocol realtime → live",
        "booking: scenario text, the user says “A table for two.” → “A table for nine.”",
    ]
    with pytest.raises(UsageError, match="--allow-unlike"):
        refuse_unlike(told(base, new))


def test_another_expectation_is_another_text() -> None:
    base = make_calls(make_side(RUN, expects=("the answer says “two”", "it is fast")))
    new = make_calls(make_side(RUN, expects=("the answer says “nine”", "it is fast")))
    assert told(base, new) == [
        "booking: scenario text, “the answer says “two”” is not expected any more"
    ]


def test_an_expectation_that_is_gone_is_another_text_and_a_new_one_is_none() -> None:
    less, more = (make_calls(make_side(RUN, expects=names)) for names in (("a",), ("a", "b")))
    assert told(more, less) == ["booking: scenario text, “b” is not expected any more"]
    assert told(less, more) == []
    recording = make_calls(make_side(RUN, engine="recording"))
    assert told(more, recording) == []


def test_a_run_that_broke_off_and_what_nobody_knows_are_alike() -> None:
    base = make_calls(make_side(RUN, expects=("a", "b")), machine="Linux x86_64, 2 cores")
    broken = make_run(RUN.turns[0], verdict="error")
    new = make_calls(make_side(broken, expects=("a",)), model="two")
    assert told(base, new) == []
    refuse_unlike([])
