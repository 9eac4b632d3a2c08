"""The usual check by hand, on one page that is well to it and one that is not."""

from __future__ import annotations

import pytest

from harness.bench import usual_check as module
from harness.bench.usual_check import fake_device_browser, usual_check
from tests.support.small_server import html, serve

pytestmark = pytest.mark.browser

QUIET = "<title>nothing</title><link rel=icon href=data:,>"
THROWS = "<script>throw new Error('oh no')</script>"


async def test_it_sees_what_a_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOKS_AFTER_S", 0.1)
    icon = ("GET", "/favicon.ico")  # Chromium asks for it, and tells its console where it is not
    routes = {icon: html(""), ("GET", "/"): html(QUIET), ("GET", "/throws"): html(THROWS)}
    async with serve(routes) as url, fake_device_browser() as browser:
        assert await usual_check(browser, url) == ["the call is not connected", "nothing plays"]
        problems = await usual_check(browser, f"{url}/throws")
        assert any("oh no" in problem for problem in problems)
