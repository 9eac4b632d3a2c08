"""Arguments of the command line that may be one of a few."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Engine(StrEnum):
    """What holds the calls."""

    browser = "browser"
    native = "native"
    simulated = "simulated"


class Benchmark(StrEnum):
    """What can be measured."""

    microphone = "microphone"
    bridge = "bridge"
    engines = "engines"
    soak = "soak"
    speech = "speech"
    detector = "detector"
    server = "server"
    verdicts = "verdicts"
    page_overhead = "page-overhead"
    impairment = "impairment"
    barge_in = "barge-in"


class Channel(StrEnum):
    """Channels of a recording."""

    left = "left"
    right = "right"


class CacheAction(StrEnum):
    """What is done with the cache."""

    show = "show"
    clear = "clear"


Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Redirects = Annotated[
    list[str] | None,
    typer.Option(
        help="The hosted service that your page calls (“openai”, or an address): the local "
        "server answers in its place.",
        metavar="NAME",
    ),
]
Network = Annotated[
    str | None,
    typer.Option(
        help="The network between page and server, in place of the scenarios' own: good-wifi, "
        "congested-wifi, 3g, satellite, elevator or handover.",
        metavar="PROFILE",
    ),
]
Protocol = Annotated[
    str | None,
    typer.Option(
        help="The page's voice protocol, where it is not to be recognised: realtime, rtvi, "
        "livekit, none (by ear alone), or module:name of your own.",
        metavar="NAME",
    ),
]
WaitS = Annotated[
    float,
    typer.Option(help="How long the program behind “--” may take to answer.", min=0.1),
]
AnyKey = Annotated[
    bool,
    typer.Option(
        "--accept-any-key",
        help="Take every key, and none: for demos with a key of their own. Loopback only.",
    ),
]
