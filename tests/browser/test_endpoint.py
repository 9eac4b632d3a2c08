"""Pages of browsers that others run: where they are, and what is said of those out of reach."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright

from harness.browser.devtools import connect_devtools
from harness.browser.endpoint import address_of, endpoint_in, profile_of
from harness.browser.launch import Chromium, launch_options
from harness.errors import BrowserError, UsageError
from tests.support.small_server import html, serve


class Session:
    """A DevTools session of Playwright that knows two answers."""

    def __init__(self, command_line: str) -> None:
        self._answers: dict[str, Any] = {
            "SystemInfo.getInfo": {"commandLine": command_line},
            "Target.getTargetInfo": {"targetInfo": {"targetId": "T1"}},
        }

    async def send(self, method: str) -> Any:
        return self._answers[method]

    async def detach(self) -> None: ...


class Page:
    """One of Playwright's pages, as far as its address goes."""

    def __init__(self, command_line: str, browser: str = "chromium") -> None:
        async def session(*_: Any) -> Session:
            if command_line == "closed":
                raise PlaywrightError("Target page, context or browser has been closed")
            return Session(command_line)

        kind = SimpleNamespace(name=browser)
        self.context = SimpleNamespace(
            browser=SimpleNamespace(browser_type=kind, new_browser_cdp_session=session),
            new_cdp_session=session,
        )
        self.url = "http://127.0.0.1/talk"


async def test_a_page_of_a_real_browser_has_an_address(shared_chromium: Chromium) -> None:
    page = await shared_chromium.browser.new_page()
    address = await address_of(page)
    targets = await shared_chromium.devtools.root.send("Target.getTargets")
    assert address.target_id in {one["targetId"] for one in targets["targetInfos"]}
    assert address.devtools_url.startswith("ws://127.0.0.1:")
    await page.close()
    with pytest.raises(BrowserError, match="cannot be asked where it is") as caught:
        await address_of(page)
    assert caught.value.found == "a page that is closed"


@pytest.mark.browser
async def test_a_persistent_context_is_reached_like_any_other(tmp_path: Path) -> None:
    async with async_playwright() as playwright:
        opening = playwright.chromium.launch_persistent_context(tmp_path, **launch_options())
        context = await opening
        address = await address_of(context)
        assert address.whole_context
        async with connect_devtools(address.devtools_url) as devtools:
            targets = await devtools.root.send("Target.getTargets")
        assert address.target_id in {one["targetId"] for one in targets["targetInfos"]}
        await context.close()


async def test_a_browser_without_an_endpoint_is_told_how_to_get_one() -> None:
    with pytest.raises(BrowserError, match="cannot be reached beside Playwright") as raised:
        await address_of(Page("chromium --headless --remote-debugging-pipe"))  # type: ignore[arg-type]
    assert "--remote-debugging-port=0" in str(raised.value)
    assert "launch_options" in str(raised.value)


async def test_a_browser_on_a_port_of_its_owners_choice_says_its_endpoint() -> None:
    async def told(_: web.Request) -> web.Response:
        return web.json_response({"webSocketDebuggerUrl": "ws://127.0.0.1:1/devtools/browser/x"})

    async with serve({("GET", "/json/version"): told}) as url:
        port = url.rstrip("/").rpartition(":")[2]
        address = await address_of(Page(f"chrome --remote-debugging-port={port} --x"))  # type: ignore[arg-type]
    assert address.devtools_url == "ws://127.0.0.1:1/devtools/browser/x"


async def test_an_endpoint_that_does_not_answer_as_one_is_named() -> None:
    async with serve({("GET", "/json/version"): html("hello")}) as url:
        port = url.rstrip("/").rpartition(":")[2]
        with pytest.raises(BrowserError, match="no answer of its endpoint"):
            await address_of(Page(f"chrome --remote-debugging-port={port}"))  # type: ignore[arg-type]


async def test_other_browsers_are_refused_with_the_reason() -> None:
    with pytest.raises(UsageError, match="no virtual microphone") as raised:
        await address_of(Page("", "firefox"))  # type: ignore[arg-type]
    assert "firefox" in str(raised.value)


async def test_what_is_no_page_is_refused_and_named(shared_chromium: Chromium) -> None:
    with pytest.raises(UsageError, match="Only a page") as raised:
        await address_of(shared_chromium.browser)  # type: ignore[arg-type]
    assert "playwright.async_api._generated.Browser" in str(raised.value)


PAGE = type("Page", (), {"context": None})()


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (type("Locator", (), {"page": PAGE})(), "give its page: `listen(locator.page)`"),
        (type("LoginPage", (), {"page": PAGE})(), "give its page: `listen(loginpage.page)`"),
        (type("Page", (), {"page": PAGE})(), "give its page: `listen(page.page)`"),
        ("http://127.0.0.1:3000/", "opened by `open_call(url)`"),
        (None, "give the page that calls"),
    ],
)
async def test_what_stands_beside_a_page_is_shown_the_way_to_it(given: Any, hint: str) -> None:
    """A page object of the user's own suite may be called “Page”, too."""
    with pytest.raises(UsageError, match="Only a page") as raised:
        await address_of(given)
    assert hint in str(raised.value)


@pytest.mark.filterwarnings("error")
async def test_a_page_that_was_not_awaited_is_told_so() -> None:
    async def new_page() -> None: ...

    with pytest.raises(UsageError, match="Only a page") as raised:
        await address_of(new_page())  # type: ignore[arg-type]
    assert "`await`" in str(raised.value)


async def test_a_context_is_where_its_first_page_is(shared_chromium: Chromium) -> None:
    context = await shared_chromium.browser.new_context()
    with pytest.raises(UsageError, match="no page yet") as raised:
        await address_of(context)
    assert "context.new_page()" in str(raised.value)
    page = await context.new_page()
    one, all_of_them = await address_of(page), await address_of(context)
    assert (one.whole_context, all_of_them.whole_context) == (False, True)
    assert one.target_id == all_of_them.target_id
    assert one.context_id == all_of_them.context_id != ""
    await context.close()


async def test_a_page_of_the_other_colour_is_shown_the_way() -> None:
    colour = type("Page", (), {"__module__": "playwright.sync_api._generated"})
    with pytest.raises(UsageError, match="of the other") as raised:
        await address_of(colour())
    assert "harness.sync_api.listen" in str(raised.value)


def test_an_endpoint_stands_in_the_profile(tmp_path: Path) -> None:
    (tmp_path / "DevToolsActivePort").write_text("4711\n/devtools/browser/abc")
    assert endpoint_in(tmp_path) == "ws://127.0.0.1:4711/devtools/browser/abc"


@pytest.mark.parametrize(
    ("command_line", "folder"),
    [
        ("chromium --user-data-dir=/tmp/a --x", "/tmp/a"),
        ("chromium --user-data-dir=/tmp/my profile --x", "/tmp/my profile"),
        ("chromium --x --user-data-dir=/tmp/last", "/tmp/last"),
    ],
)
def test_a_profile_is_read_from_the_command_line(command_line: str, folder: str) -> None:
    assert profile_of(command_line) == Path(folder)


def test_a_browser_with_its_usual_profile_names_none() -> None:
    assert profile_of("chromium --x") is None
