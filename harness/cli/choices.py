"""Arguments of the command line that may be one of a few."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
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
    overhead = "overhead"
    latency = "latency"
    compare = "compare"
    contexts = "contexts"
    findings = "findings"
    replay = "replay"
    cassette = "cassette"
    viewer = "viewer"


class Calibration(StrEnum):
    """When the path's own cost is measured."""

    auto = "auto"
    always = "always"
    off = "off"


class Delays(StrEnum):
    """Whether a cassette answers when it did, or at once."""

    recorded = "recorded"
    none = "none"


class WhoseMicrophone(StrEnum):
    """Who speaks while a page is recorded or inspected."""

    own = "own"
    virtual = "virtual"


class Autoplay(StrEnum):
    """Whether a page is heard before its user has clicked."""

    allowed = "allowed"
    user_gesture = "user-gesture"


class Tracing(StrEnum):
    """Whether a Playwright trace is kept."""

    off = "off"
    on = "on"
    retain_on_failure = "retain-on-failure"


class CassetteAction(StrEnum):
    """What is done with a cassette."""

    check = "check"
    take = "take"


class BaselineAction(StrEnum):
    """What is done with baselines."""

    accept = "accept"
    show = "show"
    list = "list"


class Channel(StrEnum):
    """Channels of a recording."""

    left = "left"
    right = "right"


class Pace(StrEnum):
    """When a replayed caller speaks."""

    answer = "answer"
    recorded = "recorded"


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
Pcap = Annotated[
    bool,
    typer.Option(
        "--pcap",
        help="Keep the UDP packets of the call in call.pcap, beside its trace; sound and messages "
        "are encrypted in it.",
    ),
]
Calibrate = Annotated[
    Calibration,
    typer.Option(
        help="Whether the path's own cost is measured first, with pages: auto (unless it was in "
        "the last 12 hours), always or off.",
    ),
]
Record = Annotated[
    Path | None,
    typer.Option(
        help="Keep the session as a cassette: events both ways, the agent's sound by turn, timing; "
        "of several scenarios each in a folder of its name.",
        metavar="DIR",
    ),
]
OverwriteCassette = Annotated[
    bool,
    typer.Option(
        "--overwrite", help="Replace a cassette also where somebody edited it since its recording."
    ),
]
Cassette = Annotated[
    Path | None,
    typer.Option(
        help="The local server answers from this cassette, or from those of a folder, by the "
        "scenarios' names.",
        metavar="DIR",
    ),
]
CassetteDelays = Annotated[
    Delays,
    typer.Option("--delays", help="When a cassette answers: as it did (recorded), or at once."),
]
Lenient = Annotated[
    bool,
    typer.Option(
        "--lenient",
        help="What the cassette does not have the local assistant answers; else it is an error.",
    ),
]
Protocol = Annotated[
    str | None,
    typer.Option(
        help="The page's voice protocol, where it is not to be recognised: realtime, live, rtvi, "
        "livekit, none (by ear alone), or module:name of your own.",
        metavar="NAME",
    ),
]
Agent = Annotated[
    str | None,
    typer.Option(
        help="The agent's connection, where a page has several and it is not to be recognised: "
        "all, connection-1 (they count from 0), or channel:LABEL.",
        metavar="NAME",
    ),
]
WaitS = Annotated[
    float,
    typer.Option(help="How long the program behind “--” may take to answer.", min=0.1),
]
PlaywrightTrace = Annotated[
    Path | None,
    typer.Option(
        "--playwright-trace",
        help="The test's Playwright trace, drawn beside the call; the playwright-trace.zip beside "
        "it where absent.",
        metavar="FILE",
    ),
]
AnyKey = Annotated[
    bool,
    typer.Option(
        "--accept-any-key",
        help="Take every key, and none: for demos with a key of their own. Loopback only.",
    ),
]


def complete_scenarios(incomplete: str) -> list[str]:
    """Names of shipped scenarios, and files, that begin like that; for shells."""
    from harness.cli.scenario_files import SUFFIXES, shipped

    folder = Path(incomplete) if incomplete.endswith("/") else Path(incomplete).parent
    near = folder.iterdir() if folder.is_dir() else ()
    files = [f"{path}/" if path.is_dir() else str(path) for path in near if _is_offered(path)]
    names = [*shipped(), *(name for name in files if name.endswith(("/", *SUFFIXES)))]
    return sorted(name for name in names if name.startswith(incomplete))


def _is_offered(path: Path) -> bool:
    return not path.name.startswith(".")


Scenarios = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SCENARIO]...",
        help="Scenario files (YAML), folders of them, or names of shipped ones; those of the "
        "project's pyproject.toml where absent.",
        autocompletion=complete_scenarios,
    ),
]
Grep = Annotated[
    str | None,
    typer.Option(help="Only scenarios whose name matches; a regular expression.", metavar="RE"),
]
Tags = Annotated[
    list[str] | None,
    typer.Option(
        help="Only scenarios with this tag, or with another one given; “!TAG”: without it.",
        metavar="TAG",
    ),
]
SetValues = Annotated[
    list[str] | None,
    typer.Option("--set", help="A value for ${NAME} in the scenarios.", metavar="NAME=VALUE"),
]
