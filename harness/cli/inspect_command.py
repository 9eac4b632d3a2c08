"""The arguments of ``harness inspect``; its work is in `harness.cli.inspect`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.choices import (
    Agent,
    Autoplay,
    Json,
    Network,
    Pcap,
    Protocol,
    Redirects,
    WhoseMicrophone,
)


def inspect(
    url: Annotated[str, typer.Argument(metavar="URL", help="The page; any page.")],
    out: Annotated[
        Path, typer.Option(help="Folder for the trace and the recording.", metavar="DIR")
    ] = Path("out/inspect"),
    headed: Annotated[
        bool, typer.Option("--headed", help="Show the browser, to click in it.")
    ] = False,
    microphone: Annotated[
        WhoseMicrophone,
        typer.Option(help="own: the machine's, you speak; virtual: one that says what you type."),
    ] = WhoseMicrophone.virtual,
    attach: Annotated[
        int | None,
        typer.Option(
            help="The DevTools port of a Chrome that runs already: the page is opened in it, with "
            "its login.",
            metavar="PORT",
            min=1,
            max=65535,
        ),
    ] = None,
    click: Annotated[
        list[str] | None,
        typer.Option(
            help="What to click so that the page calls, as text=Call or #start; may be given "
            "again.",
            metavar="SELECTOR",
        ),
    ] = None,
    for_s: Annotated[
        float | None,
        typer.Option("--for", help="End after so many seconds.", metavar="SECONDS", min=0.1),
    ] = None,
    pause_on: Annotated[
        str | None,
        typer.Option(
            help="“finding”: the page's scripts stand still when one shows, until you type "
            "continue.",
            metavar="WHAT",
        ),
    ] = None,
    record_scenario: Annotated[
        Path | None,
        typer.Option(help="Write what was said and clicked as a scenario.", metavar="FILE"),
    ] = None,
    autoplay: Annotated[
        Autoplay,
        typer.Option(
            help="user-gesture: as in people's browsers, the page is heard only after a click or "
            "while it has a microphone open; allowed: whenever it plays."
        ),
    ] = Autoplay.allowed,
    requests: Annotated[
        bool,
        typer.Option(
            "--requests",
            help="Keep every request of the page, with the texts that its scripts send and get.",
        ),
    ] = False,
    ignore_https_errors: Annotated[
        bool,
        typer.Option(
            "--ignore-https-errors",
            help="Accept a certificate that nobody vouches for, such as one of your own.",
        ),
    ] = False,
    ui: Annotated[
        bool,
        typer.Option(
            "--ui", help="Serve the live view as a web page, too; only this machine can open it."
        ),
    ] = False,
    redirect: Redirects = None,
    protocol: Protocol = None,
    agent: Agent = None,
    network: Network = None,
    pcap: Pcap = False,
    json: Json = False,
) -> int:
    """Open a page, watch its WebRTC, and say what is wrong as soon as it shows.

    Type while it runs: say "A table for two, please.", say FILE, click SELECTOR, mute, stop,
    wait answer, findings, continue, quit; help lists them. Without a terminal they are read from
    standard input, and its end is the end. With --ui a web page shows the same and has a button
    for each; closing it ends nothing.

    \b
    Exit: 0 nothing is wrong · 1 something is (an error or a warning) · 3 no browser, no page
    Examples:
      harness inspect https://localhost:3000/voice --headed
      harness inspect http://127.0.0.1:8080/ --click "text=Call" --for 20 --json
      harness inspect https://localhost:3000/voice --headed --microphone own
      harness inspect https://voice.example/ --attach 9222
      echo 'say "Is anybody there?"' | harness inspect http://127.0.0.1:8080/ --for 15
    """
    from harness.call.opening import CallOptions
    from harness.cli.inspect import InspectWish, inspect_and_list, pauses_on
    from harness.inspection.session import InspectOptions
    from harness.network.wish import TRANSPARENT
    from harness.protocols.choice import AUTO

    call = CallOptions(
        headless=not headed,
        autoplay=autoplay.value,
        requests=requests,
        context={"ignore_https_errors": True} if ignore_https_errors else {},
        start=[{"click": selector} for selector in click or ()],
        redirect=list(redirect) if redirect else None,
        protocol=protocol or AUTO,
        agent=agent or AUTO,
        network={"profile": network or TRANSPARENT, "pcap": True} if pcap else network,
    )
    options = InspectOptions(url, out, call, for_s, pauses_on(pause_on), attach, microphone.value)
    return inspect_and_list(InspectWish(options, record_scenario, as_json=json, ui=ui))
