"""The relay's process as the harness holds it: conditions, courses, counts, and its end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.errors import HarnessError, NetworkFailed, UsageError
from harness.facts.network import NetworkChanged, NetworkCounted, NetworkFact, NetworkKept
from harness.network.bad_network import open_network
from harness.network.impairment.profiles import PROFILES, Profile
from harness.network.wish import read_change, read_wish, with_pcap
from tests.network.test_impaired_relay import CHECK, End
from tests.network.test_pcap import written

SOON_S = 5


def names(facts: list[NetworkFact]) -> list[str]:
    return [fact.name for fact in facts if isinstance(fact, NetworkChanged)]


async def test_a_network_begins_changes_counts_and_ends() -> None:
    facts: list[NetworkFact] = []
    page, peer = End(), End()
    async with open_network(read_wish({"profile": "satellite", "seed": 4})) as network:
        assert network.conditions.up.delay_ms == 0  # nothing happens before it begins
        assert (network.began.asked, network.began.seed) == ("satellite", 4)
        await network.begin(facts.append)
        await network.change(read_change("transparent"))
        await network.route("theirs", 1, *peer.address)
        page.send(CHECK, network.address.fronts[1])
        assert (await peer.hear())[0] == CHECK
        with pytest.raises(UsageError, match="at most 50%"):
            await network.change(read_change({"loss": "90%", "burst": 1}))
        pid = network.pid
    assert [type(fact) for fact in facts] == [NetworkCounted, NetworkChanged] * 2 + [NetworkCounted]
    assert names(facts) == ["satellite", "transparent"]
    assert isinstance(facts[-1], NetworkCounted)
    assert facts[-1].up["packets"] == 1
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    for end in (page, peer):
        end.socket.close()


async def test_a_course_runs_by_itself_and_ends_with_the_next_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stages = tuple(
        replace(stage, at_s=number / 100)
        for number, stage in enumerate(PROFILES["handover"].stages)
    )
    monkeypatch.setitem(PROFILES, "handover", Profile("handover", "sooner", stages))
    facts: list[NetworkFact] = []
    async with open_network(read_wish("handover")) as network:
        await network.begin(facts.append)
        async with asyncio.timeout(SOON_S):
            while len(names(facts)) < 3:  # noqa: ASYNC110 - nobody is told of a stage
                await asyncio.sleep(0.005)
        await network.change(read_change("good-wifi"))
        told = len(names(facts))
        await asyncio.sleep(0.03)
        assert len(names(facts)) == told
    assert names(facts)[:3] == [
        "handover: near the access point",
        "the Wi-Fi fades",
        "between the networks",
    ]
    assert names(facts)[-1] == "good-wifi"


async def test_packets_are_kept_beside_the_trace_where_that_is_asked_for(tmp_path: Path) -> None:
    facts: list[NetworkFact] = []
    page, peer = End(), End()
    wish = with_pcap(read_wish({"profile": "transparent"}))
    async with open_network(wish, tmp_path / "new") as network:
        assert network.began.asked == "transparent, pcap"
        await network.begin(facts.append)
        await network.route("theirs", 0, *peer.address)
        page.send(CHECK, network.address.fronts[0])
        await peer.hear()
    assert facts[-1] == NetworkKept("call.pcap", 2, 0)
    assert [content[28:] for _, _, content in written(tmp_path / "new" / "call.pcap")] == [
        CHECK
    ] * 2
    for end in (page, peer):
        end.socket.close()


async def test_a_capture_of_a_page_that_never_called_is_empty_and_whole(tmp_path: Path) -> None:
    async with open_network(with_pcap(None), tmp_path):
        pass
    assert written(tmp_path / "call.pcap") == []


async def test_where_nothing_is_kept_there_is_no_capture_either() -> None:
    facts: list[NetworkFact] = []
    async with open_network(with_pcap(None)) as network:
        await network.begin(facts.append)
    assert not any(isinstance(fact, NetworkKept) for fact in facts)


async def test_an_answer_that_nobody_waits_for_any_more_is_no_answer_to_the_next() -> None:
    async with open_network(read_wish("3g")) as network:
        cancelled = asyncio.create_task(network.change(read_change("transparent")))
        await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.wait([cancelled])
        page = End()
        page.send(b"stray", network.address.fronts[0])
        async with asyncio.timeout(SOON_S):
            while (await network.count())["unknown"] == 0:  # noqa: ASYNC110 - nobody tells us
                await asyncio.sleep(0.005)
        page.socket.close()


async def test_a_relay_that_dies_is_told_of() -> None:
    async with open_network(read_wish("3g")) as network:
        os.kill(network.pid, signal.SIGKILL)
        with pytest.raises(NetworkFailed, match="has ended"):
            await network.count()


async def test_a_relay_that_dies_in_a_call_ends_the_call() -> None:
    failures: asyncio.Queue[HarnessError] = asyncio.Queue()
    async with open_network(read_wish("3g")) as network:
        await network.begin(lambda fact: None, failures.put_nowait)
        os.kill(network.pid, signal.SIGKILL)
        failed = await asyncio.wait_for(failures.get(), SOON_S)
        assert "has ended" in str(failed)
    assert failures.empty()


async def test_a_relay_that_does_not_start_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(NetworkFailed, match="could not be started"):
        async with open_network(read_wish("3g")):
            pass
