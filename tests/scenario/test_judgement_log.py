from __future__ import annotations

from typing import Any, cast

import numpy as np

from harness.call.other_connections import OtherConnections
from harness.facts.call import AgentMissing
from harness.facts.fact import Fact
from harness.line.audio import AudioFrames
from harness.scenario.expectations import Judgement
from harness.scenario.judgement_log import JudgementLog
from harness.scenario.model import Scenario
from harness.scenario.progress import NoProgress

TONE = np.full(24_000, 0.3, np.float32)


class FakeCall:
    """A recorder and its call in one; every turn was answered twice."""

    now_s = 2.0

    def __init__(self) -> None:
        self.recorder = self
        self.notes: list[tuple[str, dict[str, Any]]] = []
        self.agent_missing: AgentMissing | None = None
        self.others = OtherConnections()

    def note(self, fact: Fact, t_s: float) -> None:
        self.notes.append((fact.type, fact.to_data()))

    def second_answers(self) -> list[str]:
        return ["two answers to the turn at 1 s"]


def log_of(**scenario: Any) -> tuple[JudgementLog, FakeCall]:
    steps = [{"say": "Hello there."}, {"expect": {"words": ["hi"]}}, {"silence": 1}]
    told = {"name": "t", "steps": steps, **scenario}
    call = FakeCall()
    return JudgementLog(cast("Any", call), Scenario.model_validate(told), NoProgress()), call


def judged(holds: bool) -> Judgement:
    return Judgement("answer", "it says hi", holds, "what was heard")


def test_the_verdict_is_the_worst_of_all() -> None:
    log, call = log_of()
    assert log.verdict == "passed"
    log.step = 2
    log.judge([judged(True), judged(False)])
    log.judge([judged(True)])
    assert log.verdict == "failed"
    assert [facts["verdict"] for _, facts in call.notes] == ["passed", "failed", "passed"]
    assert {facts["step"] for _, facts in call.notes} == {2}


def test_what_comes_after_the_end_is_noted_as_skipped_and_fails_nothing() -> None:
    log, call = log_of()
    log.skip_from(1)
    ((kind, facts),) = call.notes
    assert (kind, facts["step"], facts["verdict"]) == ("expectation", 2, "skipped")
    assert log.verdict == "passed"


def test_two_answers_to_one_turn_fail_a_scenario_that_does_not_allow_them() -> None:
    log, call = log_of()
    log.judge_second_answers()
    assert log.verdict == "failed"
    assert "allows it" in str(call.notes[0][1]["evidence"])
    lenient, silent = log_of(allow_problems=["second_*"])
    lenient.judge_second_answers()
    assert (lenient.verdict, silent.notes) == ("passed", [])


def test_an_interruption_that_came_late_is_told_and_one_in_time_is_not() -> None:
    log, call = log_of()
    log.step = 3
    for real_s in (1.04, None, 1.3):
        log.note_cut_in(1.0, real_s)
    ((kind, facts),) = call.notes
    assert kind == "note"
    assert facts["text"].startswith("Step 3: the interruption cut in 1.300 s after")


def test_another_connection_s_sound_in_place_of_the_agent_s_is_a_failure() -> None:
    log, call = log_of()
    call.agent_missing = AgentMissing("connection-7", ["connection-0"])
    log.judge_agent()
    assert (log.verdict, call.notes) == ("passed", []), "nobody was heard at all"
    call.others.take(AudioFrames(1.0, TONE, "top/connection-0", 0))
    log.judge_agent()
    ((_, facts),) = call.notes
    assert (log.verdict, facts["text"]) == ("failed", "the agent's connection brings sound")
    assert "“connection-7”" in str(facts["evidence"])
    assert "heard on: connection-0" in str(facts["evidence"])


def test_others_beside_the_agent_s_connection_are_none() -> None:
    log, call = log_of()
    call.others.take(AudioFrames(1.0, TONE, "top/connection-1", 0))
    log.judge_agent()
    assert (log.verdict, call.notes) == ("passed", [])
