"""A Chromium for the session, a fake endpoint and a fresh page for each test."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from harness.browser.chromium import locate_chromium
from harness.resources import web_dir
from tests.support.fake_realtime import FakeRealtime

FLAGS = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]

expect.set_options(timeout=30_000)  # a busy machine takes more than Playwright's five seconds


@pytest.fixture(scope="session")
async def page_browser() -> AsyncIterator[Browser]:
    """Chromium with its own fake microphone, which beeps once a second."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=locate_chromium(os.environ)[0],
            args=FLAGS,
            chromium_sandbox=os.geteuid() != 0,
        )
        yield browser
        await browser.close()


@pytest.fixture
async def endpoint() -> AsyncIterator[FakeRealtime]:
    """A fake Realtime endpoint that serves the page."""
    async with FakeRealtime(web_dir() / "client") as fake:
        yield fake


@pytest.fixture
async def page(page_browser: Browser, endpoint: FakeRealtime) -> AsyncIterator[Page]:
    """The page, opened and idle. Ends with the test's failure when the page had an error."""
    context = await page_browser.new_context()
    opened = await context.new_page()
    opened.set_default_timeout(30_000)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on(
        "console",
        lambda message: errors.append(message.text) if "Security Policy" in message.text else None,
    )
    await opened.goto(endpoint.url)
    yield opened
    await context.close()
    assert errors == []
