"""Scenarios end to end: an engine, calls, traces, reports. Run by `harness.scenario.run`."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from harness.call.call import Call
from harness.call.callers import Callers
from harness.call.dialog_answers import DialogAnswers
from harness.call.opening import CallOptions
from harness.clock import Clock, MonotonicClock
from harness.engines.browser.login import Logins
from harness.engines.concurrently import both
from harness.engines.prelaunch import Ahead
from harness.errors import HarnessError
from harness.exchange.playwright_trace import NAME as PLAYWRIGHT_TRACE
from harness.hidden import Hidden
from harness.line.autoplay import Autoplay
from harness.machine import machine_class
from harness.realtime.faults.parse import refuse_in_memory
from harness.report.finding_results import IGNORED
from harness.scenario.batch import Batch
from harness.scenario.cassette_use import CassetteUse
from harness.scenario.engine_checks import check_engine
from harness.scenario.engines import (
    Engine,
    EngineOptions,
    open_engine,
    stands_in_for_a_service,
)
from harness.scenario.hidden import hidden_cookies
from harness.scenario.hidden_logs import hidden_in_logs
from harness.scenario.load import LoadedScenario, hidden_of_all
from harness.scenario.model import Scenario
from harness.scenario.network import network_of, refuse_network_in_memory
from harness.scenario.out_folder import forget_recording, own_folder
from harness.scenario.page_needs import forget_pictures, to_call
from harness.scenario.page_rules import DialogRule, as_redirect
from harness.scenario.page_runner import PageRunner
from harness.scenario.page_steps import acts_of
from harness.scenario.prepare import Prepared, prepare
from harness.scenario.progress import HidingProgress, NoProgress, Progress
from harness.scenario.quality import QualityJudge
from harness.scenario.render import Rendered, render
from harness.scenario.report_speech import report_speech
from harness.scenario.runner import ScenarioRunner
from harness.speech.engines import default_synthesiser
from harness.speech.tools import NiceThread
from harness.speech.voices import Voices

if TYPE_CHECKING:
    from playwright.async_api import StorageState

    from harness.report.results import Results

TELL_EVERY_S = 2.0
"""While lines are spoken ahead, for as long as that takes."""


async def converse(
    scenarios: Sequence[LoadedScenario],
    out: Path,
    options: EngineOptions,
    progress: Progress | None,
    ahead: Ahead,
    batch: Batch | None = None,
) -> Results:
    """Run the scenarios one after the other, and report; see `run_scenarios`.

    Args:
        ahead: what the engine needs and comes up already.
        batch: each run has a report of its own, in place of one over all.
    """
    check_engine(options)
    voices = default_synthesiser()
    ours = _assistants_are_ours([loaded.scenario for loaded in scenarios], options)
    prepared = await asyncio.to_thread(prepare, scenarios, voices, assistants=ours)
    if options.engine == "simulated":
        refuse_network_in_memory(one.loaded.scenario for one in prepared)
        for one in prepared:
            refuse_in_memory(one.script.all_faults)
    with own_folder(out) if batch is None else contextlib.nullcontext():
        hidden = hidden_of_all(scenarios)
        shown = HidingProgress(progress or NoProgress(), hidden)
        run = _Run(
            out,
            shown,
            MonotonicClock(),
            [],
            network=options.network,
            contexts=options.contexts,
            batch=batch,
            cassettes=options.cassettes,
            pcap=options.pcap,
            autoplay=options.autoplay,
            tracing=options.tracing,
        )
        try:
            async with AsyncExitStack() as engines:
                engines.enter_context(hidden_in_logs(lambda: run.hidden))
                opening = engines.enter_async_context(open_engine(options, prepared, ahead, voices))
                started, run.rendered = await both(
                    opening, _rendered(prepared, voices, options, run.progress)
                )
                if batch is not None:
                    return await _runs_of(run, batch, prepared, started, options)
                for index, one in enumerate(prepared):
                    await run.scenario(one, index, len(prepared), started)
                return await _report_while_ending(run, options, engines)
        except BaseException:
            # Also after Ctrl-C: what was recorded so far gets its report. A report that cannot be
            # written does not hide why the run ended.
            if run.folders and not run.is_reporting:
                with contextlib.suppress(HarnessError):
                    _report(run, options)
            with run.hidden.in_errors():
                raise


async def _rendered(
    prepared: Sequence[Prepared], voices: Voices, options: EngineOptions, progress: Progress
) -> Rendered:
    """Everything spoken, in a thread that comes after browser and server."""
    last_told_s = time.monotonic()

    def told(done: int, count: int) -> None:
        nonlocal last_told_s
        if time.monotonic() - last_told_s > TELL_EVERY_S:
            last_told_s = time.monotonic()
            loop.call_soon_threadsafe(progress.starting, f"speaking ahead: {done} of {count} lines")

    loop, stop = asyncio.get_running_loop(), threading.Event()
    scenarios = [one.loaded.scenario for one in prepared]
    is_ours = _assistants_are_ours(scenarios, options)
    with NiceThread() as thread:
        try:
            return await thread(
                partial(render, prepared, voices, assistants=is_ours, told=told, stop=stop)
            )
        finally:
            stop.set()


def _assistants_are_ours(scenarios: Sequence[Scenario], options: EngineOptions) -> bool:
    """Whether a server of this run says what the scripts say, with its own voices."""
    cassette = options.cassettes.options()
    if cassette is not None and not cassette.lenient:
        return False  # it has its own sound
    has_no_page = options.page_url is None or stands_in_for_a_service(options, scenarios)
    return options.server_url is None and has_no_page


async def _runs_of(
    run: _Run,
    batch: Batch,
    prepared: Sequence[Prepared],
    engine: Engine,
    options: EngineOptions,
) -> Results:
    """The runs of a batch; each is reported before the next one begins."""
    from harness.report.results import collect

    found: list[Results] = []
    for index, one in enumerate(prepared):
        if batch.stops():
            break
        await run.scenario(one, index, len(prepared), engine)
        found.append(await asyncio.to_thread(_report, run, options))
        run.folders.clear()
        batch.ended(index, found[-1])
    return collect([scenario for results in found for scenario in results.scenarios])


async def _report_while_ending(
    run: _Run, options: EngineOptions, engines: AsyncExitStack
) -> Results:
    """The reports are written while browser and server end: nothing is recorded any more."""
    run.is_reporting = True
    reports = asyncio.create_task(asyncio.to_thread(_report, run, options))
    try:
        await engines.aclose()
    finally:
        await asyncio.wait([reports])
    return reports.result()


def _report(run: _Run, options: EngineOptions) -> Results:
    from harness.report.write import write_reports  # slow to import, and needed last

    recorded = [folder for folder in run.folders if (folder / "trace.jsonl").exists()]
    out = run.out if run.batch is None else run.folders[0]
    with report_speech(options) as find_speech:
        return write_reports(out, recorded, find_speech=find_speech, hidden=run.hidden)


@dataclass
class _Run:
    """One run of several scenarios."""

    out: Path
    progress: HidingProgress
    clock: Clock
    folders: list[Path]
    rendered: Rendered | None = None
    is_reporting: bool = False
    """Its reports are being written, or were."""

    callers: Callers = field(default_factory=Callers)
    network: str | None = None
    """The profile of every call's network; absent: what each scenario says."""

    contexts: str | None = field(default=None, repr=False)  # may hold a password
    """The file or database that keeps the scenarios' contexts; absent: none outlives its call."""

    batch: Batch | None = None
    cassettes: CassetteUse = field(default_factory=CassetteUse)
    pcap: bool = False
    autoplay: str | None = None
    """Whether pages are heard before a click; absent: what each scenario says."""

    tracing: str = "off"

    @property
    def hidden(self) -> Hidden:
        """What nobody may read in what the run leaves behind, as far as it is known by now."""
        return self.progress.hidden

    @cached_property
    def logins(self) -> Logins:
        """Those that its scenarios share; what they earn is hidden from then on."""
        return Logins(self._hide_cookies)

    def _hide_cookies(self, state: StorageState) -> None:
        earned = [(f"the cookie {one['name']}", one["value"]) for one in state["cookies"]]
        self.progress.hidden |= hidden_cookies(earned)

    async def scenario(self, one: Prepared, index: int, count: int, engine: Engine) -> None:
        scenario = one.loaded.scenario
        if self.batch is None:
            folder = _folder(self.out, scenario.name, self.folders)
        else:
            folder = self.out / self.batch.folders[index]
        self.folders.append(folder)
        forget_pictures(one.loaded, folder)
        forget_recording(folder)
        started_s = self.clock.now_s()
        self.progress.scenario_started(scenario.name, index, count)
        verdict = "error"

        verdicts: list[str] = []

        async def steps(call: Call) -> bool:
            page = None
            if call.line.capabilities.has_page:
                page = PageRunner(call, one.loaded.folder, folder, scenario.defaults.page_s)
            runner = ScenarioRunner(
                call,
                scenario,
                one.utterances,
                self.progress,
                page,
                one.loaded.rounds,
                noises=one.noises,
                quality=QualityJudge(call, one.references, engine.received(call)),
                talks=one.talks,
                attachments=one.attachments,
            )
            passed = await runner.run()
            verdicts.append(runner.verdict)
            return passed

        try:
            await engine.run(one, folder, _options(one, started_s, self, folder), steps)
            [verdict] = verdicts
        except HarnessError as error:
            if not (folder / "trace.jsonl").exists():
                raise  # nothing can be reported about it: say it here
            self.progress.step("error", str(error), 0.0)
        finally:
            if self.tracing == "retain-on-failure" and verdict == "passed":
                (folder / PLAYWRIGHT_TRACE).unlink(missing_ok=True)
            wall_s = self.clock.now_s() - started_s
            self.progress.scenario_ended(scenario.name, verdict, wall_s)


