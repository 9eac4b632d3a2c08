"""Judgements of a whole run, when its steps are over: budgets, and rules about tools."""

from __future__ import annotations

from harness.call.call import Call
from harness.scenario.budgets import TurnNumbers
from harness.scenario.budgets_of_run import judge_budgets
from harness.scenario.by_ear import no_tools
from harness.scenario.judgement_log import JudgementLog
from harness.scenario.model import Scenario
from harness.scenario.must_not import CalledTool, judge_must_not
from harness.score.clips import said_clips
from harness.speech.spans import Span


def judge_whole(call: Call, scenario: Scenario, numbers: TurnNumbers, log: JudgementLog) -> None:
    """Judge what is about the whole conversation."""
    judge_budgets(scenario.budgets, numbers, log)
    if not scenario.must_not:
        return
    calls = [
        CalledTool(str(e.data.get("name")), str(e.data.get("arguments") or ""), e.t_s)
        for e in call.events("tool.called").take_available()
    ]
    said = [
        Span(float(clip["speech_start_s"]), float(clip["speech_end_s"]))
        for clip in said_clips(call.events("microphone.*").take_available())
    ]
    log.judge(judge_must_not(scenario.must_not, calls, said, no_tools(call.protocol)))
