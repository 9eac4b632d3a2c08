"""What a process knows of its calls."""

from __future__ import annotations

import json
from typing import Any

from harness.server.calls.registry import Calls
from harness.server.status.monitor import Monitor
from tests.support.list_call import ListCall
from tests.support.waiting import until


class CountingCall(ListCall):
    """A call with a connection's numbers."""

    async def numbers(self) -> dict[str, Any]:
        return {"packets_lost": 3, "concealed_samples": 48, "total_samples_received": 4800}


async def test_a_call_is_seen_from_its_beginning_to_its_end() -> None:
    async with Calls(4) as calls, Monitor(calls, worker=1) as monitor:
        call = CountingCall()
        calls.run(call)
        call.open()
        call.receive_text("{}")
        status = await monitor.status()
        (seen,) = status["calls"]
        assert seen["call_id"] == call.call_id
        assert seen["events_in"] == 1
        assert seen["concealed_share"] == 0.01
        assert status["most_calls"] == 4
        call.end("hung up")
        await until(lambda: not calls.running)
        status = await monitor.status()
        assert status["calls"] == []
        assert status["ended"][0]["because"] == "hung up"
        totals = status["totals"]
        assert totals["calls_started"] == {"webrtc": 1.0}
        assert totals["calls_ended"] == {"hung up": 1.0}
        assert totals["events"]["in"] == 1
        assert totals["audio_packets"]["lost"] == 3
        json.dumps(status)


async def test_refusals_are_counted_and_shown_but_for_curiosity() -> None:
    async with Calls() as calls, Monitor(calls) as monitor:
        monitor.refused(401, "POST /v1/realtime/calls: Incorrect API key provided.")
        monitor.refused(404, "GET /favicon.ico")
        status = await monitor.status()
        assert [error["text"] for error in status["errors"]] == [
            "401 POST /v1/realtime/calls: Incorrect API key provided."
        ]
        assert status["totals"]["requests_refused"] == {"401": 1.0, "404": 1.0}


async def test_the_gauges_read_the_moment() -> None:
    async with Calls(4) as calls, Monitor(calls) as monitor:
        calls.run(ListCall())
        page = (await monitor.metrics()).decode()
        assert 'harness_calls_active{worker="0"} 1.0' in page
        assert 'harness_calls_most{worker="0"} 4.0' in page
        assert monitor.is_healthy()
