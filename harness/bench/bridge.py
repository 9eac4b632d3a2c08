"""Speed of envelopes from a page to Python, beside Playwright's ``expose_binding``.

Latency: one message of 1 KB at a time, from the page's clock when it is reported to Python's when
a reader of the stream has it, checked. Rate: as many as go through in ten seconds, each an event
of its own in the page, with a bounded number on the way; then eight pages at once, as many from
each. Page and Python share the machine's clock, paired by round trips.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from playwright.async_api import Page

from harness.browser.launch import Chromium, open_chromium
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.clock import Clock, MonotonicClock

MESSAGE_BYTES = 1_000
LATENCY_MESSAGES = 400
LATENCY_EVERY_MS = 8
SUSTAINED_S = 10.0
WINDOW = 500
"""Messages that a page sends at one command."""
WINDOWS_ON_THE_WAY = 4
MANY_PAGES = 8
MANY_WINDOWS = 10
"""What each of them sends, in windows."""

CAPACITY = 1_000_000
"""More messages than any machine sends in that time; the stream keeps them all."""

# Data channel messages, as far as the bridge is concerned: the probe reports them as any page's.
_PAGE = """<!doctype html><meta charset="utf-8"><script>
const channel = new RTCPeerConnection().createDataChannel("bench");
const filler = "x".repeat(%d);
const pageMs = () => performance.timeOrigin + performance.now();
const viaBridge = () => channel.dispatchEvent(new MessageEvent("message", { data: filler }));
const viaBinding = () => exposed(pageMs() + " " + filler);
async function slowly(send, count, everyMs) {
  for (let i = 0; i < count; i++) {
    send();
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
async function fast(send, count) {
  const { port1, port2 } = new MessageChannel();
  for (let i = 0; i < count; i++) {
    send();
    await new Promise((resolve) => { port1.onmessage = resolve; port2.postMessage(0); });
  }
}
</script>"""


async def measure() -> dict[str, Any]:
    """Both bridges in one Chromium, one after the other.

    Returns:
        ``median_ms``, ``p99_ms``, ``events_per_s``, ``lost``; ``many_pages``, how many sent at
        once, ``many_events_per_s`` of all of them and ``many_lost``;
        ``expose_binding_median_ms`` and ``expose_binding_events_per_s``;
        ``clock_uncertainty_ms``, by how much every latency may be off.
    """
    clock = MonotonicClock()
    async with open_chromium() as chromium:
        ours = await _measure_bridge(chromium, clock)
        many = await _measure_many(chromium, clock)
        theirs = await _measure_expose_binding(chromium, clock)
    return {**ours, **many, **theirs}


async def _measure_bridge(chromium: Chromium, clock: Clock) -> dict[str, Any]:
    async with open_voice_page(chromium, clock=clock, stats_every_s=0, capacity=CAPACITY) as page:
        await page.goto(_page_url())
        latencies_ms = await _bridge_latencies_ms(page, clock)
        events_per_s = await _bridge_rate(page, clock)
        return {
            "median_ms": round(statistics.median(latencies_ms), 3),
            "p99_ms": round(_p99(latencies_ms), 3),
            "events_per_s": round(events_per_s, 1),
            "lost": page.bridge_counts["lost"],
            "clock_uncertainty_ms": round(page.timeline.uncertainty_s * 1000, 3),
        }


async def _measure_many(chromium: Chromium, clock: Clock) -> dict[str, Any]:
    async with contextlib.AsyncExitStack() as stack:
        pages = []
        for _ in range(MANY_PAGES):
            opened = open_voice_page(chromium, clock=clock, stats_every_s=0, capacity=CAPACITY)
            pages.append(await stack.enter_async_context(opened))
            await pages[-1].goto(_page_url())
        start_s = clock.now_s()
        sent = await asyncio.gather(*(_send_windows(page) for page in pages))
        seconds = clock.now_s() - start_s
        lost = [page.bridge_counts["lost"] for page in pages]
    return {
        "many_pages": MANY_PAGES,
        "many_events_per_s": round(sum(sent) / seconds, 1),
        "many_lost": sum(lost),
    }


async def _send_windows(page: VoicePage) -> int:
    """Events of one page that arrived, all that it sent.

    Raises:
        TimeoutError: they did not all arrive.
    """
    before = page.bridge_counts["received"]
    for _ in range(MANY_WINDOWS):
        await page.page.evaluate(f"fast(viaBridge, {WINDOW})")
    sent = MANY_WINDOWS * WINDOW
    await _until(lambda: page.bridge_counts["received"] - before >= sent)
    return sent


async def _bridge_latencies_ms(page: VoicePage, clock: Clock) -> list[float]:
    reader = page.envelopes.reader(
        from_start=False, match=lambda envelope: envelope.type == "data_channel.message"
    )
    latencies_ms: list[float] = []

    async def listen() -> None:
        for _ in range(LATENCY_MESSAGES):
            envelope = await anext(reader)
            now_s = page.timeline.python_to_s(clock.now_s())
            latencies_ms.append((now_s - page.timeline.page_to_s(envelope.page_ms)) * 1000)

    async with asyncio.timeout(60):
        listening = asyncio.create_task(listen())
        await page.page.evaluate(_slowly("viaBridge"))
        await listening
    return latencies_ms


async def _bridge_rate(page: VoicePage, clock: Clock) -> float:
    before = page.bridge_counts["received"]
    return await _rate(
        page.page, "viaBridge", clock, lambda: page.bridge_counts["received"] - before
    )


async def _measure_expose_binding(chromium: Chromium, clock: Clock) -> dict[str, Any]:
    async with open_voice_page(chromium, clock=clock, stats_every_s=0) as voice_page:
        page, timeline = voice_page.page, voice_page.timeline
        latencies_ms: list[float] = []

        def receive(_source: Any, message: str) -> None:
            page_s = timeline.page_to_s(float(message.split(" ", 1)[0]))
            latencies_ms.append((timeline.python_to_s(clock.now_s()) - page_s) * 1000)

        await page.expose_binding("exposed", receive)
        await voice_page.goto(_page_url())
        await page.evaluate(_slowly("viaBinding"))
        await _until(lambda: len(latencies_ms) >= LATENCY_MESSAGES)
        median_ms = statistics.median(latencies_ms)
        before = len(latencies_ms)
        events_per_s = await _rate(page, "viaBinding", clock, lambda: len(latencies_ms) - before)
        return {
            "expose_binding_median_ms": round(median_ms, 3),
            "expose_binding_events_per_s": round(events_per_s, 1),
        }


async def _rate(page: Page, how: str, clock: Clock, received: Callable[[], int]) -> float:
    """Messages a second that came through, from the first command to the last message."""
    start_s = clock.now_s()
    sent = 0
    while clock.now_s() - start_s < SUSTAINED_S:
        await page.evaluate(f"fast({how}, {WINDOW})")
        sent += WINDOW
        await _until(_at_least(received, sent - WINDOW * WINDOWS_ON_THE_WAY))
    await _until(_at_least(received, sent))
    return received() / (clock.now_s() - start_s)


def _at_least(count: Callable[[], int], wanted: int) -> Callable[[], bool]:
    return lambda: count() >= wanted


async def _until(reached: Callable[[], bool], within_s: float = 30.0) -> None:
    async with asyncio.timeout(within_s):
        while not reached():  # noqa: ASYNC110 - an event for each message would cost what we measure
            await asyncio.sleep(0.001)


def _slowly(how: str) -> str:
    return f"slowly({how}, {LATENCY_MESSAGES}, {LATENCY_EVERY_MS})"


def _page_url() -> str:
    return "data:text/html," + quote(_PAGE % MESSAGE_BYTES)


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]
