"""The engines a scenario can run on. Whatever differs between them is in here.

- browser: our page, or the one under test, in Chromium; against the local server or any other.
- native: no browser; a WebRTC engine in this process calls the server itself.
- simulated: no network and no waiting; the server's session in memory, under virtual time.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, get_args

from harness.browser.launch import Chromium
from harness.call.call import Call
from harness.call.opening import CallOptions
from harness.call.received_audio import ReceivedAsSent, ReceivedAudio, ServerReceived
from harness.cassette.shelf import CassetteOptions, Shelf
from harness.client.server_api import ServerAddress
from harness.engines.backend import Backend, BackendOptions, running_backend
from harness.engines.browser.calibration import calibrated
from harness.engines.browser.open import open_call
from harness.engines.concurrently import all_ended, both
from harness.engines.prelaunch import Ahead
from harness.engines.servers import chosen_server, may_be_ours
from harness.facts.call import PathMeasured
from harness.network.redirect_rules import Redirect
from harness.peer.backends import DEFAULT_ENGINE as DEFAULT_NATIVE
from harness.realtime.server.assistants.assistant import Assistant
from harness.scenario.call_beginning import note_facts, told_server
from harness.scenario.cassette_use import CassetteUse, parts_of
from harness.scenario.model import Scenario
from harness.scenario.prepare import Prepared
from harness.scenario.quality_references import rates_what_is_received
from harness.scenario.real_speech import RealSpeech
from harness.speech.interface import Synthesiser
from harness.speech.tools import NiceThread
from harness.virtual_time import in_virtual_time

# The rooms of one engine are imported where that engine starts: they are half of all there is to
# import, and who waits for a browser need not wait for them.
if TYPE_CHECKING:
    from harness.engines.simulated.speech import SimulatedSpeech

EngineName: TypeAlias = Literal["browser", "native", "simulated"]
ENGINE_NAMES: tuple[str, ...] = get_args(EngineName)
DEFAULT_ENGINE: EngineName = "browser"

Converse = Callable[[Call], Awaitable[bool]]
"""The scenario's steps on a call; whether everything held."""


@dataclass(frozen=True)
class EngineOptions:
    """Which engine, and what it is told."""

    engine: str = DEFAULT_ENGINE
    native: str = DEFAULT_NATIVE
    """The WebRTC implementation of the native engine."""

    page_url: str | None = None
    server_url: str | None = None
    headed: bool = False
    redirect: Redirect | None = None
    """What is redirected in every scenario; absent: what each says under `page`."""

    backend: BackendOptions | None = None
    """The page's own program, started for the run."""

    seed: int = 0
    """For the identifiers of simulated sessions."""

    protocol: str | None = None
    """The pages' voice protocol; absent: what each scenario says."""
    network: str | None = None
    """The profile of the network in every scenario; absent: what each says."""
    agent: str | None = None
    """Which connection is the agent's in every scenario; absent: what each says."""
    contexts: str | None = field(default=None, repr=False)  # may hold a password
    """The file or database that keeps the scenarios' contexts; absent: none outlives its call."""
    calibration: str = "off"
    """Whether the path's cost is measured before: see `harness.engines.browser.calibration`."""
    cassettes: CassetteUse = field(default_factory=CassetteUse)
    """Which cassettes answer, and where new ones go."""

    pcap: bool = False
    """Whether the UDP packets of each call are kept."""

    autoplay: str | None = None
    """Whether pages are heard before a click, in every scenario; absent: what each says."""

    tracing: str = "off"
    """Whether a Playwright trace of each page is kept: off, on or retain-on-failure."""


class Engine(Protocol):
    """Runs scenarios, one after the other."""

    async def run(
        self, one: Prepared, folder: Path, options: CallOptions, converse: Converse
    ) -> bool:
        """Open the scenario's call, have the conversation, close it."""
        ...

    def received(self, call: Call) -> ReceivedAudio | None:
        """Who tells what the other side of this call received; None: nobody."""
        ...


