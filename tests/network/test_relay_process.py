"""The relay's process: its commands, and its end with whoever started it."""

from __future__ import annotations

import asyncio
import json
import sys

from harness.bench.processes import child_environment
from harness.network.impaired_relay import ImpairedRelay
from harness.network.impairment.conditions import Conditions, NetworkConditions
from harness.network.relay_process import handle


async def test_commands_change_the_network_and_ask_for_counts() -> None:
    relay = ImpairedRelay(NetworkConditions())
    changed = NetworkConditions(Conditions(loss=0.5), Conditions(blackout=True))
    counts = handle(relay, {"do": "change", **changed.to_data()})
    assert counts is not None
    assert counts["up"]["packets"] == 0
    assert (relay.up.conditions, relay.down.conditions) == (changed.up, changed.down)
    route = {"do": "route", "fragment": "abcd", "front": 0, "host": "127.0.0.1", "port": 9}
    assert handle(relay, route) is None
    counts = handle(relay, {"do": "count"})
    assert counts is not None
    assert counts["up"]["packets"] == counts["down"]["lost"] == counts["direct"] == 0
    relay.close()


async def test_it_ends_when_nobody_holds_its_input_any_more() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "harness.network.relay_process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=child_environment(),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"up": {}, "down": {}, "seed": 1}).encode() + b"\n")
    ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    assert len(set(ready["fronts"])) == len(ready["fronts"]) > 1
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 20) == 0
