"""Budgets of a scenario over the turns of all of its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.report.results import ScenarioResult
from harness.report.suite_results import WORST_FIRST, SuiteBudget, SuiteVerdict
from harness.scenario.budgets import Budget, judge_budget
from harness.scenario.load import LoadedScenario
from harness.score.summary import Measured
from harness.suite.plan import Job


def across_runs(scenarios: Sequence[LoadedScenario]) -> bool:
    """Whether one of them has a bound over all of its runs, so that even one run is a suite."""
    return any(budget.across for each in scenarios for budget in each.scenario.budgets)


def first_attempts(runs: Mapping[Job, ScenarioResult]) -> list[ScenarioResult]:
    """The runs that were no retries, in order: those alone are like each other."""
    return [runs[job] for job in sorted(runs, key=lambda job: job.repeat) if job.attempt == 0]


def judge_across(budgets: Sequence[Budget], runs: Sequence[ScenarioResult]) -> list[SuiteBudget]:
    """The budgets that bound a number across runs; none where nothing ran.

    A run that broke off before its end has told no values, and its turns are not counted.
    """
    judged = []
    for budget in budgets if runs else ():
        if budget.across is None:
            continue
        values = [
            None if one.value is None else Measured(one.value, one.uncertainty)
            for run in runs
            for one in run.budget_values.get(budget.number, [])
        ]
        judgement = judge_budget(budget, values)
        judged.append(
            SuiteBudget.model_validate(
                {
                    "text": judgement.text,
                    "verdict": judgement.verdict,
                    "evidence": judgement.evidence,
                }
            )
        )
    return judged


def worst_with(verdict: SuiteVerdict, budgets: Sequence[SuiteBudget]) -> SuiteVerdict:
    """The verdict over runs together with that of the budgets over all of them."""
    return min((verdict, *(budget.verdict for budget in budgets)), key=WORST_FIRST.index)
