"""Arguments of the command line that may be one of a few."""

from __future__ import annotations

from enum import StrEnum


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
    server = "server"
    verdicts = "verdicts"


class CacheAction(StrEnum):
    """What is done with the cache."""

    show = "show"
    clear = "clear"
