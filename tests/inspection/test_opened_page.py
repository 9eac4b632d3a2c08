"""A page that is watched in a browser which somebody else runs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from harness.browser.endpoint import address_of
from harness.browser.launch import Chromium
from harness.call.opening import CallOptions
from harness.errors import BrowserError
from harness.inspection.opened_page import opened_page

pytestmark = pytest.mark.browser

PAGE = """<body>Call<script>
  localStorage.login ??= "kim";
  document.body.onclick = async () => {
    document.title = (await navigator.mediaDevices.getUserMedia({ audio: true })).active;
  };
</script>"""


async def port_of(chromium: Chromium) -> int:
    page = await chromium.browser.new_page()
    address = await address_of(page)
    await page.close()
    return urlsplit(address.devtools_url).port or 0


async def test_a_tab_that_is_open_is_loaded_again_with_a_microphone_and_stays(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    url = path.as_uri()
    port = await port_of(shared_chromium)
    options = CallOptions(start=[{"click": "body"}])
    for run in ("first", "again"):
        async with asyncio.timeout(60), opened_page(url, port, tmp_path / run, options) as opened:
            assert len(opened.page.context.pages) == 1, "the tab of the first run is taken"
            await opened.page.wait_for_function("document.title === 'true'")
            await opened.page.evaluate("localStorage.seen = 'yes'")
        assert (tmp_path / run / "trace.jsonl").is_file()
    async with asyncio.timeout(60), opened_page(url, port, tmp_path / "last", options) as opened:
        assert await opened.page.evaluate("localStorage.seen") == "yes", "as its user left it"
        await opened.page.close()


async def test_a_port_where_no_browser_answers_is_told_with_the_way(
    unused_tcp_port: int, tmp_path: Path
) -> None:
    with pytest.raises(BrowserError, match=f"--remote-debugging-port={unused_tcp_port}"):
        async with opened_page("http://127.0.0.1/", unused_tcp_port, tmp_path, CallOptions()):
            pass
