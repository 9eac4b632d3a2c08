"""Budgets over the turns of all runs, by hand and through a suite in virtual time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli.command_line import run_command_line
from harness.report.number_results import BudgetValue
from harness.report.results import ScenarioResult
from harness.report.suite_results import SuiteBudget, SuiteVerdict
from harness.scenario.budgets import Budget
from harness.suite.budgets_of_runs import first_attempts, judge_across, worst_with
from harness.suite.plan import Job
from tests.support.make_results import make_scenario

NAME = "voice_to_voice_s"


def run_with(*values: float | None) -> ScenarioResult:
    told = [
        BudgetValue(value=value, uncertainty=0.01) if value else BudgetValue() for value in values
    ]
    return make_scenario().model_copy(update={"budget_values": {NAME: told}})


def budget(**given: object) -> Budget:
    return Budget.model_validate({"number": NAME, "across": "runs", **given})


def test_turns_of_all_runs_are_judged_as_one() -> None:
    runs = [run_with(0.5 + 0.01 * n) for n in range(30)]
    held, broken, few = judge_across(
        [
            budget(at_most_s=0.9, of="p95", over=30),
            budget(at_most_s=0.6, at_least=27, over=30),
            budget(at_most_s=0.9, of="p95", over=40),
        ],
        runs,
    )
    assert (held.verdict, broken.verdict, few.verdict) == ("passed", "failed", "cannot_tell")
    assert held.text == "p95 voice-to-voice latency is at most 0.9 s over 30 turns of all runs"
    assert held.evidence.startswith("p95 of 30 is 0.77")
    assert "are within 0.6 s" in broken.evidence
    assert "there were 30 such turns, and 40 are asked for" in few.evidence


def test_a_turn_without_an_answer_is_not_within_and_a_budget_of_one_run_is_not_judged() -> None:
    (all_of_them,) = judge_across(
        [
            budget(at_most_s=0.9, at_least=3, over=3),
            Budget(number="voice_to_voice_s", at_most_s=0.1),
        ],
        [run_with(0.5, None), run_with(0.5)],
    )
    assert all_of_them.verdict == "failed"
    assert "1 did not happen" in all_of_them.evidence
    assert judge_across([budget(at_most_s=0.9)], []) == []


def test_retries_are_not_like_first_attempts() -> None:
    one, again, two = run_with(0.5), run_with(0.6), run_with(0.7)
    jobs = [Job(0, "simulated", repeat, attempt, f"{repeat}{attempt}") for repeat, attempt in
            ((2, 0), (1, 1), (1, 0))]  # fmt: skip
    assert first_attempts(dict(zip(jobs, (two, again, one), strict=True))) == [one, two]


@pytest.mark.parametrize(
    ("verdict", "budgets", "whole"),
    [
        ("passed", ["passed"], "passed"),
        ("passed", ["passed", "failed"], "failed"),
        ("flaky", ["cannot_tell"], "cannot_tell"),
        ("error", ["failed"], "error"),
        ("flaky", [], "flaky"),
    ],
)
def test_the_worst_counts(verdict: SuiteVerdict, budgets: list[str], whole: str) -> None:
    made = [
        SuiteBudget.model_validate({"text": "t", "verdict": one, "evidence": "e"})
        for one in budgets
    ]
    assert worst_with(verdict, made) == whole


SCENARIO = """
name: quick
assistant: {rules: [{say: Yes.}]}
budgets:
  - {number: voice_to_voice_s, at_most_s: BOUND, of: median, over: 2, across: runs}
steps: [say: goforward, wait: {answer: true}, hang_up]
"""


def test_even_one_run_is_judged_by_them_and_the_exit_code_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    def run(bound_s: float, *options: str) -> tuple[int, dict[str, object], str]:
        Path("quick.yaml").write_text(SCENARIO.replace("BOUND", str(bound_s)), encoding="utf-8")
        command = ["run", "quick.yaml", "--engine", "simulated", *options]
        code = run_command_line(command)
        suite = json.loads(Path("out/results.json").read_text(encoding="utf-8"))["suite"]
        return code, suite["scenarios"][0], capsys.readouterr().out

    code, scenario, _ = run(5, "--repeat", "2")
    assert (code, scenario["verdict"]) == (0, "passed")
    code, scenario, text = run(0.05, "--repeat", "2")
    assert (code, scenario["verdict"]) == (1, "failed")
    assert "✗ median voice-to-voice latency is at most 0.05 s over 2 turns of all runs" in text
    assert "median voice-to-voice" in Path("out/junit.xml").read_text(encoding="utf-8")
    assert "median voice-to-voice" in Path("out/index.html").read_text(encoding="utf-8")
    code, scenario, text = run(5)
    assert (code, scenario["verdict"]) == (1, "cannot_tell")
    assert "there were 1 such turns, and 2 are asked for" in text
