"""Mistakes have their place; test_load.py has what is said of each kind of them."""

from pathlib import Path

import pytest

from harness import yaml12
from harness.errors import ScenarioError
from harness.scenario.mistakes import line_of, no_value, without_branches
from harness.scenario.variables import NoValue

FILE = "name: a\nsteps:\n  - say: x\n  - expect:\n      words: [a]\n"


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (("name",), 1),
        (("steps", 1, "expect", "words"), 5),
        (("steps", 1, "expect", "not_there"), 4),
        (("steps", 7), 2),
        ((), 1),
    ],
)
def test_a_place_that_is_not_there_has_the_line_around_it(
    location: tuple[str | int, ...], line: int
) -> None:
    node = yaml12.compose(FILE)
    assert node is not None
    assert line_of(node, location) == line


def test_people_write_no_names_of_branches() -> None:
    assert without_branches(("steps", 0, "say", "Speech", "text")) == ("steps", 0, "say", "text")


def test_a_reference_without_a_value_has_step_and_line(tmp_path: Path) -> None:
    node = yaml12.compose(FILE)
    assert node is not None
    error = no_value(
        tmp_path / "a.yaml",
        node,
        yaml12.load(FILE),
        NoValue("the environment variable A is not set", expected="x", found="y", hint="z"),
        ("steps", 1, "expect", "words", 0),
    )
    assert isinstance(error, ScenarioError)
    assert "a.yaml:5: step 2 (expect): expect.words: the environment variable A" in str(error)
