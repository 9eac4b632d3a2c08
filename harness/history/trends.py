"""Trends of a history: each number from run to run, and scenarios that are flaky. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from harness.history.rows import RunRow, SuiteRow
from harness.report.suite_results import SuiteVerdict
from harness.suite.outcome import verdict_over
from harness.suite.pass_rate import wilson

FEWEST_BEFORE = 5
"""Runs before the last one, at least, for a range of what is usual."""

SPREADS = 3.0
"""The usual range reaches so many standard deviations from the median, either way."""

SPREAD_OF_MAD = 1.4826
"""A normal distribution's standard deviation, in median absolute deviations."""

LEAST_RANGE = {"s": 0.02, "": 0.01}
"""Half of a usual range is no narrower: seconds, and ratios."""

FLAKY_FLIPS = 2
"""Passed, failed, passed again: from so many flips on a scenario is flaky; one may be a repair."""


@dataclass(frozen=True, slots=True)
class Point:
    """One number in one suite."""

    value: float
    """The median over the scenario's first attempts in it."""

    began_at: str
    build: str
    machine: str


@dataclass(frozen=True, slots=True)
class Trend:
    """One number of one scenario, from run to run."""

    number: str
    points: tuple[Point, ...]
    """In order of time; at least one."""

    before: float | None
    """The median of the runs before, on a machine of the last one's class; None: there are none."""

    usual: tuple[float, float] | None
    """Where most of those lie, and a little beyond; None: too few to say."""

    @property
    def last(self) -> float:
        """The newest value."""
        return self.points[-1].value

    @property
    def change(self) -> float | None:
        """The newest value less the median of those before."""
        return None if self.before is None else self.last - self.before

    @property
    def is_unusual(self) -> bool:
        """Whether the newest value lies outside of what is usual."""
        return self.usual is not None and not self.usual[0] <= self.last <= self.usual[1]


