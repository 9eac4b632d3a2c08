"""Options of a run that an engine cannot have, told before anything starts."""

from __future__ import annotations

from typing import get_args

from harness.engines.browser.calibration import check_calibration
from harness.errors import UsageError
from harness.line.autoplay import Autoplay
from harness.network.redirect_rules import check_redirect
from harness.peer.backends import DEFAULT_ENGINE as DEFAULT_NATIVE
from harness.peer.backends import peer_factory
from harness.scenario.engines import ENGINE_NAMES, EngineOptions
from harness.scenario.network import check_profile

TRACINGS = ("off", "on", "retain-on-failure")


def check_engine(options: EngineOptions) -> None:
    """See that the options fit together, before anything starts.

    Raises:
        UsageError: no such engine, or an option that this engine cannot have.
    """
    if options.engine not in ENGINE_NAMES:
        raise UsageError(
            "There is no such engine.", expected=" or ".join(ENGINE_NAMES), found=options.engine
        )
    if options.engine == "native" or options.native != DEFAULT_NATIVE:
        peer_factory(options.native)  # says which there are
    for option, given in (
        ("--page", options.page_url),
        ("--headed", options.headed),
        ("--redirect", options.redirect),
        ("--protocol", options.protocol),
        ("--agent", options.agent),
        ("--autoplay", options.autoplay),
        ("--tracing", options.tracing != "off"),
        ("a program behind “--”", options.backend),
    ):
        if given and options.engine != "browser":
            raise _has_no(options.engine, option, "no page: it calls the server itself")
    if options.redirect is not None:
        check_redirect(options.redirect, options.server_url)
    if options.network is not None:
        check_profile(options.network, options.engine)
    if options.pcap and options.engine == "simulated":
        raise _has_no(options.engine, "--pcap", "no packets: its calls are in memory")
    for option, given, known in (
        ("--autoplay", options.autoplay, get_args(Autoplay)),
        ("--tracing", options.tracing, TRACINGS),
    ):
        if given is not None and given not in known:
            raise UsageError(f"{option} cannot be so.", expected=" or ".join(known), found=given)
    check_calibration(options.calibration)
    if options.native != DEFAULT_NATIVE and options.engine != "native":
        raise _has_no(options.engine, "--native", "no WebRTC implementation to choose")
    if options.seed and options.engine != "simulated":
        raise _has_no(options.engine, "--seed", "nothing that is drawn by lot")
    if options.server_url is not None and options.engine == "simulated":
        raise _has_no(options.engine, "--server", "its server in memory")


def _has_no(engine: str, option: str, has: str) -> UsageError:
    return UsageError(
        f"The {engine} engine cannot have {option}.",
        expected=f"{option} with an engine that can use it",
        found=f"the {engine} engine, which has {has}",
    )
