"""The talks of callers that think, as a scenario plans them: mistakes show before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.scenario.load import load_scenario
from harness.scenario.planned_talks import talks_of


def scenario(folder: Path, step: str) -> Path:
    (folder / "guest.yaml").write_text("goal: a table\nat_most: 8\n", encoding="utf-8")
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
