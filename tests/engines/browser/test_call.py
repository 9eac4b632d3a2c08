"""A call in a browser has a page of its own."""

from __future__ import annotations

from harness.engines.browser.call import BrowserCall
from harness.engines.browser.open import open_call
from harness.server.process.launch import RunningServer


async def test_the_page_of_a_call_can_be_driven(shared_server: RunningServer) -> None:
    async with open_call(server=shared_server) as call:
        assert isinstance(call, BrowserCall)
        assert await call.page.page.evaluate("typeof window.RT") == "object"
