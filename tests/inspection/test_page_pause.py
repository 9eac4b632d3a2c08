"""A page whose scripts stand still, and go on."""

from __future__ import annotations

import asyncio

import pytest

from harness.browser.launch import Chromium
from harness.inspection.page_pause import PagePause

COUNTS = """<script>
let count = 0;
setInterval(function counting() { count += 1; document.title = String(count); }, 20);
</script>"""


@pytest.mark.browser
async def test_scripts_stand_still_until_they_may_go_on(shared_chromium: Chromium) -> None:
    page = await shared_chromium.browser.new_page()
    try:
        await page.route("**/*", lambda route: route.fulfill(body=COUNTS, content_type="text/html"))
        await page.goto("http://page.test/")
        places: list[str] = []
        came = asyncio.Event()

        def told(place: str) -> None:
            places.append(place)
            came.set()

        pause = await PagePause.of(page, told)
        await pause.pause()
        async with asyncio.timeout(10):
            await came.wait()
        assert pause.is_paused
        assert places[0].startswith("http://page.test/:3:")
        assert places[0].endswith("in counting")
        await pause.pause()
        assert len(places) == 1
        assert await pause.go_on()
        async with asyncio.timeout(10):
            await page.wait_for_function("count > 5")
        assert not await pause.go_on()
        await pause.aclose()
    finally:
        await page.close()
