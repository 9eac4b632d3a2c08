"""One browser and one local server for all tests of the whole line."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from harness.browser.launch import Chromium, open_chromium
from harness.server.process import RunningServer, start_server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Chromium]:
    async with open_chromium() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[RunningServer]:
    async with start_server() as running:
        yield running
