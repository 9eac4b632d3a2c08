"""Rows of a history: a suite, its runs, and the numbers of each, as results have them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harness.report.results import Results, ScenarioResult, Verdict, results_json
from harness.report.suite_results import SuiteRun
from harness.suite.earlier import without_earlier
from harness.suite.outcome import reason_of
from harness.version import VERSION

BUILD_VARIABLES = ("HARNESS_BUILD", "GITHUB_SHA", "CI_COMMIT_SHA")
"""What says which build was tested; the first that is set counts."""

BUILD_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Number:
    """One number of one run, in its own unit: seconds, or a ratio."""

    median: float
    """Over the turns of the run."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of one scenario."""

    scenario: str
    engine: str
    verdict: Verdict
    repeat: int = 1
    attempt: int = 0
    """0, and more where it was tried again."""

    reason: str | None = None
    wall_s: float | None = None
    numbers: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SuiteRow:
    """Everything that one `harness run` ran."""

    key: str
    """Of its results: the same results are one suite, however often they are added."""

    began_at: str
    """Wall-clock time, ISO 8601."""

    runs: tuple[RunRow, ...]
    source: str = ""
    """The folder of its results."""

    build: str = ""
    """Which build was tested; empty where nobody said so."""

    machine: str = ""
    """Its class: times of one are not those of another."""

    harness: str = VERSION


def suite_row(
    results: Results, *, now: str, source: str = "", build: str = "", machine: str = ""
) -> SuiteRow:
    """Results as rows.

    Args:
        now: when it ended, ISO 8601: its beginning where the results do not say that.
    """
    results = without_earlier(results)  # these are in the history, or were never to be
    told = [one.started_at for one in results.scenarios if one.started_at]
    return SuiteRow(
        key=hashlib.sha256(results_json(results).encode("utf-8")).hexdigest(),
        began_at=min(told, default=now),
        runs=tuple(_run(result, run) for result, run in _runs(results)),
        source=source,
        build=build,
        machine=machine,
    )


def build_of(environ: Mapping[str, str]) -> str:
    """Which build was tested, as automation says it; empty where it says nothing."""
    found = next((environ[name] for name in BUILD_VARIABLES if environ.get(name)), "")
    return found[:BUILD_CHARACTERS]


def _runs(results: Results) -> Iterator[tuple[ScenarioResult, SuiteRun | None]]:
    if results.suite is None:
        yield from ((result, None) for result in results.scenarios)
        return
    told = [run for scenario in results.suite.scenarios for run in scenario.runs]
    yield from zip(results.scenarios, told, strict=True)


def _run(result: ScenarioResult, run: SuiteRun | None) -> RunRow:
    return RunRow(
        scenario=result.name,
        engine=result.engine,
        verdict=result.verdict,
        repeat=run.repeat if run is not None else 1,
        attempt=run.attempt if run is not None else 0,
        reason=reason_of(result),
        wall_s=result.wall_s,
        numbers=dict(_numbers(result)),
    )


def _numbers(result: ScenarioResult) -> Iterator[tuple[str, Number]]:
    """Those over turns by their median, then those of the call as a whole."""
    for name, summary in result.numbers.items():
        yield name, Number(summary.median, summary.count)
    whole = {
        **result.connect.model_dump(),
        "talk_over_s": result.metrics.talk_over_s,
        "concealed_ratio": result.media.concealed_ratio,
    }
    for name, value in whole.items():
        if value is not None:
            yield name, Number(value)
