"""Real calls opened and closed against the local server: what fails, and what it keeps.

Each call negotiates over HTTP, hears `session.created`, sends and receives audio for a moment, and
is hung up by request or closed by the client. One in eight says a sentence and waits for its answer
first; one in eight is abandoned: its client takes the SDP answer and never connects.
"""

from __future__ import annotations

import asyncio
import statistics
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import numpy as np

from harness.audio.fixtures import find_fixture
from harness.bench.callee import steady_tone
from harness.bench.engine_figures import Ear
from harness.bench.processes import family, memory_bytes, require_proc
from harness.clock import MonotonicClock
from harness.errors import PeerError
from harness.peer.backends import DEFAULT_ENGINE, peer_factory
from harness.peer.interface import PeerConnection, Pull, Samples
from harness.realtime.wire import EVENTS_LABEL
from harness.server.process.launch import RunningServer, start_server

WARM_CALLS = 20
"""Before counting starts: what the server makes once and keeps, its speech engines included."""

AT_ONCE = 2
TALK_S = 0.3
HEARD_FRAMES = 4_800
ENDINGS = (*("hung up", "closed") * 3, "answered", "abandoned")
WARM_ENDINGS = ("hung up", "closed", "answered", "hung up")
SENTENCE = "booking-table-for-two"
GONE_WITHIN_S = 45.0
"""The server gives a client that never connects half a minute."""

ANSWERED = '"type":"response.done"'
MOST_CALLS = 200
"""Those that were abandoned hold their places for a while."""

MOST_ABANDONED = 8
"""At once. They are part of warming up: a server keeps a speech detector (7 MB) for as many calls
as it ever had at the same time."""

ABANDONED_FOR_S = 20.0


@dataclass(slots=True)
class Tally:
    """What the calls have come to so far."""

    connects_ms: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)


async def measure(
    engine: str = DEFAULT_ENGINE, minutes: float = 10.0, workers: int = 1
) -> dict[str, Any]:
    """The figures of `harness bench soak --server`.

    Returns:
        engine, workers, minutes, calls, failures (their number) and first_failures, endings;
        connect_ms_median (from nothing to the first event) and connect_ms_worst; of the server:
        calls_left (0 when all were freed), memory_bytes (at each tenth of the time),
        memory_growth_per_call_bytes (from the first tenth on), handle_growth, thread_growth.

    Raises:
        UsageError: no such engine, or no /proc to read.
        ServerStartError: the server did not come up.
    """
    require_proc()
    make_peer = peer_factory(engine)
    async with (
        start_server(engine=engine, workers=workers, max_calls=MOST_CALLS) as server,
        aiohttp.ClientSession() as http,
    ):
        soak = _ServerSoak(server, http, make_peer)
        for _ in range(MOST_ABANDONED + AT_ONCE):
            await soak.one_call("abandoned")
        for number in range(WARM_CALLS):
            await soak.one_call(WARM_ENDINGS[number % len(WARM_ENDINGS)])
        soak.tally = Tally()
        before = await soak.settled()
        memory = await soak.run(minutes * 60)
        after = await soak.settled()
    tally = soak.tally
    calls_since_first = max(1, round(len(tally.connects_ms) * (1 - 1 / max(1, len(memory)))))
    return {
        "engine": engine,
        "workers": workers,
        "minutes": minutes,
        "calls": len(tally.connects_ms),
        "failures": len(tally.failures),
        "first_failures": tally.failures[:5],
        "endings": dict(tally.endings),
        "connect_ms_median": round(statistics.median(tally.connects_ms), 1)
        if tally.connects_ms
        else None,
        "connect_ms_worst": round(max(tally.connects_ms, default=0.0), 1),
        "calls_left": after["calls"],
        "memory_bytes": memory,
        "memory_growth_per_call_bytes": round((memory[-1] - memory[0]) / calls_since_first)
        if memory
        else None,
        "handle_growth": after["open_files"] - before["open_files"],
        "thread_growth": after["threads"] - before["threads"],
    }


