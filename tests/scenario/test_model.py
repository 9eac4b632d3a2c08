"""The published schema is the models."""

import json

from harness.scenario.model import Expectation, Scenario, Step
from harness.scenario.schema import SCHEMA_FILE, scenario_schema


def test_the_published_schema_is_current() -> None:
    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == scenario_schema(), (
        "run: python -m harness.scenario.schema"
    )


def test_a_step_knows_its_kind() -> None:
    assert Step.model_validate({"mute": True}).kind == "mute"
    assert Step.model_validate("hang_up").kind == "hang_up"


def test_an_expectation_knows_whether_it_is_about_an_answer() -> None:
    assert Expectation(words=["a"]).wants_answer
    assert not Expectation(event="x.*").wants_answer


def test_defaults_have_time_limits() -> None:
    scenario = Scenario.model_validate({"name": "a", "steps": ["hang_up"]})
    assert scenario.defaults.answer_s > 0
    assert scenario.defaults.connect_s > 0
