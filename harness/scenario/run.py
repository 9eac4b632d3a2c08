"""Runs of scenarios, end to end.

What takes long to come up, a browser and a server's process, is begun before the rest of us is
imported: so this module, and what it imports at its top, is light. Only the scenarios are read
before: whoever mistyped something there is told at once.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from harness.engines.prelaunch import begun_ahead
from harness.errors import UsageError
from harness.line.agent_connections import check_agent
from harness.network.redirect_rules import Redirect, check_redirect
from harness.network.wish import read_wish
from harness.paths import StrPath
from harness.protocols.choice import AUTO, check_protocol
from harness.scenario.addresses import check_page, check_server
from harness.scenario.after_hang_up import refuse_after_hang_up
from harness.scenario.batch import Batch
from harness.scenario.load import LoadedScenario, hidden_of_all, load_scenario
from harness.scenario.page_needs import check_devices, check_page_steps, check_sound, told_at
from harness.scenario.page_rules import as_redirect
from harness.scenario.progress import NoProgress, Progress

if TYPE_CHECKING:
    from harness.engines.backend import BackendOptions
    from harness.report.results import Results
    from harness.scenario.cassette_use import CassetteUse
    from harness.scenario.engines import EngineOptions

STARTING = {
    "browser": "starting the server and the browser",
    "native": "starting the server",
    "simulated": "simulating",
}
"""What is told once nothing is wrong with what was given."""


async def run_scenarios(
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
    files = [Path(one) for one in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    if not files:
        raise UsageError("No scenario was given.", hint="harness run fixtures/scenarios/rover.yaml")
    how = RunOptions(
        engine,
        native,
        page_url,
        server_url,
        headed,
        redirect,
        backend,
        wait_s,
        seed,
        protocol,
        network,
        agent,
        calibration,
        None if contexts is None else os.fspath(contexts),
        record=None if record is None else os.fspath(record),
        record_each=len(files) > 1,
        overwrite=overwrite,
        cassette=None if cassette is None else os.fspath(cassette),
        delays=delays,
        lenient=lenient,
        pcap=pcap,
        autoplay=autoplay,
        tracing=tracing,
    )
    return await run_loaded([load_scenario(file) for file in files], how, Path(out), progress)


async def run_loaded(
    scenarios: Sequence[LoadedScenario],
    how: RunOptions,
    out: Path,
    progress: Progress | None = None,
    batch: Batch | None = None,
) -> Results:
    """The same for scenarios that are read already.

    Args:
        batch: where the runs are part of a suite; each of them is reported alone then.
    """
    with hidden_of_all(scenarios).in_errors():
        check_loaded(scenarios, how)
        if how.engine == "browser":
            check_sound(scenarios)
        (progress or NoProgress()).starting(STARTING.get(how.engine, "starting"))
        return await _run(scenarios, out, how, progress, batch)


def check_loaded(scenarios: Sequence[LoadedScenario], how: RunOptions) -> None:
    """See that the scenarios can be run like that, as far as files and options tell.

    Raises:
        UsageError: one cannot.
    """
    if how.redirect is not None:
        check_redirect(how.redirect, how.server_url)
    check_protocol(how.protocol or AUTO)
    for loaded in scenarios:
        with told_at(loaded.place("page", "protocol")):
            check_protocol(loaded.scenario.page.protocol)
    check_agent(how.agent or AUTO)
    if how.uses_cassettes:
        _check_cassettes(scenarios, how)
    for loaded in scenarios:
        refuse_after_hang_up(loaded)
        check_page_steps(loaded, how.engine, how.page_url)
    check_server(how.server_url)
    if how.network is not None:
        read_wish(how.network)
    if how.engine == "browser":
        check_page(how.page_url)
        for loaded in scenarios:
            with told_at(loaded.place("page", "url")):
                check_page(loaded.scenario.page.url)
            _check_redirect(loaded, how)
        check_devices(scenarios)


@dataclass(frozen=True)
class RunOptions:
    """As `run_scenarios` is told."""

    engine: str = "browser"
    native: str = "wrtc"
    page_url: str | None = None
    server_url: str | None = None
    headed: bool = False
    redirect: Redirect | None = None
    backend: Sequence[str] = ()
    wait_s: float = 30.0
    seed: int = 0
    protocol: str | None = None
    network: str | None = None
    agent: str | None = None
    calibration: str = "off"
    contexts: str | None = field(default=None, repr=False)  # may hold a password
    record: str | None = None
    record_each: bool = False
    overwrite: bool = False
    cassette: str | None = None
    delays: str = "recorded"
    lenient: bool = False
    pcap: bool = False
    autoplay: str | None = None
    tracing: str = "off"

    @property
    def uses_cassettes(self) -> bool:
        """Whether anything is said of cassettes."""
        said = self.record or self.overwrite or self.cassette or self.lenient
        return bool(said) or self.delays != "recorded"

    @property
    def cassettes(self) -> CassetteUse:
        """What is said of them."""
        from harness.scenario.cassette_use import CassetteUse

        return CassetteUse(
            self.record,
            self.record_each,
            self.cassette,
            self.delays,
            self.lenient,
            self.overwrite,
        )


async def _run(
    scenarios: Sequence[LoadedScenario],
    out: Path,
    how: RunOptions,
    progress: Progress | None,
    batch: Batch | None,
) -> Results:
    pages = [loaded.scenario.page for loaded in scenarios]
    redirect, page_url, engine = how.redirect, how.page_url, how.engine
    stands_in = redirect or how.backend or any(page.redirect is not None for page in pages)
    started = _backend(how.backend, page_url, [page.url for page in pages], how.wait_s)
    async with begun_ahead(
        server=engine in ("browser", "native")
        and (page_url is None or bool(stands_in))
        and how.server_url is None,
        # A call whose hosts are redirected has a browser of its own.
        browser=engine == "browser"
        and not (redirect or all(page.redirect is not None for page in pages)),
        headless=not how.headed,
    ) as ahead:
        # In a thread, so that what was begun is driven on meanwhile.
        await asyncio.to_thread(importlib.import_module, "harness.scenario.conversations")
        from harness.scenario.conversations import converse

        options = _engine_options(how, started)
        return await converse(scenarios, out, options, progress, ahead, batch)


def check_engine_options(how: RunOptions) -> None:
    """See that the engine can have the options; `run_loaded` does so, too, when it is its turn.

    Raises:
        UsageError: it cannot have one of them.
    """
    from harness.engines.backend import BackendOptions
    from harness.scenario.engine_checks import check_engine

    # Where it is to answer is not known here, and not asked for.
    backend = BackendOptions(tuple(how.backend), "", how.wait_s) if how.backend else None
    check_engine(_engine_options(how, backend))


def _engine_options(how: RunOptions, backend: BackendOptions | None) -> EngineOptions:
    from harness.scenario.engines import EngineOptions

    return EngineOptions(
        how.engine,
        how.native,
        how.page_url,
        how.server_url,
        how.headed,
        how.redirect,
        backend,
        how.seed,
        how.protocol,
        how.network,
        how.agent,
        how.contexts,
        how.calibration,
        how.cassettes,
        how.pcap,
        how.autoplay,
        how.tracing,
    )


def _check_cassettes(scenarios: Sequence[LoadedScenario], how: RunOptions) -> None:
    from harness.scenario.cassette_use import check_cassettes

    pages = [one.scenario.page for one in scenarios]
    has_own_page = how.engine == "browser" and any(how.page_url or page.url for page in pages)
    is_led_here = how.redirect or how.backend or all(page.redirect for page in pages)
    check_cassettes(
        how.cassettes,
        [one.scenario.name for one in scenarios],
        server_url=how.server_url,
        calls_elsewhere=has_own_page and not is_led_here,
    )


def _check_redirect(loaded: LoadedScenario, how: RunOptions) -> None:
    """See that what is redirected is a page that can be, and to where it can be.

    Raises:
        UsageError: there is no page but ours, or it is on a host that is redirected; or a loop.
    """
    page = loaded.scenario.page
    if how.redirect:
        check_redirect(how.redirect, how.server_url).refuse_page(how.page_url or page.url)
    elif page.redirect:
        with told_at(loaded.place("page", "redirect")):
            rules = check_redirect(as_redirect(page.redirect), how.server_url)
            rules.refuse_page(how.page_url or page.url)


def _backend(
    command: Sequence[str], page_url: str | None, page_urls: Sequence[str | None], wait_s: float
) -> BackendOptions | None:
    """The page's own program, and the address where it is to answer; None for none.

    Raises:
        UsageError: no page is given.
    """
    if not command:
        return None
    url = page_url or next(filter(None, page_urls), None)
    if url is None:
        raise UsageError(
            "A program was given to start, and no page that it serves.",
            expected="--page http://127.0.0.1:3000/ (or page: {url: …} in the scenario)",
            found=f"the command “{shlex.join(command)}”",
        )
    from harness.engines.backend import BackendOptions

    return BackendOptions(tuple(command), url, wait_s)