class _ServerSoak:
    """Calls against one server."""

    def __init__(self, server: RunningServer, http: aiohttp.ClientSession, make_peer: Any) -> None:
        self._server, self._http, self._make_peer = server, http, make_peer
        self._clock = MonotonicClock()
        self._key = {"Authorization": f"Bearer {server.api_key}"}
        self._abandoned_s: deque[float] = deque()
        self.tally = Tally()

    async def run(self, seconds: float) -> list[int]:
        """Call and call again; gives the server's memory at each tenth of the time."""
        begun_s = self._clock.now_s()
        memory: list[int] = []
        number = 0
        while (passed_s := self._clock.now_s() - begun_s) < seconds:
            if passed_s >= seconds / 10 * (len(memory) + 1):
                memory.append(memory_bytes(family(self._server.pid)))
            endings = [self._ending(number + i) for i in range(AT_ONCE)]
            await asyncio.gather(*(self.one_call(ending) for ending in endings))
            number += AT_ONCE
        memory.append(memory_bytes(family(self._server.pid)))
        return memory

    def _ending(self, number: int) -> str:
        ending = ENDINGS[number % len(ENDINGS)]
        now_s = self._clock.now_s()
        while self._abandoned_s and self._abandoned_s[0] < now_s - ABANDONED_FOR_S:
            self._abandoned_s.popleft()
        if ending == "abandoned":
            if len(self._abandoned_s) >= MOST_ABANDONED:
                return "closed"
            self._abandoned_s.append(now_s)
        return ending

    async def one_call(self, ending: str) -> None:
        """One call from its offer to its end."""
        start_s = self._clock.now_s()
        ear = Ear()
        peer: PeerConnection = self._make_peer(ear)
        try:
            call_id, answer = await self._begin(peer)
            if ending == "abandoned":
                self.tally.endings[ending] += 1
                return
            await peer.accept_answer(answer)
            peer.attach_microphone(_sentence() if ending == "answered" else steady_tone())
            await ear.until(lambda: bool(ear.messages))
            self.tally.connects_ms.append((self._clock.now_s() - start_s) * 1000)
            await ear.until(lambda: ear.received_frames >= HEARD_FRAMES)
            if ending == "answered":
                await ear.until(
                    lambda: any(ANSWERED in str(text) for _, text in ear.messages), 30.0
                )
            await asyncio.sleep(TALK_S)
            if ending == "hung up":
                await self._hang_up(ear, call_id)
            self.tally.endings[ending] += 1
        except (PeerError, TimeoutError, aiohttp.ClientError) as error:
            self.tally.failures.append(str(error) or type(error).__name__)
        finally:
            await peer.aclose()

    async def _begin(self, peer: PeerConnection) -> tuple[str, str]:
        """The call's id and the server's answer."""
        peer.open_channel(EVENTS_LABEL)
        offer = await peer.create_offer()
        headers = {**self._key, "Content-Type": "application/sdp"}
        url = f"{self._server.url}/v1/realtime/calls"
        async with self._http.post(url, data=offer, headers=headers) as answer:
            text = await answer.text()
            if answer.status != 201:
                raise PeerError("The call was refused.", found=f"{answer.status} {text[:200]}")
            return answer.headers["Location"].rsplit("/", 1)[1], text

    async def _hang_up(self, ear: Ear, call_id: str) -> None:
        url = f"{self._server.url}/v1/realtime/calls/{call_id}/hangup"
        async with self._http.post(url, headers=self._key) as answer:
            if answer.status != 200:
                raise PeerError("The call was not hung up.", found=str(answer.status))
        await ear.until(lambda: EVENTS_LABEL in ear.closed)

    async def settled(self) -> dict[str, int]:
        """The server's size once all calls are gone; or as it is after half a minute."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GONE_WITHIN_S):
                while (await self._size())["calls"]:  # noqa: ASYNC110 - nobody tells us
                    await asyncio.sleep(0.5)
        return await self._size()

    async def _size(self) -> dict[str, int]:
        async with self._http.get(f"{self._server.url}/status.json") as answer:
            workers = [w for w in (await answer.json())["workers"] if not w.get("is_down")]
        return {
            "calls": sum(len(worker.get("calls", [])) for worker in workers),
            "open_files": sum(worker["open_files"] for worker in workers),
            "threads": sum(worker["threads"] for worker in workers),
        }


def _sentence() -> Pull:
    """A microphone that hears one sentence, then silence."""
    said = find_fixture(SENTENCE).load().clip.samples
    position = 0

    def pull(frames: int) -> Samples:
        nonlocal position
        part = said[position : position + frames]
        position += frames
        return np.concatenate([part, np.zeros(frames - len(part), np.float32)])

    return pull
