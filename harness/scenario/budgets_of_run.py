"""The budgets of a scenario at the end of one run of it."""

from __future__ import annotations

from collections.abc import Sequence

from harness.facts.steps import BudgetValues
from harness.scenario.budgets import Budget, TurnNumbers, judge_budget
from harness.scenario.judgement_log import JudgementLog


def judge_budgets(budgets: Sequence[Budget], numbers: TurnNumbers, log: JudgementLog) -> None:
    """Judge those of this run; of those across runs it notes what this run has for them.

    What a run alone is worth against a bound for all of them is noted softly: nothing fails by it.
    """
    for budget in budgets:
        judged = judge_budget(budget, numbers.of(budget.number))
        log.judge([judged], soft=budget.across is not None)
    for number in dict.fromkeys(budget.number for budget in budgets if budget.across):
        values = numbers.of(number)
        log.note(
            BudgetValues(
                number=number,
                values=[None if one is None else one.value for one in values],
                uncertainties=[None if one is None else one.uncertainty for one in values],
            )
        )
