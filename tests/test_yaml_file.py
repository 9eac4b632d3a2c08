"""Files as they are read: their places, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.yaml_file import read_yaml, similar_file

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
    location: tuple[str | int, ...], line: int, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(FILE, encoding="utf-8")
    file = read_yaml(tmp_path / "a.yaml")
    assert file.place(location) == f"{tmp_path / 'a.yaml'}:{line}"
    assert file.data["name"] == "a"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a.yaml:1: this is not a list of guests"),
        ("- a\n", "a mapping with names"),
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3: “a” is given a second time"),
        ("a: [", "not YAML"),
        ("a: 1\nb: 'c\nd: 2\ne: 3\n", "a.yaml:2:4: this is not YAML"),
        ("a: 1\nb: 'c\nd: 2\n", "to do:    close the quote that opens there"),
        ("a:\n\t- b\n", "to do:    put spaces in place of the tab"),
        ('a: "x\\y"\nb: 1\n', "a.yaml:1:7: this is not YAML"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_kind(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_yaml(tmp_path / "a.yaml", "list of guests", "names")
    assert said in str(caught.value)


def test_the_nearest_file_is_offered(tmp_path: Path) -> None:
    (tmp_path / "guests.csv").touch()
    assert similar_file(tmp_path / "gusts.csv") == f"did you mean {tmp_path / 'guests.csv'}?"
    assert similar_file(tmp_path / "nowhere" / "gusts.csv") is None


def test_only_a_scenario_is_looked_for_among_the_shipped_ones(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="fixtures/scenarios"):
        read_yaml(tmp_path / "x.yaml")
    with pytest.raises(ScenarioError) as caught:
        read_yaml(tmp_path / "x.yaml", "baseline", "scenarios")
    assert caught.value.hint == "check the path"
