"""Calls with the local server on one machine: what they cost, and when the audio suffers.

Pages in Chromium talk to the server, each with speech detection, recognition and synthesis running.
First 1 call, then 4, then 8; then more, or some less, until it is known how many are too many.
"""

from __future__ import annotations

import asyncio
import os
import statistics
from collections.abc import Sequence
from typing import Any

import aiohttp

from harness.bench.cpu_shares import call_groups, cores_used, look
from harness.bench.page_calls import CYCLE_S, SCRIPT, Heard, TalkingPages, talking_pages
from harness.bench.processes import memory_bytes, require_proc
from harness.browser.launch import open_chromium
from harness.clock import MonotonicClock
from harness.server.process.launch import RunningServer, start_server

AT_CALLS = (1, 4, 8)
MORE_CALLS = (10, 12)
LESS_CALLS = (6, 5, 7)
SETTLE_S = 4.0
"""After the last page has its call: its first seconds, and its browser's start-up, do not count."""

HOLD_S = 2 * CYCLE_S
MOST_CONCEALED = 0.01
MOST_CALLS = 32

Numbers = dict[str, dict[str, Any]]
"""The server's own numbers by call id."""


async def measure(workers: int = 1, seconds: float = HOLD_S) -> dict[str, Any]:
    """The figures of `harness bench server`; takes two to three minutes.

    Args:
        workers: processes that the server spreads its calls over.
        seconds: how long each number of calls is held.

    Returns:
        ``calls_at_1pct``: the largest number of calls of which none had more than 1 % of its
        samples concealed, either way; None where a single call had more. ``at``: for each number
        of calls that was measured

        - concealed_share_heard, concealed_share_sent: of what pages heard, and of what the
          server received; _worst is that of the worst call
        - event_delay_ms_p50, _p95: from an event sent in a page to the server's answer there
        - first_audio_ms_p50, _p95: from `speech_stopped` to the answer's first audio
        - turns, recognised, answered: that detection, recognition and synthesis really ran
        - cores: what the server, the browser, the harness and others on this machine used;
          cpu_per_call is the server's and browser_cpu_per_call the browser's, each by calls
        - server_worst_late_ms, server_slipped_frames, memory_bytes: of the server

        ``cores``, ``workers``, ``seconds``, ``load_before``.

    Raises:
        UsageError: this system has no /proc to read.
        HarnessError: server or browser did not start, or a page got no call.
    """
    require_proc()
    load_before = os.getloadavg()[0]
    async with (
        start_server(workers=workers, max_calls=MOST_CALLS, script=SCRIPT) as server,
        open_chromium() as chromium,
        talking_pages(chromium, server.page_url) as pages,
        aiohttp.ClientSession() as http,
    ):
        bench = ServerBench(server, pages, http, seconds)
        for calls in AT_CALLS:
            await bench.at(calls)
        for calls in MORE_CALLS if bench.is_good(AT_CALLS[-1]) else LESS_CALLS:
            if not bench.knows(calls):
                await bench.at(calls)
            if calls in MORE_CALLS and not bench.is_good(calls):
                break
    return {
        "calls_at_1pct": bench.best(),
        "at": {str(calls): figures for calls, figures in sorted(bench.figures.items())},
        "cores": os.cpu_count(),
        "workers": workers,
        "seconds": seconds,
        "load_before": round(load_before, 2),
    }


