"""Outcomes of a suite: what each scenario is worth over all its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.report.results import Results, ScenarioResult, Verdict, collect
from harness.report.suite_results import (
    WORST_FIRST,
    PassRate,
    SuiteRun,
    SuiteScenario,
    SuiteVerdict,
    summed_up,
)
from harness.scenario.load import LoadedScenario
from harness.suite.budgets_of_runs import first_attempts, judge_across, worst_with
from harness.suite.pass_rate import wilson
from harness.suite.plan import Job


def suite_results(
    scenarios: Sequence[LoadedScenario],
    planned: Sequence[Job],
    done: Mapping[Job, ScenarioResult],
    *,
    wall_s: float | None = None,
    shard: str | None = None,
) -> Results:
    """The results of a suite.

    Args:
        planned: first attempts, also those that were not begun.
        done: every run, also those of later attempts, with its result.
    """
    kinds = list(dict.fromkeys((job.scenario, job.engine) for job in planned))
    repeated = any(job.repeat > 1 for job in planned)
    rows = []
    for index, engine in kinds:
        runs = {job: r for job, r in done.items() if (job.scenario, job.engine) == (index, engine)}
        rows.append(_scenario(scenarios[index], engine, runs, repeated))
    by_folder = {job.folder: result for job, result in done.items()}
    return results_of_rows(rows, by_folder, wall_s=wall_s, shard=shard)


def results_of_rows(
    rows: list[SuiteScenario],
    by_folder: Mapping[str, ScenarioResult],
    *,
    wall_s: float | None = None,
    shard: str | None = None,
) -> Results:
    """The results of a suite whose scenarios are judged already.

    Args:
        by_folder: at least those of every run of the rows.
    """
    summary = summed_up(rows, wall_s=wall_s, shard=shard)
    collected = collect([by_folder[run.folder] for row in rows for run in row.runs])
    # Whoever reads the first verdict alone must not take a suite that was broken off for a pass.
    verdict: Verdict = collected.verdict
    if verdict == "passed" and summary.verdict != "passed":
        of_all: dict[SuiteVerdict, Verdict] = {"failed": "failed", "cannot_tell": "cannot_tell"}
        verdict = of_all.get(summary.verdict, "error")
    return collected.model_copy(update={"suite": summary, "verdict": verdict})


def one_as_suite(results: Results, loaded: LoadedScenario, engine: str) -> Results:
    """A single run, which has one report, as a suite: for whoever reads suites."""
    job = Job(0, engine, 1, 0, loaded.scenario.name)
    return suite_results([loaded], [job], {job: results.scenarios[0]})


def results_of(results: Results, name: str, engine: str | None = None) -> list[ScenarioResult]:
    """Every run of a scenario, in order: one result each, for whoever computes over them.

    Args:
        engine: of this one alone.
    """
    return [
        result
        for result in results.scenarios
        if result.name == name and engine in (None, result.engine)
    ]


def verdict_over(outcomes: Sequence[Sequence[SuiteVerdict]]) -> SuiteVerdict:
    """One verdict for the attempts of each repeat.

    What failed and then passed is flaky, and so is what passes in some repeats alone.
    """
    if not outcomes:
        return "not_run"
    last = [attempts[-1] for attempts in outcomes]
    worst = next(verdict for verdict in WORST_FIRST if verdict in last)
    if worst == "passed":
        return "passed" if all(len(attempts) == 1 for attempts in outcomes) else "flaky"
    return "flaky" if "passed" in last else worst


def _scenario(
    loaded: LoadedScenario, engine: str, runs: Mapping[Job, ScenarioResult], repeated: bool
) -> SuiteScenario:
    by_repeat: dict[int, list[SuiteVerdict]] = {}
    for job, result in sorted(runs.items(), key=lambda item: (item[0].repeat, item[0].attempt)):
        by_repeat.setdefault(job.repeat, []).append(result.verdict)
    budgets = judge_across(loaded.scenario.budgets, first_attempts(runs))
    file, _, line = loaded.place("name").rpartition(":")
    return SuiteScenario(
        name=loaded.scenario.name,
        base=loaded.base,
        row=loaded.row,
        file=file,
        line=int(line),
        tags=list(loaded.scenario.tags),
        description=loaded.scenario.description,
        engine=engine,
        verdict=worst_with(verdict_over(list(by_repeat.values())), budgets),
        runs=[_run(job, result) for job, result in _in_order(runs)],
        pass_rate=_pass_rate(list(by_repeat.values())) if repeated and by_repeat else None,
        budgets=budgets,
    )


def _in_order(runs: Mapping[Job, ScenarioResult]) -> list[tuple[Job, ScenarioResult]]:
    return sorted(runs.items(), key=lambda item: (item[0].repeat, item[0].attempt))


def _run(job: Job, result: ScenarioResult) -> SuiteRun:
    return SuiteRun(
        folder=job.folder,
        repeat=job.repeat,
        attempt=job.attempt,
        verdict=result.verdict,
        wall_s=result.wall_s,
        reason=reason_of(result),
    )


def reason_of(result: ScenarioResult) -> str | None:
    """What failed first, in words; None where nothing did."""
    if result.error is not None:
        return result.error.message.splitlines()[0]
    for verdict in ("error", "failed", "cannot_tell"):
        for expectation in result.expectations:
            if expectation.verdict == verdict and not expectation.soft:
                step = f"step {expectation.step}: " if expectation.step is not None else ""
                doubt = "cannot tell whether " if verdict == "cannot_tell" else ""
                return f"{step}{doubt}{expectation.text} – {expectation.evidence or 'no evidence'}"
    return None


def _pass_rate(outcomes: Sequence[Sequence[SuiteVerdict]]) -> PassRate:
    """Of first attempts: a retry would make every rate look better than it is."""
    passed, runs = sum(attempts[0] == "passed" for attempts in outcomes), len(outcomes)
    low, high = wilson(passed, runs)
    return PassRate(passed=passed, runs=runs, low=low, high=high)
