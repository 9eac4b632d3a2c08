"""Chromium for the session; a server of small pages and a voice page for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from harness.browser.launch import Chromium
from harness.browser.voice_page import VoicePage, open_voice_page
from tests.support.page_server import PageServer, page_app


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def page_server() -> AsyncIterator[PageServer]:
    runner = web.AppRunner(page_app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield PageServer(runner.addresses[0][1])
    await runner.cleanup()


@pytest.fixture(scope="session")
def chromium(shared_chromium: Chromium) -> Chromium:
    return shared_chromium


@pytest_asyncio.fixture(loop_scope="session")
async def voice_page(chromium: Chromium) -> AsyncIterator[VoicePage]:
    async with open_voice_page(chromium) as page:
        yield page
