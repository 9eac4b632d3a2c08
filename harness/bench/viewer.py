"""The report of a long call in a real Chromium: how soon it opens, how smoothly it zooms, its size.

The calls are those of `harness.bench.long_call`, held in simulated time: a turn every 12 s, two
waveforms, and statistics each second.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness.bench.long_call import hold, report_of
from harness.browser.launch import Chromium, open_chromium

LENGTHS_MIN = (10.0, 60.0)
TIMES = 3
"""A report is opened so often; the median counts."""

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

ZOOMED = """async () => {
  const scroll = document.querySelector(".scroll");
  const { left, width } = scroll.getBoundingClientRect();
  const frames = [];
  let before = await new Promise(requestAnimationFrame);
  for (let step = 0; step < 120; step++) {
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


@dataclass(frozen=True, slots=True)
class Looked:
    """A report as it was looked at."""

    open_s: float
    zoom_fps_p5: float
    """Of 100 frames 95 came at this pace or a better one."""

    report_mb: float


async def measure(minutes: float | None = None) -> dict[str, Any]:
    """The figures of `harness bench viewer`; takes about six minutes.

    Args:
        minutes: length of the call; calls of ten minutes and of an hour where absent.

    Returns:
        For each length in minutes ``open_s``, ``zoom_fps_p5``, ``report_mb`` and ``made_s`` (how
        long `harness report` took).

    Raises:
        HarnessError: the browser did not start, or a call did not come to its end.
    """
    figures: dict[str, Any] = {}
    for length in (minutes,) if minutes else LENGTHS_MIN:
        with tempfile.TemporaryDirectory() as folder:
            await hold(Path(folder), length * 60)
            made = await report_of(Path(folder))
            async with open_chromium() as chromium:
                looked = await look_at(chromium, Path(folder) / "report.html")
        figures[f"{length:g} min"] = {**asdict(looked), "made_s": round(made["s"], 1)}
    return figures


async def look_at(chromium: Chromium, report: Path) -> Looked:
    """Open a report and zoom in it."""
    opened: list[float] = []
    for _ in range(TIMES):
        page = await chromium.browser.new_page(viewport={"width": 1280, "height": 900})
        await page.goto(report.as_uri(), wait_until="commit")
        opened.append(await page.evaluate(OPENED))
        frames_ms = await page.evaluate(ZOOMED) if len(opened) == TIMES else []
        await page.close()
    size = await asyncio.to_thread(report.stat)
    return Looked(
        open_s=round(sorted(opened)[TIMES // 2], 2),
        zoom_fps_p5=round(slowest_fps(frames_ms), 1),
        report_mb=round(size.st_size / 1e6, 1),
    )


def slowest_fps(frames_ms: Sequence[float]) -> float:
    """The pace that 95 of 100 frames kept."""
    slow_ms = sorted(frames_ms)[min(len(frames_ms) - 1, int(len(frames_ms) * 0.95))]
    return 1000 / slow_ms
