"""Mistakes have their place; test_load.py has what is said of each kind of them."""

from __future__ import annotations

import pytest

from harness import yaml12
from harness.errors import FixtureError, HarnessError, ScenarioError
from harness.scenario.mistakes import no_value, refuse_mistakes, without_branches
from harness.scenario.variables import NoValue

FILE = "name: a\nsteps:\n  - say: x\n  - expect:\n      words: [a]\n"


def test_people_write_no_names_of_branches() -> None:
    assert without_branches(("steps", 0, "say", "Speech", "text")) == ("steps", 0, "say", "text")


def test_a_reference_without_a_value_has_step_and_line() -> None:
    error = no_value(
        "a.yaml:5",
        yaml12.load(FILE),
        NoValue("the environment variable A is not set", expected="x", found="y", hint="z"),
        ("steps", 1, "expect", "words", 0),
        " (with t.csv:2)",
    )
    assert isinstance(error, ScenarioError)
    assert "a.yaml:5 (with t.csv:2): step 2 (expect): expect.words: the env" in str(error)


def test_of_several_mistakes_all_are_told_and_one_stays_what_it_is() -> None:
    first, second = ScenarioError("a.yaml:1: this."), FixtureError("b.yaml:2: that.")
    refuse_mistakes([], 3)
    with pytest.raises(FixtureError, match="that"):
        refuse_mistakes([second], 3)
    both: list[HarnessError] = [first, second, second]
    with pytest.raises(
        ScenarioError, match=r"2 of 9 (.|\n)*a\.yaml:1: this(.|\n)*b\.yaml:2"
    ) as all:
        refuse_mistakes(both, 9)
    assert "nothing was run" in all.value.message