class ServerBench:
    """Holds numbers of calls and remembers the figures."""

    def __init__(
        self,
        server: RunningServer,
        pages: TalkingPages,
        http: aiohttp.ClientSession,
        seconds: float,
    ) -> None:
        self._server, self._pages, self._http = server, pages, http
        self._seconds = seconds
        self._clock = MonotonicClock()
        self.figures: dict[int, dict[str, Any]] = {}

    def is_good(self, calls: int) -> bool:
        """Whether no call had more than 1 % concealed."""
        shares = [self.figures[calls][f"concealed_share_{way}_worst"] for way in ("heard", "sent")]
        return all(share is not None and share <= MOST_CONCEALED for share in shares)

    def best(self) -> int | None:
        """The largest good number below the first bad one."""
        best = None
        for calls in sorted(self.figures):
            if not self.is_good(calls):
                break
            best = calls
        return best

    def knows(self, calls: int) -> bool:
        """Whether measuring this number would say nothing new."""
        bad = [known for known in self.figures if not self.is_good(known)]
        best = self.best() or 0
        return calls <= best or (bool(bad) and calls >= min(bad))

    async def at(self, calls: int) -> None:
        """Measure this number of calls, with pages opened and closed as it takes."""
        while len(self._pages.pages) > calls:
            await self._pages.pages.pop().hang_up()
        while len(self._pages.pages) < calls:
            await self._pages.add(offset_s=0.5 + CYCLE_S * (0.618 * len(self._pages.pages) % 1))
        await asyncio.sleep(SETTLE_S)
        self.figures[calls] = await self._hold()

    async def _hold(self) -> dict[str, Any]:
        heard_before, numbers_before = await self._heard(), await self._numbers()
        before = look(self._clock.now_s(), call_groups(self._server.pid))
        await asyncio.sleep(self._seconds)
        groups = call_groups(self._server.pid)
        after = look(self._clock.now_s(), groups)
        heard, numbers = await self._heard(), await self._numbers()
        calls = len(heard)
        used = cores_used(before, after, os.cpu_count() or 1)
        return {
            **_concealed("heard", _heard_shares(heard_before, heard)),
            **_concealed("sent", _sent_shares(numbers_before, numbers)),
            **_times("event_delay_ms", [ms for page in heard for ms in page.echoes_ms]),
            **_times("first_audio_ms", [ms for page in heard for ms in page.first_audio_ms]),
            "turns": sum(page.turns for page in heard),
            "recognised": sum(page.recognised for page in heard),
            "answered": sum(page.answered for page in heard),
            "errors": sum(len(page.errors) for page in heard),
            "cpu_per_call": round(used["server"] / calls, 4),
            "browser_cpu_per_call": round(used["browser"] / calls, 4),
            "cores": used,
            "server_worst_late_ms": _worst(numbers, "worst_late_ms"),
            "server_slipped_frames": sum(call["slipped_frames"] for call in numbers.values()),
            "server_memory_bytes": memory_bytes(groups["server"]),
        }

    async def _heard(self) -> list[Heard]:
        return list(await asyncio.gather(*(page.heard() for page in self._pages.pages)))

    async def _numbers(self) -> Numbers:
        headers = {"Authorization": f"Bearer {self._server.api_key}"}
        async with self._http.get(f"{self._server.url}/harness/calls", headers=headers) as answer:
            calls = (await answer.json())["calls"]
        return {call["call_id"]: call for call in calls if "packets_sent" in call}


def _heard_shares(before: Sequence[Heard], after: Sequence[Heard]) -> list[float | None]:
    return [
        _share(new.concealed - old.concealed, new.played - old.played)
        for old, new in zip(before, after, strict=True)
    ]


def _sent_shares(before: Numbers, after: Numbers) -> list[float | None]:
    return [
        _share(
            (call["concealed_samples"] or 0) - (before[call_id]["concealed_samples"] or 0),
            (call["total_samples_received"] or 0)
            - (before[call_id]["total_samples_received"] or 0),
        )
        for call_id, call in after.items()
        if call_id in before
    ]


def _share(part: int, whole: int) -> float | None:
    """None where nothing arrived: that is not a share of nothing, but a call that is silent."""
    return part / whole if whole > 0 else None


def _concealed(way: str, shares: Sequence[float | None]) -> dict[str, float | None]:
    """Median and worst; a call without audio makes the worst unknown, which is not good."""
    known = [share for share in shares if share is not None]
    is_complete = bool(known) and len(known) == len(shares)
    return {
        f"concealed_share_{way}": round(statistics.median(known), 5) if known else None,
        f"concealed_share_{way}_worst": round(max(known), 5) if is_complete else None,
    }


def _times(name: str, times_ms: Sequence[float]) -> dict[str, float | int | None]:
    ordered = sorted(times_ms)
    return {
        f"{name}_p50": round(statistics.median(ordered), 1) if ordered else None,
        f"{name}_p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1)
        if ordered
        else None,
        f"{name}_count": len(ordered),
    }


def _worst(numbers: Numbers, name: str) -> float | None:
    return max((call[name] for call in numbers.values()), default=None)
