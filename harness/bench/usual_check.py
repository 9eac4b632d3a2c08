"""The usual check of a page that calls, written by hand with Playwright: what it sees of a fault.

It opens the page with Chromium's own fake microphone, and some seconds later looks whether the peer
connection is connected, whether an element plays, and whether the console is clean.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from harness.browser.launch import launch_options

LOOKS_AFTER_S = 5.0
FAKE_DEVICE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")

_LOOK = """() => {
  const { pc, speaker } = window.page ?? {};
  const problems = [];
  if (pc?.connectionState !== "connected") problems.push("the call is not connected");
  const elements = [speaker, ...document.querySelectorAll("audio")].filter(Boolean);
  if (!elements.some((one) => one.srcObject && !one.paused)) problems.push("nothing plays");
  return problems;
}"""


@asynccontextmanager
async def fake_device_browser() -> AsyncIterator[Browser]:
    """A Chromium with its own fake microphone, as a test by hand has it."""
    options = launch_options()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=options["executable_path"], args=[*options["args"], *FAKE_DEVICE]
        )
        try:
            yield browser
        finally:
            await browser.close()


async def usual_check(browser: Browser, url: str) -> list[str]:
    """What a check of the usual kind finds wrong with a page, in words."""
    context = await browser.new_context(permissions=["microphone"])
    try:
        page = await context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(f"exception: {error}"))
        page.on(
            "console",
            lambda line: problems.append(f"console: {line.text}") if line.type == "error" else None,
        )
        await page.goto(url)
        await asyncio.sleep(LOOKS_AFTER_S)
        seen: list[str] = await page.evaluate(_LOOK)
        return [*problems, *seen]
    finally:
        await context.close()
