"""Run scenarios end to end: an engine, calls, traces, reports."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from harness.call.call import Call
from harness.call.opening import CallOptions
from harness.clock import Clock, MonotonicClock
from harness.errors import HarnessError, UsageError
from harness.peer.engines import DEFAULT_ENGINE as DEFAULT_NATIVE
from harness.scenario.engines import (
    DEFAULT_ENGINE,
    Engine,
    EngineOptions,
    check_engine,
    open_engine,
    report_speech,
)
from harness.scenario.out_folder import own_folder
from harness.scenario.prepare import Prepared, prepare
from harness.scenario.progress import NoProgress, Progress
from harness.scenario.runner import ScenarioRunner
from harness.server.faults.faults import refuse_in_memory
from harness.speech.nanotts import NanoTtsSynthesiser

if TYPE_CHECKING:
    from harness.report.results import Results


async def run_scenarios(
    paths: Sequence[Path],
    *,
    out: Path,
    engine: str = DEFAULT_ENGINE,
    native: str = DEFAULT_NATIVE,
    page_url: str | None = None,
    server_url: str | None = None,
    headed: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> Results:
    """Run the scenarios one after the other and write their reports to ``out``.

    A scenario that breaks is reported with the verdict "error"; the others still run.

    Args:
        engine: "browser", "native" (no browser) or "simulated" (in memory, in virtual time).
        native: the WebRTC implementation of the native engine, "wrtc" or "aiortc".
        seed: for the identifiers of simulated sessions; the same seed repeats a run.

    Raises:
        UsageError: a scenario, its audio or a value is wrong; nothing was run.
        HarnessError: no browser or server at all.
        ArtifactError: the reports cannot be written.
    """
    if not paths:
        raise UsageError("No scenario was given.", hint="harness run fixtures/scenarios/rover.yaml")
    options = EngineOptions(engine, native, page_url, server_url, headed, seed)
    check_engine(options)
    prepared = await asyncio.to_thread(prepare, paths, NanoTtsSynthesiser())
    if engine == "simulated":
        for one in prepared:
            refuse_in_memory(one.script.all_faults)
    with own_folder(out):
        run = _Run(out, progress or NoProgress(), MonotonicClock(), [])
        try:
            async with open_engine(options, prepared) as started:
                for index, one in enumerate(prepared):
                    await run.scenario(one, index, len(prepared), started)
        except BaseException:
            # Also after Ctrl-C: what was recorded so far gets its report. A report that cannot be
            # written does not hide why the run ended.
            with contextlib.suppress(HarnessError):
                _report(run, options)
            raise
        return _report(run, options)


def _report(run: _Run, options: EngineOptions) -> Results:
    from harness.report.write import write_reports  # slow to import, and needed last

    recorded = [folder for folder in run.folders if (folder / "trace.jsonl").exists()]
    with report_speech(options) as find_speech:
        return write_reports(run.out, recorded, find_speech=find_speech)


@dataclass
class _Run:
    """One run of several scenarios."""

    out: Path
    progress: Progress
    clock: Clock
    folders: list[Path]

    async def scenario(self, one: Prepared, index: int, count: int, engine: Engine) -> None:
        scenario = one.loaded.scenario
        folder = _folder(self.out, scenario.name, self.folders)
        self.folders.append(folder)
        started_s = self.clock.now_s()
        self.progress.scenario_started(scenario.name, index, count)
        verdict = "error"

        async def converse(call: Call) -> bool:
            return await ScenarioRunner(call, scenario, one.utterances, self.progress).run()

        try:
            passed = await engine.run(one, folder, _options(one, started_s), converse)
            verdict = "passed" if passed else "failed"
        except HarnessError as error:
            if not (folder / "trace.jsonl").exists():
                raise  # nothing can be reported about it: say it here
            self.progress.step("error", str(error), 0.0)
        finally:
            wall_s = self.clock.now_s() - started_s
            self.progress.scenario_ended(scenario.name, verdict, wall_s)


def _options(one: Prepared, started_s: float) -> CallOptions:
    scenario = one.loaded.scenario
    return CallOptions(
        name=scenario.name,
        session=scenario.session,
        start=[a.model_dump(exclude_none=True) for a in scenario.page.start],
        connect_s=scenario.defaults.connect_s,
        started_s=started_s,
        facts={
            "scenario": scenario.name,
            "description": scenario.description,
            "scenario_file": str(one.loaded.path),
            "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        },
    )


def _folder(out: Path, name: str, taken: Sequence[Path]) -> Path:
    """A folder of its own for each run, also where two scenarios have one name."""
    folder, number = out / name, 2
    while folder in taken:
        folder, number = out / f"{name}-{number}", number + 1
    return folder
