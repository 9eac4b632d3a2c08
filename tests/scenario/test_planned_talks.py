"""The talks of callers that think, as a scenario plans them: mistakes show before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import load_scenario
from harness.scenario.planned_talks import talks_of
from harness.speech.engines import default_synthesiser


def scenario(folder: Path, step: str, more: str = "") -> Path:
    (folder / "guest.yaml").write_text(f"goal: a table\nat_most: 8\n{more}", encoding="utf-8")
    path = folder / "talk.yaml"
    path.write_text(f"name: talk\nsteps:\n- silence: 1\n- converse: {step}\n", encoding="utf-8")
    return path


def test_a_persona_alone_is_enough(tmp_path: Path) -> None:
    talk = talks_of(load_scenario(scenario(tmp_path, "guest.yaml")))[2]
    assert (talk.persona.goal, talk.persona.at_most) == ("a table", 8)
    assert talk.replies == tmp_path / "guest.replies.json"


def test_turns_and_replies_are_those_of_the_step(tmp_path: Path) -> None:
    step = "{persona: guest.yaml, turns: 3, replies: kept/anna.json}"
    talk = talks_of(load_scenario(scenario(tmp_path, step)))[2]
    assert (talk.persona.at_most, talk.replies) == (3, tmp_path / "kept" / "anna.json")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "guest.yaml"),
        ("goal: a table\nmanners: none\n", "guest.yaml:2"),
        ("manner: kind\n", "goal"),
    ],
)
def test_a_persona_that_is_none_is_told_with_both_places(
    tmp_path: Path, content: str | None, told: str
) -> None:
    path, persona = scenario(tmp_path, "guest.yaml"), tmp_path / "guest.yaml"
    persona.unlink()
    if content is not None:
        persona.write_text(content, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"talk\.yaml:4.*step 2 has nobody to speak") as caught:
        talks_of(load_scenario(path))
    assert told in str(caught.value)


def test_replies_that_are_none_are_told(tmp_path: Path) -> None:
    path = scenario(tmp_path, "guest.yaml")
    (tmp_path / "guest.replies.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ScenarioError, match="does not hold the replies"):
        talks_of(load_scenario(path))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("voice: en-GBB\n", "en-GB,"),
        ("language: German\n", "No voice here speaks the language “de”"),
        ("noise: {file: rain.wav}\n", "There is no noise file"),
    ],
)
def test_who_cannot_be_heard_is_told_before_anything_runs(
    tmp_path: Path, more: str, told: str
) -> None:
    loaded = load_scenario(scenario(tmp_path, "guest.yaml", more))
    with pytest.raises(ScenarioError, match=r"talk\.yaml:4.*step 2.*guest\.yaml") as caught:
        talks_of(loaded, default_synthesiser())
    assert told in str(caught.value)


def test_a_voice_that_there_is_may_speak(tmp_path: Path) -> None:
    loaded = load_scenario(scenario(tmp_path, "guest.yaml", "voice: en-GB\nlanguage: English\n"))
    assert talks_of(loaded, default_synthesiser())[2].persona.voice == "en-GB"