@dataclass(frozen=True)
class BrowserEngine:
    """Pages in one Chromium, and a server for our own page."""

    chromium: Chromium | None
    """Absent where each call has its own."""
    server: ServerAddress | None
    page_url: str | None
    speech: RealSpeech
    redirect: Redirect | None = None
    backend: Backend | None = None
    headless: bool = True
    protocol: str | None = None
    agent: str | None = None
    path: PathMeasured | None = None
    """What the path itself costs; absent where nobody measured it."""
    cassette: CassetteOptions | None = None

    async def run(
        self, one: Prepared, folder: Path, options: CallOptions, converse: Converse
    ) -> bool:
        if self.server is not None:
            options = told_server(one, options, self.server, self.cassette)
        redirect = self.redirect or options.redirect
        protocol = self.protocol or one.loaded.scenario.page.protocol
        agent = self.agent or one.loaded.scenario.page.agent
        options = replace(
            options, redirect=redirect, headless=self.headless, protocol=protocol, agent=agent
        )
        if self.backend is not None:
            options = replace(options, needs=self.backend.needed)
        async with (
            open_call(
                self.page_url or one.loaded.scenario.page.url,
                server=self.server,
                out=folder,
                chromium=self.chromium,
                options=options,
                recogniser=self.speech.recogniser,
                ears=self.speech.ears,
                synthesiser=self.speech.synthesiser,
            ) as call,
            self.speech.loading(),
            options.needs(),
        ):
            note_facts(one, call)
            if self.path is not None:
                call.recorder.note(self.path, call.now_s)
            return await converse(call)

    def received(self, call: Call) -> ReceivedAudio | None:
        return None if self.server is None else _received_by(self.server)


@dataclass(frozen=True)
class NativeEngine:
    """A WebRTC engine in this process, and a server in another one."""

    server: ServerAddress
    implementation: str
    speech: RealSpeech
    cassette: CassetteOptions | None = None

    async def run(
        self, one: Prepared, folder: Path, options: CallOptions, converse: Converse
    ) -> bool:
        from harness.engines.native.open import open_native_call

        options = told_server(one, options, self.server, self.cassette)
        async with open_native_call(
            self.server,
            implementation=self.implementation,
            out=folder,
            options=options,
            recogniser=self.speech.recogniser,
            ears=self.speech.ears,
            synthesiser=self.speech.synthesiser,
        ) as call:
            note_facts(one, call)
            return await converse(call)

    def received(self, call: Call) -> ReceivedAudio | None:
        return _received_by(self.server)


@dataclass(frozen=True)
class SimulatedEngine:
    """Sessions in memory, each in virtual time of its own; beside the caller's loop."""

    speech: SimulatedSpeech
    seed: int
    shelf: Shelf | None = None
    """The cassettes that answer, where some do."""

    async def run(
        self, one: Prepared, folder: Path, options: CallOptions, converse: Converse
    ) -> bool:
        from harness.engines.simulated.open import open_simulated_call

        assistant: Assistant = one.script
        if self.shelf is not None:
            assistant = self.shelf.assistant_for(one.loaded.scenario.name, one.script)

        async def conversation() -> bool:
            async with open_simulated_call(
                one.script,
                self.speech,
                assistant=assistant,
                seed=self.seed,
                out=folder,
                options=options,
            ) as call:
                note_facts(one, call)
                return await converse(call)

        return await in_virtual_time(conversation)

    def received(self, call: Call) -> ReceivedAudio | None:
        return ReceivedAsSent(call.line, call.recorder)


def _received_by(server: ServerAddress) -> ReceivedAudio | None:
    return ServerReceived(server) if may_be_ours(server) else None


def open_engine(
    options: EngineOptions, prepared: Sequence[Prepared], ahead: Ahead, synthesiser: Synthesiser
) -> AbstractAsyncContextManager[Engine]:
    """Start what the engine needs for these scenarios; leaving the block ends it."""
    if options.engine == "native":
        return _native(options, prepared, ahead, synthesiser)
    if options.engine == "simulated":
        return _simulated(options)
    return _browser(options, prepared, ahead, synthesiser)


