"""Worker processes of a suite: each runs its share of it and tells what became of each run."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import HarnessError, UsageError
from harness.report.results import Results
from harness.scenario.load import Given, LoadedScenario
from harness.scenario.progress import Progress
from harness.scenario.run import RunOptions
from harness.suite.plan import Job

ENDING_S = 30.0
"""How long a worker may take to close its calls when it is to end."""

LINE_BYTES = 1_000_000


@dataclass(frozen=True)
class Share:
    """What one worker runs."""

    jobs: tuple[Job, ...]
    files: tuple[str, ...]
    """The scenario file of each."""

    names: tuple[str, ...]
    """The scenario of each; with its row."""

    given: Given

    @classmethod
    def of(cls, jobs: Sequence[Job], scenarios: Sequence[LoadedScenario], given: Given) -> Share:
        """The share of these runs."""
        loaded = [scenarios[job.scenario] for job in jobs]
        files = tuple(str(one.path) for one in loaded)
        return cls(tuple(jobs), files, tuple(one.scenario.name for one in loaded), given)

    def as_json(self, how: RunOptions, out: Path) -> str:
        """What a worker is told, in one line. It may hold secrets: it goes through a pipe."""
        return json.dumps(
            {
                "out": str(out),
                "files": self.files,
                "names": self.names,
                "folders": [job.folder for job in self.jobs],
                "command_line": dict(self.given.command_line),
                "project": dict(self.given.project),
                "how": dataclasses.asdict(how),
            }
        )


async def run_shares(
    shares: Sequence[Share],
    how: RunOptions,
    out: Path,
    progress: Progress,
    ended: Callable[[Job, Results], None],
    stops: Callable[[], bool],
) -> None:
    """Run each share in a process of its own.

    Args:
        ended: told of each run that has its report.
        stops: asked after each: whether the workers begin no other one.

    Raises:
        HarnessError: a worker could not go on; the others are ended, too.
    """
    workers: list[Process] = []

    def tell_all_to_stop() -> None:
        for worker in workers:
            assert worker.stdin is not None
            with contextlib.suppress(OSError, RuntimeError):
                worker.stdin.write(b"stop\n")

    def on_ended(job: Job, results: Results) -> None:
        ended(job, results)
        if stops():
            tell_all_to_stop()

    count = sum(len(share.jobs) for share in shares)
    progress.starting(f"starting {len(shares)} workers for {count} runs")
    began = _Count(count)
    try:
        for share in shares:
            await _start(share.as_json(how, out), workers)
        async with asyncio.TaskGroup() as group:
            for worker, share in zip(workers, shares, strict=True):
                group.create_task(_follow(worker, share, out, progress, on_ended, began))
    except BaseExceptionGroup as errors:
        raise next(iter(errors.exceptions)) from None
    finally:
        await asyncio.gather(*map(_end, workers))


class _Count:
    """How many runs have begun, of how many."""

    def __init__(self, count: int) -> None:
        self.begun = 0
        self.count = count


async def _start(told: str, workers: list[Process]) -> None:
    """Start one more and tell it its share; it is among the workers before anything can fail."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "harness.suite.worker",
        stdin=PIPE,
        stdout=PIPE,
        limit=LINE_BYTES,
        start_new_session=True,  # Ctrl-C is for this process, which ends its workers in order
    )
    workers.append(worker)
    assert worker.stdin is not None
    worker.stdin.write(told.encode() + b"\n")
    with contextlib.suppress(ConnectionError):  # it died at once; who follows it tells why
        await worker.stdin.drain()


async def _follow(
    worker: Process,
    share: Share,
    out: Path,
    progress: Progress,
    ended: Callable[[Job, Results], None],
    began: _Count,
) -> None:
    assert worker.stdout is not None
    async for line in worker.stdout:
        told: dict[str, Any] = json.loads(line)
        match told["type"]:
            case "started":
                progress.scenario_started(told["name"], began.begun, began.count)
                began.begun += 1
            case "expectation":
                progress.expectation(told["text"], told["verdict"], told["evidence"], told["t_s"])
            case "ended":
                progress.scenario_ended(told["name"], told["verdict"], told["seconds"])
            case "reported":
                job = share.jobs[told["index"]]
                text = (out / job.folder / "results.json").read_text(encoding="utf-8")
                ended(job, Results.model_validate_json(text))
            case "failed":
                raise (UsageError if told["exit_code"] == 2 else HarnessError)(told["text"])
    code = await worker.wait()
    if code != 0:
        raise HarnessError(
            "A worker of the suite ended early.",
            expected=f"{len(share.jobs)} runs to their end",
            found=f"exit code {code}",
            hint="run again with --workers 1, or with fewer workers: memory may be short",
        )


async def _end(worker: Process) -> None:
    """The end of its input tells it to close its calls; it is killed where it does not."""
    if worker.stdin is not None:
        worker.stdin.close()
    try:
        async with asyncio.timeout(ENDING_S):
            await worker.communicate()
    except TimeoutError:
        worker.kill()
        await worker.wait()
