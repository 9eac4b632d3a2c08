"""Run scenarios end to end: server, browser, calls, traces, reports."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from harness.browser.launch import Chromium, open_chromium
from harness.call.open import CallOptions, open_call
from harness.call.rest import ServerAddress, set_script
from harness.call.utterance import Utterance, from_file, from_text, louder
from harness.clock import Clock, MonotonicClock
from harness.errors import ArtifactError, HarnessError, ScenarioError, UsageError
from harness.report.results import Results
from harness.report.write import write_reports
from harness.scenario.load import LoadedScenario, load_scenario
from harness.scenario.model import Interruption, Speech, Step
from harness.scenario.progress import NoProgress, Progress
from harness.scenario.runner import ScenarioRunner
from harness.server.process import start_server
from harness.server.script import Script
from harness.speech.interface import Synthesiser
from harness.speech.moonshine import MoonshineRecogniser
from harness.speech.nanotts import NanoTtsSynthesiser
from harness.trace import Masker

T = TypeVar("T")
U = TypeVar("U")

KEY_VARIABLES = ("HARNESS_API_KEY", "OPENAI_API_KEY")
HOSTED = {"openai": "https://api.openai.com/v1"}


@dataclass(frozen=True)
class RemoteServer:
    """A Realtime server that somebody else runs."""

    url: str
    api_key: str = field(repr=False)


@dataclass(frozen=True)
class Prepared:
    """A scenario with everything loaded that its steps say."""

    loaded: LoadedScenario
    utterances: Mapping[int, Utterance]
    """By step number, from 1."""

    script: Script


@dataclass
class Engines:
    """What the scenarios of one run share."""

    server: ServerAddress | None
    chromium: Chromium
    recogniser: MoonshineRecogniser
    synthesiser: Synthesiser
    page_url: str | None
    progress: Progress
    clock: Clock


async def run_scenarios(
    paths: Sequence[Path],
    *,
    out: Path,
    page_url: str | None = None,
    server_url: str | None = None,
    headed: bool = False,
    progress: Progress | None = None,
) -> Results:
    """Run the scenarios one after the other and write their reports to ``out``.

    A scenario that breaks is reported with the verdict "error"; the others still run.

    Raises:
        UsageError: a scenario, its audio or a value is wrong; nothing was run.
        HarnessError: no browser or server at all.
        ArtifactError: the reports cannot be written.
    """
    if not paths:
        raise UsageError("No scenario was given.", hint="harness run fixtures/scenarios/rover.yaml")
    _check_writable(out)
    recogniser, synthesiser = _speech()
    prepared = await asyncio.to_thread(prepare, paths, synthesiser)
    folders: list[Path] = []
    try:
        async with AsyncExitStack() as stack:
            # Side by side: each takes about a second.
            server, chromium = await _both(
                stack.enter_async_context(_server(server_url, page_url, prepared)),
                stack.enter_async_context(open_chromium(headless=not headed)),
            )
            engines = Engines(
                server,
                chromium,
                recogniser,
                synthesiser,
                page_url,
                progress or NoProgress(),
                MonotonicClock(),
            )
            for index, one in enumerate(prepared):
                folder = _folder(out, one.loaded.scenario.name, folders)
                folders.append(folder)
                await _run_one(one, index, len(prepared), folder, engines)
    finally:
        # Also after Ctrl-C: what was recorded so far gets its report.
        results = write_reports(out, folders) if folders else None
    assert results is not None  # there was at least one scenario
    return results


async def _both(one: Coroutine[Any, Any, T], other: Coroutine[Any, Any, U]) -> tuple[T, U]:
    """Both results. Where one fails, the other is ended before the error goes on."""
    try:
        async with asyncio.TaskGroup() as group:
            first, second = group.create_task(one), group.create_task(other)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return first.result(), second.result()


@asynccontextmanager
async def _loading(recogniser: MoonshineRecogniser) -> AsyncIterator[None]:
    """Load the recogniser while the user says the first words: it is needed at the first answer.

    Not earlier, when browser and server need the processor to come up. An engine that cannot load
    says so where it is needed.
    """
    work = asyncio.create_task(asyncio.to_thread(recogniser.load))
    try:
        yield
    finally:
        await asyncio.wait([work])
        work.exception()  # seen here, raised where it is needed


def prepare(paths: Sequence[Path], synthesiser: Synthesiser) -> list[Prepared]:
    """Load every scenario and all it says, so that mistakes show before anything runs.

    Raises:
        ScenarioError, FixtureError: with file, line and step.
    """
    return [_prepare(load_scenario(path), synthesiser) for path in paths]


def _prepare(loaded: LoadedScenario, synthesiser: Synthesiser) -> Prepared:
    utterances = {}
    for number, step in enumerate(loaded.scenario.steps, start=1):
        speech = _speech_of(step)
        if speech is not None:
            utterances[number] = _utterance(loaded, number, speech, synthesiser)
    return Prepared(loaded, utterances, _script(loaded))


def _speech_of(step: Step) -> str | Speech | None:
    return step.interrupt.say if isinstance(step.interrupt, Interruption) else step.say


def _utterance(
    loaded: LoadedScenario, number: int, speech: str | Speech, synthesiser: Synthesiser
) -> Utterance:
    wanted = (
        Speech(file=speech, text=None, voice=None, gain=1.0) if isinstance(speech, str) else speech
    )
    try:
        if wanted.file is None:
            utterance = from_text(wanted.text or "", synthesiser, wanted.voice)
        else:
            utterance = from_file(wanted.file, loaded.folder, wanted.text)
    except HarnessError as error:
        raise ScenarioError(
            f"{loaded.path}: step {number} cannot be spoken. {error.message}",
            expected=error.expected,
            found=error.found,
            hint=error.hint,
        ) from error
    return louder(utterance, wanted.gain)


def _script(loaded: LoadedScenario) -> Script:
    try:
        return Script.model_validate(loaded.scenario.assistant or {})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ScenarioError(
            f"{loaded.path}: assistant.{place}: {first['msg'].removeprefix('Value error, ')}.",
            expected="rules as data: rules: [{when: {words: [...]}, say: ...}]",
            found=repr(first["input"])[:100],
        ) from error


async def _run_one(one: Prepared, index: int, count: int, folder: Path, engines: Engines) -> None:
    scenario = one.loaded.scenario
    started_s = engines.clock.now_s()
    engines.progress.scenario_started(scenario.name, index, count)
    verdict = "error"
    try:
        await _tell_script(one, engines.server)
        async with (
            open_call(
                engines.page_url or scenario.page.url,
                server=engines.server,
                out=folder,
                chromium=engines.chromium,
                options=_options(one, started_s),
                recogniser=engines.recogniser,
                synthesiser=engines.synthesiser,
                clock=engines.clock,
            ) as call,
            _loading(engines.recogniser),
        ):
            runner = ScenarioRunner(call, scenario, one.utterances, engines.progress)
            verdict = "passed" if await runner.run() else "failed"
    except HarnessError as error:
        verdict = "error"
        if not (folder / "trace.jsonl").exists():
            raise  # nothing can be reported about it: say it here
        engines.progress.step("error", str(error), 0.0)
    finally:
        wall_s = engines.clock.now_s() - started_s
        engines.progress.scenario_ended(scenario.name, verdict, wall_s)


async def _tell_script(one: Prepared, server: ServerAddress | None) -> None:
    """A local server gets the scenario's script; any other goes its own way."""
    if server is not None and one.loaded.scenario.assistant is not None:
        await set_script(server, one.script.model_dump(exclude_none=True))


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