@dataclass(frozen=True, slots=True)
class Flakiness:
    """How steady the verdict of a scenario is, by first attempts alone."""

    passed: int
    runs: int
    low: float
    """Of the pass rate, 95 % (Wilson); 0 to 1."""

    high: float
    flips: int
    """How often a run passed and the next one did not, or the other way round."""

    retried: int
    """Suites in which it passed after a retry, or in some of its repeats alone."""

    @property
    def is_flaky(self) -> bool:
        """Whether it changes for no lasting reason."""
        return self.flips >= FLAKY_FLIPS or self.retried > 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a scenario in one suite."""

    verdict: SuiteVerdict
    began_at: str
    build: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ScenarioHistory:
    """One scenario in one engine over the suites that had it."""

    scenario: str
    engine: str
    outcomes: tuple[Outcome, ...]
    flakiness: Flakiness
    trends: tuple[Trend, ...]
    missed: int = 0
    """So many of the newest suites did not have it: it was not chosen, or is gone."""

    @property
    def is_remarkable(self) -> bool:
        """Whether to look at it: it did not pass last, is flaky, or has an unusual number."""
        return (
            self.outcomes[-1].verdict != "passed"
            or self.flakiness.is_flaky
            or any(trend.is_unusual for trend in self.trends)
        )


def histories(
    suites: Sequence[SuiteRow],
    *,
    scenario: str | None = None,
    numbers: Sequence[str] = (),
    last: int | None = None,
) -> list[ScenarioHistory]:
    """Every scenario's history, those first that somebody should look at, then by name.

    Args:
        suites: in order of time.
        scenario: this one alone.
        numbers: these alone, in this order; all where empty.
        last: of each scenario, the newest suites that had it, at most so many.
    """
    kinds = _by_kind(suites)
    places = {suite.key: place for place, suite in enumerate(suites, start=1)}
    found = [
        replace(
            _history(name, engine, own[-last:] if last else own, numbers),
            missed=len(suites) - places[own[-1][0].key],
        )
        for (name, engine), own in kinds.items()
        if scenario in (None, name)
    ]
    return sorted(found, key=lambda one: (not one.is_remarkable, one.scenario, one.engine))


def numbers_in(suites: Iterable[SuiteRow]) -> list[str]:
    """Names of all numbers, in order of appearance."""
    return list(dict.fromkeys(n for suite in suites for run in suite.runs for n in run.numbers))


def usual_range(values: Sequence[float], least: float) -> tuple[float, float] | None:
    """Where most values lie and a little beyond; None of fewer than `FEWEST_BEFORE`.

    Formula: median ± 3 · 1.4826 · median absolute deviation, at least ± `least`.
    """
    if len(values) < FEWEST_BEFORE:
        return None
    middle = median(values)
    spread = SPREAD_OF_MAD * median(abs(value - middle) for value in values)
    half = max(SPREADS * spread, least)
    return middle - half, middle + half


_Own = Sequence[tuple[SuiteRow, list[RunRow]]]


def _by_kind(
    suites: Sequence[SuiteRow],
) -> dict[tuple[str, str], list[tuple[SuiteRow, list[RunRow]]]]:
    """The runs of each scenario in each engine, suite by suite, in one pass over all of them."""
    kinds: dict[tuple[str, str], list[tuple[SuiteRow, list[RunRow]]]] = {}
    for suite in suites:
        runs: dict[tuple[str, str], list[RunRow]] = {}
        for run in suite.runs:
            runs.setdefault((run.scenario, run.engine), []).append(run)
        for kind, own in runs.items():
            kinds.setdefault(kind, []).append((suite, own))
    return kinds


def _history(name: str, engine: str, own: _Own, numbers: Sequence[str]) -> ScenarioHistory:
    outcomes = tuple(_outcome(suite, runs) for suite, runs in own)
    known = dict.fromkeys(n for _, runs in own for run in runs for n in run.numbers)
    chosen = [number for number in numbers or known if number in known]
    trends = (_trend(number, own) for number in chosen)
    return ScenarioHistory(
        name,
        engine,
        outcomes,
        _flakiness(own, outcomes),
        tuple(trend for trend in trends if trend is not None),
    )


def _outcome(suite: SuiteRow, runs: Sequence[RunRow]) -> Outcome:
    by_repeat: dict[int, list[SuiteVerdict]] = {}
    for run in runs:
        by_repeat.setdefault(run.repeat, []).append(run.verdict)
    reason = next((run.reason for run in runs if run.reason), None)
    verdict = verdict_over(list(by_repeat.values()))
    return Outcome(verdict, suite.began_at, suite.build, reason)


def _first_attempts(runs: Iterable[RunRow]) -> Iterator[RunRow]:
    """A retry is made because the first attempt did not pass: it is no further run."""
    return (run for run in runs if run.attempt == 0)


def _flakiness(own: _Own, outcomes: Sequence[Outcome]) -> Flakiness:
    passes = [run.verdict == "passed" for _, runs in own for run in _first_attempts(runs)]
    low, high = wilson(sum(passes), len(passes)) if passes else (0.0, 1.0)
    flips = sum(one != other for one, other in pairwise(passes))
    retried = sum(outcome.verdict == "flaky" for outcome in outcomes)
    return Flakiness(sum(passes), len(passes), low, high, flips, retried)


def _alike(one: str, other: str) -> bool:
    """Whether times of two machines may be compared: they are of one class, or nobody knows."""
    return one == other or not one or not other


def _trend(number: str, own: _Own) -> Trend | None:
    points = []
    for suite, runs in own:
        values = [
            run.numbers[number].median for run in _first_attempts(runs) if number in run.numbers
        ]
        if values:
            points.append(Point(median(values), suite.began_at, suite.build, suite.machine))
    if not points:
        return None
    before = [one.value for one in points[:-1] if _alike(one.machine, points[-1].machine)]
    least = LEAST_RANGE["s" if number.endswith("_s") else ""]
    middle = median(before) if before else None
    return Trend(number, tuple(points), middle, usual_range(before, least))
