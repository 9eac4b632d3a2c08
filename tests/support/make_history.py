"""Suites of a history without a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.history.rows import Number, RunRow, SuiteRow
from harness.report.results import Verdict

NUMBER = "voice_to_voice_s"


def run_row(verdict: Verdict = "passed", scenario: str = "booking", **more: object) -> RunRow:
    """One run in the simulated engine."""
    reason = None if verdict == "passed" else "step 2: the answer says “two” – heard “three”"
    return RunRow(scenario, "simulated", verdict, reason=reason, **more)  # type: ignore[arg-type]


def suite_of(day: int, *runs: RunRow, machine: str = "Linux x86_64, 2 cores") -> SuiteRow:
    """Runs of one night."""
    began_at = f"2026-11-{day:02}T03:00:00+00:00"
    return SuiteRow(f"key {day}", began_at, runs, "out", f"build{day}", machine)


def nights(values: Sequence[float | None], name: str = NUMBER) -> list[SuiteRow]:
    """One suite a value, each with one run; None: the number did not happen."""
    suites = []
    for day, value in enumerate(values, start=1):
        numbers: Mapping[str, Number] = {} if value is None else {name: Number(value, 3)}
        suites.append(suite_of(day, run_row(numbers=numbers)))
    return suites


def verdicts(*outcomes: Verdict) -> list[SuiteRow]:
    """One suite a verdict."""
    return [suite_of(day, run_row(verdict)) for day, verdict in enumerate(outcomes, start=1)]
