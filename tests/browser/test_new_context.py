"""A context as it is asked for: device, cookies, credentials, and what no proxy is asked for."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from aiohttp import web

from harness.browser.launch import Chromium
from harness.browser.new_context import find_device, new_context, with_direct_hosts
from harness.errors import UsageError
from tests.support.small_server import serve

NOBODY = "http://127.0.0.1:9"
PAGE = '<!doctype html><meta name="viewport" content="width=device-width">'
SEEN = "[innerWidth, navigator.maxTouchPoints, navigator.language, document.cookie]"


@pytest.mark.parametrize(
    ("bypass", "direct", "expected"),
    [
        (None, (), "localhost,127.0.0.1,[::1]"),
        ("a.com, localhost", (), "a.com,localhost,127.0.0.1,[::1]"),
        ("<-loopback>", (), "<-loopback>"),
        ("<-loopback>", ("api.openai.com",), "<-loopback>,api.openai.com"),
    ],
)
def test_this_machine_is_asked_directly(
    bypass: str | None, direct: tuple[str, ...], expected: str
) -> None:
    proxy = {"server": NOBODY} | ({} if bypass is None else {"bypass": bypass})
    assert with_direct_hosts(proxy, direct) == {"server": NOBODY, "bypass": expected}


def test_a_device_is_found_by_its_name_and_the_nearest_are_told() -> None:
    assert find_device("iPhone 13")["is_mobile"] is True
    assert "default_browser_type" not in find_device("iPhone 13")
    with pytest.raises(UsageError, match="did you mean iPhone 13"):
        find_device("iphone13")
    with pytest.raises(UsageError, match="it knows"):
        find_device("qqqqqqqqqqqq")


@pytest.mark.browser
async def test_a_page_finds_what_was_asked_for(shared_chromium: Chromium) -> None:
    """A proxy where nobody answers is not asked for this machine, unless that is said."""
    asked: list[web.Request] = []

    async def page(request: web.Request) -> web.Response:
        asked.append(request)
        refused = {"WWW-Authenticate": 'Basic realm="a"'}
        if "Authorization" not in request.headers:
            return web.Response(status=401, headers=refused)
        return web.Response(text=PAGE, content_type="text/html")

    async with serve({("GET", "/"): page}) as url:
        wanted: dict[str, Any] = {
            "device": "Pixel 7",
            "viewport": {"width": 500, "height": 400},
            "locale": "de-DE",
            "cookies": [{"name": "a", "value": "b", "url": url}],
            "extra_http_headers": {"X-Team": "voice"},
            "http_credentials": {"username": "kim", "password": "pass"},
            "proxy": {"server": NOBODY},
        }
        context = await new_context(shared_chromium.browser, wanted)
        async with context:
            opened = await context.new_page()
            await opened.goto(url)
            assert await opened.evaluate(SEEN) == [500, 1, "de-DE", "a=b"]
        headers = asked[-1].headers
        assert "Pixel 7" in headers["User-Agent"]
        assert headers["X-Team"] == "voice"
        assert base64.b64decode(headers["Authorization"].split()[1]) == b"kim:pass"

    with pytest.raises(UsageError, match="no_such_option"):
        await new_context(shared_chromium.browser, {"no_such_option": 1})
    with pytest.raises(UsageError, match="cookies"):
        await new_context(shared_chromium.browser, {"cookies": [{"name": "a", "value": "b"}]})
