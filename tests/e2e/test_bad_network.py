"""A bad network between a page in Chromium and its server: asked, counted, and seen by getStats."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.browser.launch import Chromium
from harness.call.bad_network import network_of
from harness.engines.browser.open import CallOptions, open_call
from harness.report.results import NetworkPeriod
from harness.scenario.run import run_scenarios
from harness.score.network_periods import network_periods, selected_pair
from harness.server.process.launch import RunningServer
from harness.trace import read_trace

pytestmark = [pytest.mark.realtime, pytest.mark.alone]

IN_ONE_PAGE = """async () => {
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const opened = new Promise((resolve) => (one.createDataChannel("loop").onopen = resolve));
  for (const [from, to] of [[one, other], [other, one]])
    from.onicecandidate = ({ candidate }) => candidate && to.addIceCandidate(candidate);
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription);
  await opened;
  const told = one.localDescription.sdp + other.remoteDescription.sdp;
  one.close();
  other.close();
  return told;
}"""
"""A page that tests itself before it calls: no packet of that leaves it."""


def ways(reports: Sequence[Mapping[str, Any]]) -> set[tuple[Any, Any]]:
    """Where the page's sound went to, as getStats says."""
    found = set()
    for report in reports:
        objects = {one["id"]: one for one in report["report"]}
        pair = selected_pair(list(objects.values()))
        if pair is not None:
            remote = objects[pair["remoteCandidateId"]]
            found.add((remote["address"], remote["port"]))
    return found


async def test_loss_delay_and_a_blackout_are_what_was_asked_and_nothing_goes_past_them(
    shared_chromium: Chromium, shared_server: RunningServer, tmp_path: Path
) -> None:
    options = CallOptions(network={"delay_ms": 50, "seed": 2})
    async with open_call(
        server=shared_server, chromium=shared_chromium, out=tmp_path, options=options
    ) as call:
        network = network_of(call.line)
        assert network is not None
        fronts = {(network.address.host, port) for port in network.address.fronts}
        told = await call.page.page.evaluate(IN_ONE_PAGE)
        assert f"127.0.0.1 {network.address.sink} typ host" in told
        await call.change_network({"loss": "20%"})  # a call comes up at leisure through that
        await asyncio.sleep(6)
        await call.change_network({"blackout": True})
        await asyncio.sleep(1.5)
        await call.change_network("transparent")
        await asyncio.sleep(3.2)
        reports = [dict(event.data) for event in call.events("stats").take_available()]
    of_call = [one for one in reports if one["connection"] == "connection-0"]
    assert ways(of_call)
    assert ways(of_call) <= fronts

    _, bad, blackout, good = (
        NetworkPeriod.model_validate(period, from_attributes=True)
        for period in network_periods(read_trace(tmp_path / "trace.jsonl").events)
    )
    assert bad.down.stats_loss == pytest.approx(0.2, abs=0.04)
    assert bad.stats_round_trip_s == pytest.approx(0.1, abs=0.02)
    assert bad.up.delay_s == pytest.approx(0.05, abs=0.001)
    assert blackout.up.packets == blackout.up.dropped
    assert blackout.down.packets == blackout.down.dropped
    assert good.down.stats_loss == pytest.approx(0, abs=0.02)
    assert good.stats_round_trip_s is not None
    assert good.stats_round_trip_s < 0.03


SCENARIO = """
name: worse-and-worse
network: {delay_ms: 40, seed: 3}
steps:
  - silence: 0.5
  - network: {loss: 100%, up: {loss: 0%}}
  - silence: 0.5
  - hang_up
"""


async def test_a_scenario_without_a_browser_has_the_same_networks(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    results = await run_scenarios([path], out=tmp_path / "out", engine="native")
    [run] = results.scenarios
    assert (run.verdict, run.error) == ("passed", None)
    late, deaf = run.network
    for way in (late.up, late.down):
        assert way.delay_s == pytest.approx(0.04, abs=0.001)
    assert late.down.dropped == deaf.up.dropped == 0
    assert deaf.down.packets == deaf.down.dropped
    assert deaf.up.packets
    steps = [
        line for line in (tmp_path / "out/worse-and-worse/trace.jsonl").open() if "step." in line
    ]
    assert any("loss 100 %, up loss 0 %" in line for line in steps)
