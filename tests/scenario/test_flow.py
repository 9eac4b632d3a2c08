"""Steps laid out: shared ones, rounds, and where each is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import LoadedScenario, load_scenario

SHARED = """
arguments: {who: , times: 2}
shared_steps:
  - repeat: {times: "${times}", steps: [{silence: 1}]}
  - say: {text: "Hello ${who} in ${city}"}
"""


def load(folder: Path, steps: str, **files: str) -> LoadedScenario:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    text = f"name: s\nvariables: {{city: Rome}}\nsteps:\n{steps}"
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    return load_scenario(folder / "s.yaml")


def test_shared_steps_take_arguments_and_keep_their_places(tmp_path: Path) -> None:
    steps = "  - use: {steps: hello.yaml, with: {who: '${city}'}}\n  - hang_up\n"
    loaded = load(tmp_path, steps, hello=SHARED)
    assert [step.kind for step in loaded.scenario.steps] == ["silence", "silence", "say", "hang_up"]
    said = loaded.scenario.steps[2].say
    assert not isinstance(said, str)
    assert said is not None
    assert said.text == "Hello Rome in Rome"
    place = f"{tmp_path / 'hello.yaml'}:5, used at {tmp_path / 's.yaml'}:4"
    assert loaded.place("steps", 2, "say", "text") == place
    assert loaded.place("steps", 3) == f"{tmp_path / 's.yaml'}:5"
    assert loaded.row == ""


def test_rounds_end_with_a_question_that_leads_out_of_all_of_them(tmp_path: Path) -> None:
    steps = (
        "  - repeat:\n      at_most: 2\n      steps: [{silence: 1}]\n"
        "      until: {words: [bye]}\n  - hang_up\n"
    )
    loaded = load(tmp_path, steps)
    kinds = [step.kind for step in loaded.scenario.steps]
    assert kinds == ["silence", "expect", "silence", "expect", "hang_up"]
    rounds = {step: (end.number, end.of, end.next_step) for step, end in loaded.rounds.items()}
    assert rounds == {1: (1, 2, 4), 3: (2, 2, 4)}
    assert loaded.place("steps", 1, "expect", "words") == f"{tmp_path / 's.yaml'}:7"


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("  - use: a.yaml\n", "a.yaml → b.yaml → a.yaml"),
        ("  - use: s.yaml\n", "s.yaml → s.yaml"),
        ("  - use: aa.yaml\n", "did you mean"),
        ("  - use: 3\n", "s.yaml:4: use: this cannot be read"),
        ("  - use: {step: a.yaml}\n", "did you mean “steps”?"),
        ("  - use: {steps: [a]}\n", "names no file of steps"),
        ("  - repeat: {times: 3}\n", "no steps to repeat"),
        ("  - repeat: {steps: [hang_up]}\n", "not said how often"),
        ("  - repeat: {until: {words: [a]}, times: 3, steps: [hang_up]}\n", "with `at_most: N`"),
        ("  - repeat: {times: 0, steps: [hang_up]}\n", "1 to 1000"),
        ("  - repeat: {times: x, steps: [hang_up]}\n", "s.yaml:4: repeat: times"),
        ("  - repeat: {tims: 3, steps: [hang_up]}\n", "did you mean “times”?"),
        (
            "  - repeat: {times: 999, steps: [{repeat: {times: 999, steps: [hang_up]}}]}\n",
            "more than 10000 steps",
        ),
        ("  - use: {steps: c.yaml, with: {who: Kim}}\n", "c.yaml:4, used at "),
        ("  - use: {steps: c.yaml, with: {who: '${citty}'}}\n", "did you mean ${city}?"),
    ],
)
def test_what_cannot_be_laid_out_is_told_with_its_place(
    tmp_path: Path, steps: str, said: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(
            tmp_path,
            steps,
            a="shared_steps: [{use: b.yaml}]\n",
            b="shared_steps: [{use: a.yaml}]\n",
            c="arguments: [who]\nshared_steps:\n  - hang_up\n  - expct: {words: [a]}\n",
        )
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "steps",
    [
        "  - &s {repeat: {times: 1, steps: [*s]}}\n",
        "  - repeat: {times: 1, steps: &s [{repeat: {times: 2, steps: *s}}]}\n",
    ],
)
def test_steps_that_hold_themselves_are_told(tmp_path: Path, steps: str) -> None:
    with pytest.raises(ScenarioError, match=r"s\.yaml:4.*these steps hold themselves"):
        load(tmp_path, steps)


def test_an_alias_to_steps_that_end_is_none(tmp_path: Path) -> None:
    steps = "  - repeat: &r {times: 2, steps: [{silence: 1}]}\n  - repeat: *r\n"
    assert len(load(tmp_path, steps).scenario.steps) == 4
