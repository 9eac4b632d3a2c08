"""Runs of a suite: in this process one after the other, or spread over several."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.errors import UsageError
from harness.report.results import Results, ScenarioResult
from harness.scenario.batch import Batch
from harness.scenario.load import Given, LoadedScenario, hidden_of_all
from harness.scenario.out_folder import own_folder
from harness.scenario.prepare import prepare
from harness.scenario.progress import NoProgress, Progress
from harness.scenario.run import RunOptions, check_engine_options, check_loaded, run_loaded
from harness.suite.earlier import with_earlier
from harness.suite.engine_options import for_engine
from harness.suite.outcome import suite_results
from harness.suite.plan import Job, jobs_of
from harness.suite.worker_process import Share, run_shares
from harness.suite.write import write_suite


@dataclass(frozen=True)
class SuiteOptions:
    """How a suite is run."""

    engines: tuple[str, ...] = ("browser",)
    repeat: int = 1
    retries: int = 0
    """How often a run that did not pass is tried again; those attempts come at the end."""

    workers: int = 1
    """Processes, each with a browser and a server of its own."""

    max_failures: int | None = None
    """After so many runs that did not pass, no other one is begun."""

    shard: str | None = None
    """Which part of the suite this is, for the reports."""

    from_project: frozenset[str] = frozenset()
    """Fields of `RunOptions` that the project's settings gave: for the engines that have them."""

    earlier: Results | None = None
    """What the folder has of the run before, where this one is a part of it that is run again."""

    known: frozenset[str] = frozenset()
    """The names that the suite has today: of an earlier run no other ones are kept."""


async def run_suite(
    scenarios: Sequence[LoadedScenario],
    options: SuiteOptions,
    how: RunOptions,
    out: Path,
    progress: Progress | None = None,
    given: Given | None = None,
) -> Results:
    """Run the scenarios, each in a folder of its own, and write the page over all of them.

    Args:
        how: what the calls are told; its engine is not read, but that of `options`.
        given: with which the scenarios were loaded; other processes load them again.

    Returns:
        What was run, and of `options.earlier` what was not run again.

    Raises:
        UsageError: a scenario or a value is wrong; nothing was run.
        HarnessError: no browser or server at all.
    """
    for engine in options.engines:
        with hidden_of_all(scenarios).in_errors():
            one = for_engine(how, engine, options.from_project)
            check_loaded(scenarios, one)
            if len(options.engines) > 1:  # the last one must not refuse when others have run
                check_engine_options(one)
    _check_workers(options, how, len(scenarios) * options.repeat)
    planned = jobs_of(scenarios, options.engines, options.repeat)
    began_s, wall_began_s = time.monotonic(), time.time()
    state = _State(scenarios, options, how, out, progress or NoProgress(), given or Given())
    with own_folder(out):
        try:
            await state.run(planned)
        finally:
            # Also after Ctrl-C: what was run until then has its page.
            await asyncio.to_thread(state.take_untold, wall_began_s)
            wall_s = time.monotonic() - began_s
            made = suite_results(scenarios, planned, state.done, wall_s=wall_s, shard=options.shard)
            results = with_earlier(made, options.earlier, options.known)
            if state.done or not planned:  # a shard may be empty, and has its files, too
                await asyncio.to_thread(write_suite, results, out)
    return results


def _check_workers(options: SuiteOptions, how: RunOptions, runs: int) -> None:
    """See that no program that serves the page would be started twice at one address.

    Args:
        runs: how many there are in each engine.
    """
    if how.backend and min(options.workers, runs) > 1:
        raise UsageError(
            "A program behind “--” serves one worker.",
            expected="one process that drives the page of that program",
            found=f"--workers {options.workers}, each of which would start it at one address",
            hint="--workers 1, or start it yourself",
        )


@dataclass
class _State:
    """A suite that is being run."""

    scenarios: Sequence[LoadedScenario]
    options: SuiteOptions
    how: RunOptions
    out: Path
    progress: Progress
    given: Given
    done: dict[Job, ScenarioResult] = field(default_factory=dict)
    begun: list[Job] = field(default_factory=list)
    """Those of the rounds that have begun, whether they ran or not."""

    async def run(self, planned: Sequence[Job]) -> None:
        """All runs, and then what did not pass once more, as often as that is wanted."""
        jobs = list(planned)
        for _ in range(self.options.retries + 1):
            for engine in self.options.engines:
                await self._round([job for job in jobs if job.engine == engine], engine)
            jobs = [
                job.again()
                for job in jobs
                if job in self.done and self.done[job].verdict != "passed"
            ]

    @property
    def is_enough(self) -> bool:
        """Whether so much has failed that no other run is begun; retries are others."""
        failures = sum(r.verdict != "passed" for job, r in self.done.items() if job.attempt == 0)
        return self.options.max_failures is not None and failures >= self.options.max_failures

    async def _round(self, jobs: list[Job], engine: str) -> None:
        if not jobs:
            return
        retrying = jobs[0].attempt > 0
        if self.is_enough and not retrying:
            return
        self.begun += jobs
        how = for_engine(self.how, engine, self.options.from_project)
        workers = min(self.options.workers, len(jobs))

        def ended(job: Job, results: Results) -> None:
            self.done[job] = moved_below(results.scenarios[0], job.folder)

        def stops() -> bool:
            return self.is_enough and not retrying

        if workers == 1:
            batch = Batch(
                [job.folder for job in jobs],
                lambda index, results: ended(jobs[index], results),
                stops,
            )
            loaded = [self.scenarios[job.scenario] for job in jobs]
            await run_loaded(loaded, how, self.out, self.progress, batch)
            return
        await asyncio.to_thread(self._check_audio)
        shares = [Share.of(jobs[n::workers], self.scenarios, self.given) for n in range(workers)]
        await run_shares(shares, how, self.out, self.progress, ended, stops)

    def take_untold(self, since_s: float) -> None:
        """Take the runs that have left their results, and were broken off before they told it.

        Args:
            since_s: when the suite began, by the clock of the files.
        """
        for job in [job for job in self.begun if job not in self.done]:
            path = self.out / job.folder / "results.json"
            with contextlib.suppress(OSError, ValueError):
                if path.stat().st_mtime >= since_s:
                    results = Results.model_validate_json(path.read_text(encoding="utf-8"))
                    self.done[job] = moved_below(results.scenarios[0], job.folder)

    def _check_audio(self) -> None:
        """See that everything can be said before several processes begin."""
        from harness.speech.engines import default_synthesiser

        with hidden_of_all(self.scenarios).in_errors():
            prepare(self.scenarios, default_synthesiser())


def moved_below(result: ScenarioResult, folder: str) -> ScenarioResult:
    """A result with its files as they are seen from the folder above."""
    artifacts: Mapping[str, str] = {
        **{name: f"{folder}/{path}" for name, path in result.artifacts.items()},
        "report": f"{folder}/report.html",
    }
    return result.model_copy(update={"artifacts": dict(artifacts)})