@asynccontextmanager
async def _browser(
    options: EngineOptions, prepared: Sequence[Prepared], ahead: Ahead, synthesiser: Synthesiser
) -> AsyncIterator[Engine]:
    stands_in = stands_in_for_a_service(options, [one.loaded.scenario for one in prepared])
    is_ours = options.page_url is None
    needs_ours = is_ours and any(one.loaded.scenario.page.url is None for one in prepared)
    if not (needs_ours or stands_in):
        await ahead.aclose_server()  # it would idle beside the whole run
    choosing = chosen_server(
        options.server_url,
        needs_ours=needs_ours or stands_in,
        accept_any_key=stands_in,
        is_recording=_rates_what_is_received(prepared),
        spawned=ahead.take_process,
        parts=parts_of(options.cassettes.options()),
    )
    async with AsyncExitStack() as servers, AsyncExitStack() as browsers:
        (server, backend), chromium = await both(
            _server_and_backend(servers, choosing, options.backend),
            browsers.enter_async_context(ahead.chromium_if_begun()),
        )
        try:
            path = None
            if chromium is not None:
                path = await calibrated(chromium, options.calibration, DEFAULT_NATIVE)
            yield BrowserEngine(
                chromium,
                server,
                options.page_url,
                RealSpeech(synthesiser),
                options.redirect,
                backend,
                headless=not options.headed,
                protocol=options.protocol,
                agent=options.agent,
                path=path.fact if path else None,
                cassette=options.cassettes.options(),
            )
        finally:
            await all_ended(servers.aclose(), browsers.aclose())


async def _server_and_backend(
    stack: AsyncExitStack,
    choosing: AbstractAsyncContextManager[ServerAddress | None],
    backend: BackendOptions | None,
) -> tuple[ServerAddress | None, Backend | None]:
    """The server, and the page's own program, which finds the server in its environment."""
    server = await stack.enter_async_context(choosing)
    if backend is None or server is None:
        return server, None
    return server, await stack.enter_async_context(running_backend(backend, server))


@asynccontextmanager
async def _native(
    options: EngineOptions, prepared: Sequence[Prepared], ahead: Ahead, synthesiser: Synthesiser
) -> AsyncIterator[Engine]:
    speech = RealSpeech(synthesiser)
    cassette = options.cassettes.options()
    choosing = chosen_server(
        options.server_url,
        needs_ours=True,
        is_recording=_rates_what_is_received(prepared),
        spawned=ahead.take_process,
        parts=parts_of(cassette),
    )
    async with choosing as server:
        assert server is not None
        # Before the first call: this process carries its media, and loading holds everything up.
        with NiceThread() as offload:
            await offload(speech.ears[0].load)
        yield NativeEngine(server, options.native, speech, cassette)


@asynccontextmanager
async def _simulated(options: EngineOptions) -> AsyncIterator[Engine]:
    importlib.import_module(
        "harness.engines.simulated.open"
    )  # here, and not in the first scenario's time
    from harness.engines.simulated.speech import SimulatedSpeech
    from harness.speech.store import shared_store

    store = shared_store()
    try:
        speech = SimulatedSpeech(store)
        await asyncio.to_thread(speech.load)
        cassette = options.cassettes.options()
        yield SimulatedEngine(speech, options.seed, None if cassette is None else Shelf(cassette))
    finally:
        store.flush()


def _rates_what_is_received(prepared: Sequence[Prepared]) -> bool:
    return any(rates_what_is_received(one.loaded.scenario) for one in prepared)


def stands_in_for_a_service(options: EngineOptions, scenarios: Sequence[Scenario]) -> bool:
    """Whether the local server answers a page, or its program, in the name of a hosted one."""
    return (
        options.redirect is not None
        or options.backend is not None
        or any(scenario.page.redirect is not None for scenario in scenarios)
    )
