"""Runs of a suite: in this process one after the other, or spread over several."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.report.results import Results, ScenarioResult
from harness.scenario.batch import Batch
from harness.scenario.load import Given, LoadedScenario, hidden_of_all
from harness.scenario.out_folder import own_folder
from harness.scenario.prepare import prepare
from harness.scenario.progress import NoProgress, Progress
from harness.scenario.run import RunOptions, check_loaded, run_loaded
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

    Raises:
        UsageError: a scenario or a value is wrong; nothing was run.
        HarnessError: no browser or server at all.
    """
    for engine in options.engines:
        with hidden_of_all(scenarios).in_errors():
            check_loaded(scenarios, replace(how, engine=engine))
    planned = jobs_of(scenarios, options.engines, options.repeat)
    began_s = time.monotonic()
    state = _State(scenarios, options, how, out, progress or NoProgress(), given or Given())
    with own_folder(out):
        try:
            await state.run(planned)
        finally:
            # Also after Ctrl-C: what was run until then has its page.
            wall_s = time.monotonic() - began_s
            results = suite_results(
                scenarios, planned, state.done, wall_s=wall_s, shard=options.shard
            )
            if state.done:
                await asyncio.to_thread(write_suite, results, out)
    return results


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
        how = replace(self.how, engine=engine)
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
