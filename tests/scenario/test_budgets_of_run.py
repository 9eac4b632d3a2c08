"""The budgets of a scenario at the end of one run."""

from __future__ import annotations

from typing import Any

from harness.scenario.model import Scenario
from harness.scenario.progress import NoProgress
from harness.scenario.runner import ScenarioRunner
from tests.support.fake_call import FakeCall, heard

NAME = "voice_to_voice_s"


async def run(*budgets: dict[str, Any]) -> tuple[bool, FakeCall]:
    call = FakeCall([heard("one"), heard("two", voice_to_voice_s=2.0)])
    steps = [{"wait": {"answer": True}}, {"wait": {"answer": True}}]
    told = {"name": "t", "steps": steps, "budgets": list(budgets)}
    scenario = Scenario.model_validate(told)
    runner = ScenarioRunner(call, scenario, {}, NoProgress())  # type: ignore[arg-type]
    return await runner.run(), call


async def test_a_budget_of_this_run_fails_it() -> None:
    passed, call = await run({"number": NAME, "at_most_s": 1.0})
    assert not passed
    assert call.recorder.of("budget.values") == []


async def test_one_across_runs_is_noted_and_its_values_are_told() -> None:
    passed, call = await run(
        {"number": NAME, "at_most_s": 1.0, "across": "runs"},
        {"number": NAME, "at_most_s": 3.0, "of": "median", "across": "runs"},
    )
    assert passed
    first, second = call.recorder.of("expectation")
    assert (first["verdict"], first["soft"], second["verdict"]) == ("failed", True, "cannot_tell")
    (told,) = call.recorder.of("budget.values")
    assert (told["number"], told["values"]) == (NAME, [0.8, 2.0])


async def test_a_turn_without_an_answer_has_no_value() -> None:
    call = FakeCall([])
    steps = [{"expect": {"words": ["one"]}}]
    budgets = [{"number": NAME, "at_most_s": 1.0, "across": "runs"}]
    scenario = Scenario.model_validate({"name": "t", "steps": steps, "budgets": budgets})
    await ScenarioRunner(call, scenario, {}, NoProgress()).run()  # type: ignore[arg-type]
    (told,) = call.recorder.of("budget.values")
    assert told["values"] == [None]
