"""The arguments of ``harness run``; its work is in `harness.cli.run`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.choices import (
    Agent,
    Autoplay,
    Calibrate,
    Calibration,
    Cassette,
    CassetteDelays,
    Delays,
    Engine,
    Grep,
    Json,
    Lenient,
    Network,
    OverwriteCassette,
    Pcap,
    Protocol,
    Record,
    Redirects,
    Scenarios,
    SetValues,
    Tags,
    Tracing,
    WaitS,
)

_FIELDS = {
    **{
        name: name
        for name in (
            "redirect",
            "protocol",
            "agent",
            "headed",
            "network",
            "native",
            "autoplay",
            "tracing",
        )
    },
    "page": "page_url",
    "server": "server_url",
    "seed": "seed",
}
"""Options that not every engine has, and what `RunOptions` calls them."""


def run(
    context: typer.Context,
    scenarios: Scenarios = None,
    out: Annotated[
        Path, typer.Option(help="Folder for results, traces and the report.", metavar="DIR")
    ] = Path("out"),
    page: Annotated[
        str | None, typer.Option(help="The page to drive; our own where absent.", metavar="URL")
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            help="The Realtime server our page calls, or “openai”; a local one where absent.",
            metavar="URL",
        ),
    ] = None,
    engine: Annotated[
        list[Engine] | None,
        typer.Option(
            help="What holds the call, “browser” where absent; “simulated” needs no time and no "
            "network. Given twice, every scenario runs in both."
        ),
    ] = None,
    native: Annotated[
        str,
        typer.Option(
            help="The native engine's WebRTC: wrtc, aiortc, or module:name of your own.",
            metavar="NAME",
        ),
    ] = "wrtc",
    redirect: Redirects = None,
    protocol: Protocol = None,
    agent: Agent = None,
    wait_s: WaitS = 30.0,
    seed: Annotated[int, typer.Option(help="Of the identifiers in simulated sessions.")] = 0,
    network: Network = None,
    pcap: Pcap = False,
    autoplay: Annotated[
        Autoplay | None,
        typer.Option(
            help="Whether pages are heard before a click, in place of the scenarios' own; "
            "user-gesture: as in people's browsers."
        ),
    ] = None,
    tracing: Annotated[
        Tracing,
        typer.Option(
            help="Keep a Playwright trace of each page, beside the call's own; the report draws "
            "what was done on the page."
        ),
    ] = Tracing.off,
    calibration: Calibrate = Calibration.auto,
    contexts: Annotated[
        str | None,
        typer.Option(
            help="The file that keeps the scenarios' contexts from run to run, made where it is "
            "not there; or a database, postgresql://…. Absent: each call begins anew.",
            metavar="FILE",
        ),
    ] = None,
    grep: Grep = None,
    tag: Tags = None,
    set_values: SetValues = None,
    repeat: Annotated[
        int, typer.Option(help="How often each scenario runs; gives pass rates.", min=1, max=1000)
    ] = 1,
    retries: Annotated[
        int,
        typer.Option(
            help="How often a run that did not pass is tried again; one that passes then is "
            "“flaky”.",
            min=0,
            max=100,
        ),
    ] = 0,
    workers: Annotated[int, typer.Option(help="Processes that share the runs.", min=1, max=64)] = 1,
    shard: Annotated[
        str | None, typer.Option(help="Only this part of the scenarios: 1/3.", metavar="I/N")
    ] = None,
    max_failures: Annotated[
        int | None, typer.Option(help="Begin no other run after so many failed.", min=1)
    ] = None,
    last_failed: Annotated[
        bool, typer.Option("--last-failed", help="Only what did not pass in --out last time.")
    ] = False,
    allow_flaky: Annotated[
        bool, typer.Option("--allow-flaky", help="Exit 0 where nothing is worse than flaky.")
    ] = False,
    markdown: Annotated[
        Path | None,
        typer.Option(help="Also write a comment for a pull request.", metavar="FILE"),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(help="Also add the run to a history; see “harness history”.", metavar="FILE"),
    ] = None,
    allure: Annotated[
        Path | None, typer.Option(help="Also write Allure results there.", metavar="DIR")
    ] = None,
    record: Record = None,
    overwrite: OverwriteCassette = False,
    cassette: Cassette = None,
    delays: CassetteDelays = Delays.recorded,
    lenient: Lenient = False,
    headed: Annotated[bool, typer.Option("--headed", help="Show the browser.")] = False,
    json: Json = False,
) -> int:
    """Run scripted conversations, then give a verdict.

    Writes results.json and junit.xml to DIR, and for each scenario a folder with its trace and
    both sides' audio. The report is DIR/report.html; of several runs each folder has its own, and
    DIR/index.html shows all of them.

    A command behind “--” is started for the run and ended after it: the program that serves your
    page. It finds the local server in OPENAI_BASE_URL and OPENAI_API_KEY.

    \b
    Exit: 0 all passed · 1 failed, flaky or cannot tell · 2 usage · 3 environment · 130 Ctrl-C
    Examples:
      harness run fixtures/scenarios/rover.yaml --out out/demo
      harness run my/scenarios --page http://localhost:3000/ --json > results.json
      harness run my/scenarios --engine simulated --workers 4 --tag smoke
      harness run my/scenarios --repeat 10 --set city=Rome
      harness run my/scenarios --history voice.sqlite --allure allure-results
      harness run my/scenarios --network congested-wifi
      harness run my/scenarios --page http://localhost:3000/ --redirect openai
      harness run my/scenarios --page http://localhost:3000/ -- npm start
      harness run my/booking.yaml --server openai --record cassettes/booking
      harness run my/booking.yaml --cassette cassettes/booking
    """
    from harness.cli.run import run_conversations
    from harness.cli.suite_choice import SuiteChoice

    return run_conversations(
        scenarios or (),
        out=out,
        page_url=page,
        server_url=server,
        headed=headed,
        as_json=json,
        native=native,
        redirect=redirect or (),
        protocol=protocol,
        agent=agent,
        backend=context.obj or (),
        wait_s=wait_s,
        seed=seed,
        network=network,
        calibration=calibration.value,
        contexts=contexts,
        record=record,
        overwrite=overwrite,
        cassette=cassette,
        delays=delays.value,
        lenient=lenient,
        pcap=pcap,
        autoplay=None if autoplay is None else autoplay.value,
        tracing=tracing.value,
        choice=SuiteChoice(
            engines=tuple(dict.fromkeys(one.value for one in engine or [Engine.browser])),
            grep=grep,
            tags=tuple(tag or ()),
            values=tuple(set_values or ()),
            repeat=repeat,
            retries=retries,
            workers=workers,
            shard=shard,
            max_failures=max_failures,
            last_failed=last_failed,
            allow_flaky=allow_flaky,
            markdown=markdown,
            history=history,
            allure=allure,
            from_project=frozenset(
                field
                for name, field in _FIELDS.items()
                if (source := context.get_parameter_source(name)) and source.name == "DEFAULT_MAP"
            ),
        ),
    )
