"""Calls, servers and runs to open, without an event loop.

Written by `python -m harness.sync_api.generate`: do not edit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from harness.blocks import sync_block
from harness.engines.browser.attach import listen as _listen
from harness.engines.browser.open import open_call as _open_call
from harness.peer.backends import DEFAULT_ENGINE
from harness.scenario.run import run_scenarios as _run_scenarios
from harness.server.http.address import LOOPBACK
from harness.server.process.launch import READY_WITHIN_S
from harness.server.process.launch import start_server as _start_server
from harness.sync_api.calls import AttachedCall, Call
from harness.sync_api.loop import running
from harness.sync_api.pages import address_and_meanwhile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import BrowserContext, Page

    from harness.browser.launch import Chromium
    from harness.call.opening import CallOptions
    from harness.client.server_api import ServerAddress
    from harness.clock import Clock
    from harness.context.threads.choice import AnyContext
    from harness.network.redirect_rules import Redirect
    from harness.network.wish import Network
    from harness.paths import StrPath
    from harness.protocols.choice import ProtocolChoice
    from harness.report.results import Results
    from harness.scenario.progress import Progress
    from harness.server.assistants.choice import Parts
    from harness.server.process.launch import RunningServer
    from harness.speech.interface import Ear, Recogniser, Synthesiser


@sync_block(other="harness.listen")
def listen(
    page: Page | BrowserContext,
    *,
    out: StrPath | None = None,
    options: CallOptions | None = None,
    protocol: ProtocolChoice | None = None,
    redirect: Redirect | None = None,
    network: Network | None = None,
    server: ServerAddress | None = None,
    recogniser: Recogniser | None = None,
    ears: Sequence[Ear] = (),
    synthesiser: Synthesiser | None = None,
    clock: Clock | None = None,
) -> Iterator[AttachedCall]:
    """Listen to a page that is open, before it calls; what happens on it is up to the caller.

        with harness.sync_api.listen(page) as call:
            page.get_by_role("button", name="Call us").click()
            call.connected(within_s=10)
            call.say("A table for two at seven, please.")

    The page keeps its context, cookies and login, and stays open. It needs a Chromium with a
    DevTools endpoint on this machine: `harness.launch_options` has what to launch it with.

    The windows that the page opens are listened to as well, and with a context every page in it,
    those that come later too: the one that asks for the microphone and calls is the call's.

    Args:
        page: Playwright's page, its context, or where it is.
        out: folder for ``trace.jsonl`` and ``call.wav``; a temporary one where absent.
        options: name, facts and the like; what concerns a page of our own has no effect.
        protocol: as ``options.protocol``, which it replaces.
        redirect: which hosts the pages find on this machine while the block runs, as for
            `open_call`: "openai", or rules. ``options.redirect`` says the same.
        server: what answers in their name; one of its own where absent.
        network: as ``options.network``, which it replaces. What calls in the block goes through
            its relay, which ends with the block.

    Raises:
        UsageError: no page of a Chromium, one that is in a call, or one that is listened to; or a
            redirect that cannot be.
        BrowserError: its browser cannot be reached.
    """
    with (
        address_and_meanwhile(page, options, network) as (address, meanwhile),
        running(meanwhile) as runner,
        runner.within(
            _listen(
                address,
                out=out,
                options=options,
                protocol=protocol,
                redirect=redirect,
                network=network,
                server=server,
                recogniser=recogniser,
                ears=ears,
                synthesiser=synthesiser,
                clock=clock,
            )
        ) as wrapped,
    ):
        yield AttachedCall(wrapped, runner)


@sync_block(other="harness.open_call")
def open_call(
    url: str | None = None,
    *,
    server: ServerAddress | None = None,
    out: StrPath | None = None,
    chromium: Chromium | None = None,
    options: CallOptions | None = None,
    redirect: Redirect | None = None,
    protocol: ProtocolChoice | None = None,
    context: AnyContext | None = None,
    record: StrPath | None = None,
    recogniser: Recogniser | None = None,
    ears: Sequence[Ear] = (),
    synthesiser: Synthesiser | None = None,
    clock: Clock | None = None,
) -> Iterator[Call]:
    """Open a page and wait until its call is up.

    Args:
        url: the page; our own Realtime page where absent (then ``server`` is needed).
        server: where our page calls; its key stays in Python.
        out: folder for ``trace.jsonl`` and ``call.wav``; a temporary one where absent.
        chromium: a running browser to share; one of its own where absent, and one more like it with
            ``redirect``.
        options: the session's settings, what to do on the page, how long to wait.
        recogniser: writes down what is heard; the default one where absent. One that is given
            without ears judges, too.
        ears: judge what an answer said; the shipped ones where neither is given.
        synthesiser: speaks texts; the default voice where absent.
        clock: what the timeline is paired with; the machine's where absent.
        redirect: as ``options.redirect``, which it replaces. Where no server is given, one is
            started for the call.
        protocol: as ``options.protocol``, which it replaces.
        context: as ``options.conversation``, which it replaces.
        record: as ``options.record``, which it replaces.

    Yields:
        The call; leaving the block hangs up and closes all that was opened for it.

    Raises:
        UsageError: neither url nor server; or a redirect that cannot be.
        BrowserError, NegotiationFailed, ServerError: the call did not come up; the trace up to
            that point is in ``out``.
        ContextError: the context cannot be had, see `harness.context.errors`.
    """
    with (
        running() as runner,
        runner.within(
            _open_call(
                url,
                server=server,
                out=out,
                chromium=chromium,
                options=options,
                redirect=redirect,
                protocol=protocol,
                context=context,
                record=record,
                recogniser=recogniser,
                ears=ears,
                synthesiser=synthesiser,
                clock=clock,
            )
        ) as wrapped,
    ):
        yield Call(wrapped, runner)


@sync_block(other="harness.start_server")
def start_server(
    port: int = 0,
    script: dict[str, Any] | None = None,
    engine: str = DEFAULT_ENGINE,
    *,
    api_key: str | None = None,
    host: str = LOOPBACK,
    workers: int = 1,
    max_calls: int | None = None,
    is_recording: bool = False,
    seed: int | None = None,
    parts: Parts | None = None,
    faults: Sequence[Any] = (),
    accept_any_key: bool = False,
    threads: StrPath | None = None,
    contexts: Sequence[StrPath] = (),
    ready_within_s: float = READY_WITHIN_S,
    when_logged: Callable[[str], None] = lambda _line: None,
) -> Iterator[RunningServer]:
    """Run `python -m harness.server` for the length of the block.

    Args:
        port: 0 for a free one.
        script: what the assistant says, as data; None for the default.
        engine: the WebRTC engine, "wrtc" or "aiortc".
        api_key: None for a fresh one, good for this server alone.
        host: the address to listen on; any but a loopback one needs an `api_key`.
        workers: processes that the calls are spread over.
        max_calls: at once in each of them; None for what a process carries.
        is_recording: keep what calls receive, for `GET /harness/calls/{id}/received.wav`.
        seed: makes the ids of sessions repeat.
        parts: who answers, hears and speaks; None for the script and the shipped engines.
        faults: what goes wrong with requests and calls, see `harness/docs/faults.md`.
        accept_any_key: every key, and none, begins calls and mints secrets; on a loopback
            address only.
        threads: the file where written threads are kept, or the URL of a PostgreSQL database;
            None for memory.
        contexts: context files whose tools are at work in calls of the chat page.
        when_logged: told every line that the server writes to standard error.

    Raises:
        ServerStartError: it did not come up; the message holds what it said.
        UsageError: nobody can listen at such a host; no key was chosen for a server that others
            can reach; or no such fault.
    """
    with (
        running() as runner,
        runner.within(
            _start_server(
                port,
                script,
                engine,
                api_key=api_key,
                host=host,
                workers=workers,
                max_calls=max_calls,
                is_recording=is_recording,
                seed=seed,
                parts=parts,
                faults=faults,
                accept_any_key=accept_any_key,
                threads=threads,
                contexts=contexts,
                ready_within_s=ready_within_s,
                when_logged=when_logged,
            )
        ) as wrapped,
    ):
        yield wrapped


def run_scenarios(
    paths: StrPath | Sequence[StrPath],
    *,
    out: StrPath,
    engine: str = "browser",
    native: str = "wrtc",
    page_url: str | None = None,
    server_url: str | None = None,
    headed: bool = False,
    redirect: Redirect | None = None,
    protocol: str | None = None,
    agent: str | None = None,
    backend: Sequence[str] = (),
    wait_s: float = 30.0,
    seed: int = 0,
    network: str | None = None,
    calibration: str = "off",
    contexts: StrPath | None = None,
    progress: Progress | None = None,
    record: StrPath | None = None,
    overwrite: bool = False,
    cassette: StrPath | None = None,
    delays: str = "recorded",
    lenient: bool = False,
    pcap: bool = False,
    autoplay: str | None = None,
    tracing: str = "off",
) -> Results:
    """Run the scenarios one after the other and write their reports to ``out``.

    A scenario that breaks is reported with the verdict "error"; the others still run.

    Args:
        paths: their files, or one.
        out: folder for the results; made where it is not there.
        engine: "browser", "native" (no browser) or "simulated" (in memory, in virtual time).
        native: the WebRTC implementation of the native engine, "wrtc" or "aiortc".
        redirect: which hosts the page finds on this machine, answered by the local server: the
            name of a hosted service ("openai"), an address, or a list of rules; for all scenarios.
        protocol: the voice protocol of the pages, see `CallOptions`; absent: what each scenario
            says under `page`, and else what is recognised.
        agent: which connection is the agent's, see `CallOptions`; absent: what each says, and else
            the one that is recognised.
        backend: a command that serves the page; it is told our server as OPENAI_BASE_URL and
            OPENAI_API_KEY, and ended after the run.
        wait_s: how long that may take to answer.
        seed: for the identifiers of simulated sessions; the same seed repeats a run.
        network: profile of the network between page and remote peer, in all scenarios; absent:
            what each says.
        calibration: whether the path's own cost is measured before, with pages: "auto" (unless it
            was lately), "always" or "off".
        contexts: the SQLite file that keeps the scenarios' contexts, made where it is not there,
            or the URL of a PostgreSQL database; absent: no context outlives its call.
        record: folder of the cassette that is made; of several scenarios each has a folder there.
        overwrite: whether that may replace a cassette that somebody edited since it was recorded.
        cassette: folder of the cassette that the local server answers from.
        delays: "recorded", or "none".
        lenient: whether the local assistant answers what the cassette does not have.
        pcap: whether the UDP packets of each call are kept in ``call.pcap``, by its trace.
        autoplay: as in `CallOptions`, in all scenarios; absent: what each says.
        tracing: whether a Playwright trace of each page is kept: "on", or "retain-on-failure".

    Raises:
        UsageError: a scenario, its audio or a value is wrong; no conversation was begun.
        HarnessError: no browser or server at all.
        ArtifactError: the reports cannot be written.
    """
    with running() as runner:
        return runner.run(
            _run_scenarios(
                paths,
                out=out,
                engine=engine,
                native=native,
                page_url=page_url,
                server_url=server_url,
                headed=headed,
                redirect=redirect,
                protocol=protocol,
                agent=agent,
                backend=backend,
                wait_s=wait_s,
                seed=seed,
                network=network,
                calibration=calibration,
                contexts=contexts,
                progress=progress,
                record=record,
                overwrite=overwrite,
                cassette=cassette,
                delays=delays,
                lenient=lenient,
                pcap=pcap,
                autoplay=autoplay,
                tracing=tracing,
            )
        )