def _options(one: Prepared, started_s: float, run: _Run, out: Path) -> CallOptions:
    scenario, folder = one.loaded.scenario, one.loaded.folder
    ahead = {} if run.rendered is None else {"spoken_ahead": run.rendered.as_dict()}
    page_s = scenario.defaults.page_s
    login = acts_of(scenario.page.login, folder, page_s)
    return CallOptions(
        name=scenario.name,
        hidden=run.hidden,
        hidden_later=lambda: run.hidden,
        session=scenario.session,
        start=acts_of(scenario.page.start, folder, page_s),
        to_call=to_call(scenario),
        login=run.logins.of(login, out) if login else None,
        camera=scenario.page.camera,
        autoplay=cast("Autoplay", run.autoplay or scenario.page.autoplay),
        playwright_trace=run.tracing != "off",
        requests=scenario.page.requests,
        reconnects_s=scenario.page.reconnects_s,
        microphone=scenario.page.microphone,
        context=scenario.page.context_options(one.loaded.folder),
        conversation=one.context and replace(one.context, kept_in=run.contexts),
        dialogs=_dialogs(scenario.page.dialogs),
        network=network_of(scenario, run.network, pcap=run.pcap),
        redirect=None if scenario.page.redirect is None else as_redirect(scenario.page.redirect),
        connect_s=scenario.defaults.connect_s,
        started_s=started_s,
        callers=run.callers,
        record=run.cassettes.target(scenario.name),
        overwrite=run.cassettes.overwrite,
        facts={
            "scenario": scenario.name,
            "description": scenario.description,
            "scenario_file": str(one.loaded.path),
            "machine": machine_class(),
            **({IGNORED: ignored} if (ignored := dict(scenario.ignore_findings)) else {}),
            "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
            **ahead,
        },
    )


def _dialogs(wanted: str | list[DialogRule]) -> DialogAnswers:
    if isinstance(wanted, list):
        return [rule.model_dump(exclude_none=True) for rule in wanted]
    return "dismiss" if wanted == "dismiss" else "accept"


def _folder(out: Path, name: str, taken: Sequence[Path]) -> Path:
    """A folder of its own for each run, also where two scenarios have one name."""
    folder, number = out / name, 2
    while folder in taken:
        folder, number = out / f"{name}-{number}", number + 1
    return folder
