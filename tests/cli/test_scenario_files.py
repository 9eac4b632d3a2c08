"""What was typed becomes files; what is not there becomes advice."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.scenario_files import find_scenarios, shipped
from harness.errors import ScenarioError


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.touch()
    assert find_scenarios([str(path)]) == [path]


def test_a_folder_means_its_scenarios_in_order(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "notes.txt"):
        (tmp_path / name).touch()
    assert find_scenarios([str(tmp_path)]) == [tmp_path / "a.yml", tmp_path / "b.yaml"]


def test_the_same_file_twice_runs_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").touch()
    assert len(find_scenarios([str(tmp_path), str(tmp_path / "a.yaml")])) == 1


def test_a_shipped_scenario_has_a_name() -> None:
    assert find_scenarios(["rover"]) == [shipped()["rover"]]


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="No scenarios"):
        find_scenarios([str(tmp_path)])


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("rovr", "did you mean rover?"),
        ("elsewhere/rover.yaml", "harness run rover"),
        ("zzz", "check the path"),
    ],
)
def test_a_missing_one_comes_with_advice(word: str, hint: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        find_scenarios([word])
    assert hint in str(caught.value)


def test_a_neighbour_with_a_near_name_is_offered(tmp_path: Path) -> None:
    (tmp_path / "booking.yaml").touch()
    with pytest.raises(ScenarioError, match=r"did you mean .*/booking\.yaml"):
        find_scenarios([str(tmp_path / "boking.yaml")])
