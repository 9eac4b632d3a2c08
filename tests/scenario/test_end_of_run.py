"""What is judged when all steps are over."""

from __future__ import annotations

from harness.call.events import CallEvent
from harness.scenario.model import Scenario
from harness.scenario.progress import NoProgress
from harness.scenario.runner import ScenarioRunner
from tests.support.fake_call import FakeCall


async def test_tools_are_judged_over_the_whole_conversation() -> None:
    call = FakeCall([])
    speech = {"speech_start_s": 1.0, "speech_end_s": 2.0}
    call.stream.push(CallEvent(0.9, "harness", "microphone.clip", {"start_s": 0.9, **speech}))
    called = {"name": "book", "arguments": "{}"}
    call.stream.push(CallEvent(1.5, "dialogue", "tool.called", called))
    rules = [{"tool": "book", "while": "user_speaks"}, {"tool": "cancel"}]
    told = {"name": "t", "steps": [{"silence": 1}], "must_not": rules}
    scenario = Scenario.model_validate(told)
    passed = await ScenarioRunner(call, scenario, {}, NoProgress()).run()  # type: ignore[arg-type]
    assert not passed
    verdicts = [(one["kind"], one["verdict"]) for one in call.recorder.of("expectation")]
    assert verdicts == [("must_not", "failed"), ("must_not", "passed")]


async def test_without_rules_nothing_is_judged() -> None:
    call = FakeCall([])
    scenario = Scenario.model_validate({"name": "t", "steps": [{"silence": 1}]})
    assert await ScenarioRunner(call, scenario, {}, NoProgress()).run()  # type: ignore[arg-type]
    assert call.recorder.of("expectation") == []
