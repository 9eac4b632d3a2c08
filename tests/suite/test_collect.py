"""Suites from files: all that is wrong is told at once, and nothing else gets in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.all_mistakes import each_of
from harness.errors import ScenarioError, UsageError
from harness.scenario.load import Given
from harness.suite.collect import Found, collect, is_baseline
from tests.support.make_suite import make_scenarios


def found(folder: Path) -> list[Found]:
    return [Found(path, named=False) for path in sorted(folder.glob("*.yaml"))]


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_of_500_files_all_five_that_are_broken_are_told(tmp_path: Path) -> None:
    make_scenarios(tmp_path, *(f"s{n:03}" for n in range(495)))
    broken = {
        "x1": "name: [",
        "x2": "name: x2\nsteps: [{sey: a}]\n",
        "x3": "name: x3\nsteps: [{say: '${NO_SUCH_VARIABLE}'}]\n",
        "x4": "name: x4\nsteps: []\n",
        "x5": "name: x5\ntag: [a]\nsteps: [hang_up]\n",
    }
    for name, text in broken.items():
        write(tmp_path, name, text)
    with pytest.raises(ScenarioError) as caught:
        collect(found(tmp_path))
    said = str(caught.value)
    assert said.startswith("5 of 500 cannot be used, and nothing was run.")
    assert all(f"{tmp_path / name}.yaml:" in said for name in broken)
    assert "did you mean “say”?" in said or "sey" in said
    assert "did you mean “tags”?" in said


def test_two_scenarios_of_one_name_are_told_with_both_places(tmp_path: Path) -> None:
    write(tmp_path, "a", "name: Booking-Rome\nsteps: [hang_up]\n")
    write(tmp_path, "b", "name: booking\neach: [{city: rome}]\nsteps: [hang_up]\n")
    with pytest.raises(ScenarioError) as caught:
        collect(found(tmp_path))
    assert "the name “booking-rome” is taken" in str(caught.value)
    assert f"{tmp_path / 'a.yaml'}:1" in str(caught.value)


def test_a_file_counts_once_however_much_is_wrong_with_it(tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path, name, "name: one\neach: [{x: 1}, {x: 2}]\nsteps: [hang_up]\n")
    with pytest.raises(ScenarioError, match=r"3 of 3 cannot be used") as caught:
        collect(found(tmp_path), check=lambda loaded: [ScenarioError(f"{loaded.path}:3: no file.")])
    assert str(caught.value).count("c.yaml:3: no file.") == 1
    assert len(each_of(caught.value)) == 7, "four names that are taken, and three files"


def test_shared_steps_and_other_files_of_a_folder_are_no_scenarios(tmp_path: Path) -> None:
    make_scenarios(tmp_path, "a")
    write(tmp_path, "greet", "shared_steps: [hang_up]\n")
    write(tmp_path, "compose", "services: {}\n")
    write(tmp_path, "kept", "# Numbers.\nharness_baseline: 1\nscenarios: [")
    suite = collect(found(tmp_path))
    assert [one.scenario.name for one in suite.scenarios] == ["a"]
    assert [path.stem for path in suite.shared] == ["greet"]
    assert [path.stem for path in suite.left_out] == ["compose"]
    with pytest.raises(ScenarioError, match="steps for other scenarios"):
        collect([Found(tmp_path / "greet.yaml")])
    with pytest.raises(ScenarioError, match="services"):
        collect([Found(tmp_path / "compose.yaml")])


def test_a_value_for_a_name_that_nobody_asks_for_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, "a", "name: a\nsteps: [{say: {text: 'in ${city:-Rome}'}}]\n")
    [loaded] = collect(found(tmp_path), Given({"city": "Oslo"})).scenarios
    assert "in Oslo" in str(loaded.scenario.steps[0].say)
    with pytest.raises(UsageError, match="did you mean city"):
        collect(found(tmp_path), Given({"citty": "Oslo"}))


def test_values_go_before_each_other_and_a_secret_of_a_table_is_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOOR", "zq-4711")
    text = """
name: s
variables: {a: file, b: file, c: file}
each:
  - {name: one, a: row, b: row, code: "x ${DOOR}", password: hunter-22}
steps: [{say: {text: "${a} ${b} ${c} ${d} ${code} ${password}"}}]
"""
    write(tmp_path, "s", text)
    given = Given({"a": "typed"}, {"c": "project", "d": "project"})
    [loaded] = collect(found(tmp_path), given).scenarios
    said = loaded.scenario.steps[0].say
    assert said is not None
    assert not isinstance(said, str)
    assert said.text == "typed row file project x zq-4711 hunter-22"
    shown = loaded.hidden.text(str(said.text))
    assert "typed row file project" in shown
    assert "4711" not in shown
    assert "hunter" not in shown


def test_a_baseline_is_known_by_its_head(tmp_path: Path) -> None:
    write(tmp_path, "kept", "# Numbers.\nharness_baseline: 1\n")
    write(tmp_path, "a", "name: a\nsteps: [hang_up]\n")
    assert is_baseline(tmp_path / "kept.yaml")
    assert not is_baseline(tmp_path / "a.yaml")
    assert not is_baseline(tmp_path / "none.yaml")
