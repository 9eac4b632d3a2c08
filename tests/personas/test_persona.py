"""Personas as data: what a file may say, and what a model is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.personas.persona import DONE, GIVE_UP, Persona, instructions_for, read_persona


def test_a_goal_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "guest.yaml"
    path.write_text("goal: book a table\nfacts: {name: Anna, people: 2}\n", encoding="utf-8")
    assert read_persona(path) == Persona(goal="book a table", facts={"name": "Anna", "people": 2})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gaol: book a table", "did you mean “goal”"),
        ("goal: book\nat_most: 0", "guest.yaml:2"),
        ("goal: ''", "at least 1 character"),
        ("goal: 5", "expected: a text"),
        ("goal: book\nfacts: [a]", "expected: {key: value"),
        ("goal: book\nnoise: caffe", "expected: there is no noise “caffe”"),
        ("goal: book\nlanguage: Germna", "did you mean German?"),
        ("goal: book\nlanguage: Klingon", "or its tag, as de"),
        ("- goal", "a mapping with goal"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "guest.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_persona(path)
    assert said in str(caught.value)


def test_the_model_is_told_all_of_it() -> None:
    persona = Persona(goal="a table", facts={"name": "Anna"}, manner="in a hurry", language="Dutch")
    told = instructions_for(persona)
    for part in ("a table", "- name: Anna", "in a hurry", "Speak Dutch", DONE, GIVE_UP):
        assert part in told
    assert "How you speak" not in instructions_for(Persona(goal="a table"))


def test_a_language_is_told_by_its_name_and_spoken_by_its_tag() -> None:
    assert Persona(goal="a table").language_tag is None, "voices speak what they speak by default"
    assert Persona(goal="a table", language="de-AT").language_tag == "de-AT"
    told = instructions_for(Persona(goal="a table", language="pt-BR"))
    assert "Speak Portuguese, pt-BR." in told
    assert "Speak English." in instructions_for(Persona(goal="a table"))
