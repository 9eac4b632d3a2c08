"""The report of a long call in a real Chromium: how soon it opens, how smoothly it zooms, its size.

The calls are those of `harness.bench.long_call`, held in simulated time: a turn every 12 s, two
waveforms, and statistics each second. What is done takes a while, so each step is told of on
standard error.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page, ViewportSize

from harness.bench.long_call import hold, report_of
from harness.browser.launch import Chromium, open_chromium

LENGTHS_MIN = (10.0, 60.0)
TIMES = 3
"""A report is opened so often; the median counts."""

STEPS = 120
VIEW: ViewportSize = {"width": 1280, "height": 900}

OPENED = """async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const isWave = () => document.querySelector(".wave canvas")?.style.width;
  const isCurve = () => document.querySelector(".curve canvas");
  const inked = () => document.readyState === "complete" && isWave() && isCurve();
  while (!inked()) await frame();
  await frame();
  return performance.now() / 1000;
}"""
"""From the start of navigation until waveforms and curves are drawn; both are in such a report."""

ZOOMED = """async (steps) => {
  const scroll = document.querySelector(".scroll");
  const { left, width } = scroll.getBoundingClientRect();
  const frames = [];
  let before = await new Promise(requestAnimationFrame);
  for (let step = 0; step < steps; step++) {
    const deltaY = step % 60 < 30 ? -30 : 30;
    const wheel = { deltaY, clientX: left + width / 2, ctrlKey: true, cancelable: true };
    scroll.dispatchEvent(new WheelEvent("wheel", wheel));
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - before);
    before = now;
  }
  return frames;
}"""
"""In and out twice by the wheel, a step a frame: how long each frame took, in ms."""

EMPTY = """<!DOCTYPE html><div class="scroll" style="height: 800px"><p>0</p></div><script>
  const scroll = document.querySelector(".scroll");
  let zoom = 0;
  scroll.addEventListener("wheel", () => (scroll.firstChild.textContent = zoom += 1));
</script>"""
"""A page that does no more at a step than to write a number: this machine's own pace."""


@dataclass(frozen=True, slots=True)
class Zoomed:
    """A page that was zoomed by the wheel, or answered to it."""

    fps_p5: float
    """Of 100 frames 95 came at this pace or a better one."""

    step_ms: float
    """Processor time of the page's main thread for a step, whatever else the machine does."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A report as it was looked at."""

    open_s: float
    zoom_fps_p5: float
    empty_fps_p5: float
    """The same steps in a page with nothing in it, right after: no page is quicker here and now."""

    zoom_step_ms: float
    report_mb: float


async def measure(minutes: float | None = None) -> dict[str, Any]:
    """The figures of `harness bench viewer`; takes about six minutes.

    Args:
        minutes: length of the call; calls of ten minutes and of an hour where absent.

    Returns:
        For each length in minutes ``open_s``, ``zoom_fps_p5`` beside ``empty_fps_p5``,
        ``zoom_step_ms``, ``report_mb`` and ``made_s`` (how long `harness report` took).

    Raises:
        HarnessError: the browser did not start, or a call did not come to its end.
    """
    figures: dict[str, Any] = {}
    for length in (minutes,) if minutes else LENGTHS_MIN:
        tell = _Teller(f"{length:g} min")
        with tempfile.TemporaryDirectory() as folder:
            await hold(Path(folder), length * 60, tell.call_at)
            tell("call held; its report is made")
            made = await report_of(Path(folder))
            tell("report made; Chromium opens it")
            async with open_chromium() as chromium:
                looked = await look_at(chromium, Path(folder) / "report.html")
        figures[f"{length:g} min"] = {**asdict(looked), "made_s": round(made["s"], 1)}
        tell(f"done: {figures[f'{length:g} min']}")
    return figures


class _Teller:
    """Says on standard error what is done, and how long it has taken so far."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._began_s = time.monotonic()

    def __call__(self, text: str) -> None:
        took_s = time.monotonic() - self._began_s
        print(f"{self._what}, {took_s:.0f} s: {text}", file=sys.stderr, flush=True)

    def call_at(self, now_s: float) -> None:
        self(f"the call is at minute {now_s / 60:.0f}")


async def look_at(chromium: Chromium, report: Path) -> Looked:
    """Open a report and zoom in it."""
    opened: list[float] = []
    for _ in range(TIMES):
        page = await chromium.browser.new_page(viewport=VIEW)
        await page.goto(report.as_uri(), wait_until="commit")
        opened.append(await page.evaluate(OPENED))
        zoomed = await zoom_in(page) if len(opened) == TIMES else None
        await page.close()
    page = await chromium.browser.new_page(viewport=VIEW)
    await page.set_content(EMPTY)
    empty = await zoom_in(page)
    await page.close()
    size = await asyncio.to_thread(report.stat)
    assert zoomed is not None
    return Looked(
        open_s=round(sorted(opened)[TIMES // 2], 2),
        zoom_fps_p5=round(zoomed.fps_p5, 1),
        empty_fps_p5=round(empty.fps_p5, 1),
        zoom_step_ms=round(zoomed.step_ms, 1),
        report_mb=round(size.st_size / 1e6, 1),
    )


async def zoom_in(page: Page) -> Zoomed:
    """Zoom in and out twice by the wheel, in whatever has the class ``scroll``."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    before_s = await _main_thread_s(devtools)
    frames_ms = await page.evaluate(ZOOMED, STEPS)
    used_s = await _main_thread_s(devtools) - before_s
    await devtools.detach()
    return Zoomed(slowest_fps(frames_ms), used_s * 1000 / STEPS)


async def _main_thread_s(devtools: CDPSession) -> float:
    metrics = (await devtools.send("Performance.getMetrics"))["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def slowest_fps(frames_ms: Sequence[float]) -> float:
    """The pace that 95 of 100 frames kept."""
    slow_ms = sorted(frames_ms)[min(len(frames_ms) - 1, int(len(frames_ms) * 0.95))]
    return 1000 / slow_ms