@asynccontextmanager
async def _server(
    server_url: str | None, page_url: str | None, prepared: Sequence[Prepared]
) -> AsyncIterator[ServerAddress | None]:
    """The server our own page calls: a given one, or the local one in a process of its own."""
    needs_ours = page_url is None and any(p.loaded.scenario.page.url is None for p in prepared)
    if server_url is not None:
        yield RemoteServer(HOSTED.get(server_url, server_url), _key(server_url))
    elif needs_ours:
        async with start_server() as server:
            yield server
    else:
        yield None


def _key(server_url: str) -> str:
    for name in KEY_VARIABLES:
        if os.environ.get(name):
            return os.environ[name]
    raise UsageError(
        f"There is no key for the server {Masker().text(server_url)}.",
        expected=f"an API key in the environment variable {' or '.join(KEY_VARIABLES)}",
        found="none of them is set",
        hint=f"export {KEY_VARIABLES[1]}=…; it stays in Python, the page gets ephemeral secrets",
    )


def _folder(out: Path, name: str, taken: Sequence[Path]) -> Path:
    """A folder of its own for each run, also where two scenarios have one name."""
    folder, number = out / name, 2
    while folder in taken:
        folder, number = out / f"{name}-{number}", number + 1
    return folder


def _check_writable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ArtifactError(
            f"Cannot write to {out}.",
            expected="a folder with room that may be written to",
            found=error.strerror or str(error),
            hint="choose another --out folder",
        ) from error


def _speech() -> tuple[MoonshineRecogniser, Synthesiser]:
    return MoonshineRecogniser(), NanoTtsSynthesiser()
