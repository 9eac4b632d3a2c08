"""Options that an engine cannot have."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.resources import fixtures_dir
from harness.scenario.engine_checks import check_engine
from harness.scenario.engines import EngineOptions
from harness.scenario.run import run_scenarios

SCENARIOS = fixtures_dir() / "scenarios"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (EngineOptions(engine="steam"), "no such engine"),
        (EngineOptions(native="nothing"), "no such WebRTC engine"),
        (EngineOptions(engine="native", page_url="http://h/"), "--page"),
        (EngineOptions(engine="simulated", headed=True), "--headed"),
        (EngineOptions(engine="simulated", server_url="openai"), "--server"),
        (EngineOptions(engine="browser", native="aiortc"), "--native"),
        (EngineOptions(engine="native", seed=3), "--seed"),
        (EngineOptions(engine="simulated", network="3g"), "--network"),
        (EngineOptions(engine="simulated", pcap=True), "--pcap"),
        (EngineOptions(engine="native", autoplay="user-gesture"), "--autoplay"),
        (EngineOptions(engine="simulated", tracing="on"), "--tracing"),
        (EngineOptions(autoplay="never"), "--autoplay cannot be so"),
        (EngineOptions(tracing="always"), "--tracing cannot be so"),
        (EngineOptions(network="5g"), "no such network"),
        (EngineOptions(engine="native", redirect="openai"), "--redirect"),
        (EngineOptions(redirect="opanai", page_url="http://h/"), "no redirect"),
        (
            EngineOptions(redirect="openai", page_url="http://h/", server_url="openai"),
            "leads to where it comes from",
        ),
    ],
)
async def test_options_that_do_not_fit_are_refused_before_anything_runs(
    options: EngineOptions, said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        check_engine(options)
    with pytest.raises(UsageError, match=said):
        await run_scenarios(
            [SCENARIOS / "greeting.yaml"],
            out=tmp_path / "out",
            engine=options.engine,
            native=options.native,
            page_url=options.page_url,
            server_url=options.server_url,
            headed=options.headed,
            redirect=options.redirect,
            seed=options.seed,
            network=options.network,
            pcap=options.pcap,
            autoplay=options.autoplay,
            tracing=options.tracing,
        )
    assert not (tmp_path / "out").exists()
