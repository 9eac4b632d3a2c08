"""Files of shared steps: what they are, and the arguments they take."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.shared_steps import arguments_of, given_arguments, read_shared
from harness.yaml_file import YamlFile


def shared(folder: Path, text: str) -> YamlFile:
    (folder / "greet.yaml").write_text(text + "\nshared_steps: [hang_up]\n", encoding="utf-8")
    return read_shared(folder / "greet.yaml")


def test_arguments_may_have_values_or_not(tmp_path: Path) -> None:
    assert arguments_of(shared(tmp_path, "")) == {}
    assert arguments_of(shared(tmp_path, "arguments: [who]")) == {"who": None}
    file = shared(tmp_path, "arguments: {who: , hour: 7}")
    found = given_arguments(file, {"who": "Kim"}, "s.yaml:3", file, ("x",))
    assert {name: value for name, (value, _, _) in found.items()} == {"who": "Kim", "hour": 7}


@pytest.mark.parametrize(
    ("given", "said"), [({}, "s.yaml:3: use: greet.yaml needs “who”"), ({"whu": 1}, "mean “who”")]
)
def test_an_argument_that_is_missing_or_unknown_is_told(
    tmp_path: Path, given: dict[str, object], said: str
) -> None:
    file = shared(tmp_path, "arguments: [who]")
    with pytest.raises(ScenarioError) as caught:
        given_arguments(file, given, "s.yaml:3", file, ("x",))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: s\nsteps: [hang_up]\n", "cannot be used by another one"),
        ("shared_steps: 3\n", "holds no steps"),
        ("arguments: [1]\nshared_steps: [hang_up]\n", "these are no names"),
        ("argument: [a]\nshared_steps: [hang_up]\n", "did you mean “arguments”?"),
    ],
)
def test_what_is_none_is_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "greet.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        arguments_of(read_shared(tmp_path / "greet.yaml"))
    assert said in str(caught.value)
