"""The relay in a process of its own: ``python -m harness.network.relay_process``.

In the harness's process it would stand still whenever anything else is done there, and delay what
nobody asked it to. It reads commands as lines of JSON, and ends when its standard input closes: so
it never outlives whoever started it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.network.impaired_relay import ImpairedRelay
from harness.network.impairment.conditions import read_conditions
from harness.network.pcap import PcapFile

LONGEST_LINE_BYTES = 1 << 20


def handle(relay: ImpairedRelay, command: dict[str, Any]) -> dict[str, Any] | None:
    """Do what a command says; its answer, where it has one.

    ``{"do": "route", "fragment", "front", "host", "port"}``, and two that are answered with what
    was counted until then: ``{"do": "change", "up", "down"}`` and ``{"do": "count"}``. ``{"do":
    "close_pcap"}`` ends the capture, and is answered with what is in it.
    """
    if command["do"] == "route":
        target = (str(command["host"]), int(command["port"]))
        relay.route(str(command["fragment"]), int(command["front"]), target)
    elif command["do"] == "change":
        counted = counts_of(relay)
        relay.change(read_conditions(command))
        return counted
    elif command["do"] == "count":
        return counts_of(relay)
    elif command["do"] == "close_pcap" and relay.pcap is not None:
        relay.pcap.close()
        return {"packets": relay.pcap.packets, "left_out": relay.pcap.left_out}
    return None


def counts_of(relay: ImpairedRelay) -> dict[str, Any]:
    """All counts of a relay, and the processor time of its process, seconds."""
    return {
        "up": relay.up.counts.to_data(),
        "down": relay.down.counts.to_data(),
        **asdict(relay.strays),
        "cpu_s": round(time.process_time(), 4),
    }


async def serve() -> None:
    """Relay until standard input closes; the first line there says how to begin."""
    reader = asyncio.StreamReader(limit=LONGEST_LINE_BYTES)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    begin = json.loads(await reader.readline())
    pcap = PcapFile(Path(begin["pcap"])) if begin.get("pcap") else None
    relay = ImpairedRelay(read_conditions(begin), int(begin["seed"]), pcap)
    try:
        _say({"fronts": relay.fronts, "sink": relay.sink})
        while line := await reader.readline():
            command = json.loads(line)
            if (answer := handle(relay, command)) is not None:
                _say({"id": command["id"], **answer})
    finally:
        relay.close()


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
