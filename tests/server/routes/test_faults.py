"""`/harness/faults`: set, read, removed, and what was done."""

from __future__ import annotations

import pytest

from harness.realtime.faults.triggers import Applied
from tests.support.local_server import WITH_KEY, local_server

PATH = "/harness/faults"


async def test_faults_are_set_read_and_removed() -> None:
    async with local_server() as server:
        put = await server.client.put(
            PATH, json={"faults": ["event_late; delay_s=2"]}, headers=WITH_KEY
        )
        assert put.status == 200
        got = await (await server.client.get(PATH, headers=WITH_KEY)).json()
        assert got["faults"] == [
            {"fault": "event_late", "events": "*", "delay_s": 2.0, "skip": 0, "probability": 1.0,
             "seed": 0}
        ]  # fmt: skip
        await server.client.delete(PATH, headers=WITH_KEY)
        assert server.state.fault_sources.faults == ()


@pytest.mark.parametrize("body", ["[]", '{"faults": ["nonsense"]}', '{"faults": 3}', "{"])
async def test_what_is_wrong_is_refused_and_changes_nothing(body: str) -> None:
    async with local_server() as server:
        await server.client.put(PATH, json={"faults": ["no_ice"]}, headers=WITH_KEY)
        refused = await server.client.put(PATH, data=body, headers=WITH_KEY)
        assert refused.status == 400
        assert (await refused.json())["error"]["message"]
        assert [fault.name for fault in server.state.fault_sources.faults] == ["no_ice"]


async def test_all_of_it_needs_the_key() -> None:
    async with local_server() as server:
        for method, path in (("GET", PATH), ("PUT", PATH), ("GET", PATH + "/applied")):
            assert (await server.client.request(method, path)).status == 401


async def test_what_was_done_since_a_moment() -> None:
    async with local_server() as server:
        for at_s in (1.0, 2.0):
            server.state.fault_sources.log.add(Applied("event_late", "late", at_s), "rtc_A")
        path = PATH + "/applied"
        told = await (await server.client.get(path, headers=WITH_KEY)).json()
        assert (len(told["applied"]), told["dropped"]) == (2, 0)
        assert told["now_s"] > 0
        new = await server.client.get(path + "?since_s=1.5", headers=WITH_KEY)
        assert [one["at_s"] for one in (await new.json())["applied"]] == [2.0]
        wrong = await server.client.get(path + "?since_s=nan", headers=WITH_KEY)
        assert wrong.status == 400
