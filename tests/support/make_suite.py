"""Suites without a run: scenarios from text, and results of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.report.results import Expectation, Heard, Results, Said, ScenarioResult, Verdict
from harness.scenario.load import LoadedScenario, load_scenarios
from harness.suite.outcome import suite_results
from harness.suite.plan import Job, jobs_of
from tests.support.make_results import make_scenario


def make_scenarios(
    folder: Path, *names: str, tags: Sequence[str] = ("smoke",)
) -> list[LoadedScenario]:
    """Files with one scenario each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        text = f"name: {name}\ntags: [{', '.join(tags)}]\nsteps: [hang_up]\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return [one for name in names for one in load_scenarios(folder / f"{name}.yaml")]


def make_result(name: str, verdict: Verdict = "passed", latency_s: float = 0.8) -> ScenarioResult:
    """One run; what failed has markup, a mention and a pipe in its words."""
    failed = "the answer says “<b>two</b>”" if verdict == "failed" else None
    evidence = "heard “three | four” @kim"
    made = make_scenario(
        latencies_s=[latency_s],
        failed=failed,
        evidence=evidence,
        error="The page crashed." if verdict == "error" else None,
    )
    said = Said(text="x", file=None, start_s=0.5, end_s=2.0)
    heard = Heard(start_s=2.8, end_s=5.0, recognised="y", transcript="y")
    turn = made.turns[0].model_copy(update={"said": said, "heard": heard})
    expectations = [one.model_copy(update={"at_s": 5.0}) for one in made.expectations]
    if verdict == "cannot_tell":
        doubt = {"step": 1, "kind": "words", "text": "the answer says “two”", "evidence": "noise"}
        expectations = [Expectation(verdict="cannot_tell", **doubt)]  # type: ignore[arg-type]
    return made.model_copy(
        update={
            "name": name,
            "engine": "simulated",
            "verdict": verdict,
            "turns": [turn],
            "expectations": expectations,
            "artifacts": {"report": f"{name}/report.html", "audio": f"{name}/call.wav"},
        }
    )


def make_suite(folder: Path, verdicts: dict[str, Sequence[Verdict]], repeat: int = 1) -> Results:
    """A suite of scenarios, each with the verdicts of its attempts; none: it was not run."""
    scenarios = make_scenarios(folder, *verdicts)
    planned = jobs_of(scenarios, ["simulated"], repeat)
    done: dict[Job, ScenarioResult] = {}
    for job in planned:
        name = scenarios[job.scenario].scenario.name
        attempts, tried = list(verdicts[name]), job
        if repeat > 1:
            attempts = attempts[job.repeat - 1 : job.repeat]
        for verdict in attempts:
            done[tried] = make_result(name, verdict)
            tried = tried.again()
    return suite_results(scenarios, planned, done, wall_s=12.0)
