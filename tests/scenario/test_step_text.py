"""Steps in a few words."""

from __future__ import annotations

from harness.scenario.model import Scenario
from harness.scenario.step_text import step_text


def test_a_step_can_be_told_in_a_few_words() -> None:
    scenario = Scenario.model_validate(
        {
            "name": "t",
            "steps": [
                {"silence": 2},
                {"wait": {"event": "a.b"}},
                {"wait": {"answer": True, "pause_s": 0.8}},
                {"send": {"type": "x"}},
                {"tool_result": {"name": "f", "output": "1"}},
                {"microphone": {"gain_db": -6}},
                {"microphone": "clean"},
                {"stop": {"fade_ms": 40}},
                "hang_up",
            ],
        }
    )
    assert [step_text(step, None) for step in scenario.steps] == [
        "2.0",
        "a.b",
        "an answer, and 0.8 s",
        "x",
        "f gives 1",
        "-6 dB",
        "clean",
        "within 40 ms",
        "",
    ]
