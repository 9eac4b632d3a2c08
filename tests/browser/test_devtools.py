"""The DevTools connection, against a browser and without one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from harness.browser.devtools import DevTools, DevToolsError, connect_devtools
from harness.browser.launch import Chromium
from harness.errors import PageClosed


async def answer(request: web.Request) -> web.WebSocketResponse:
    """A browser that knows three commands."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        asked = message.json()
        if asked["method"] == "Be.silent":
            continue
        if asked["method"] == "Go.away":
            break
        if asked["method"] == "Be.refused":
            error = {"code": -32000, "message": asked["params"]["message"]}
            await socket.send_json({"id": asked["id"], "error": error})
            continue
        await socket.send_json({"method": "An.event", "params": {"n": 1}})
        await socket.send_json({"id": asked["id"], "result": {"asked": asked["params"]}})
    return socket


@pytest.fixture
async def devtools() -> AsyncIterator[DevTools]:
    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with connect_devtools(f"ws://127.0.0.1:{runner.addresses[0][1]}/") as connected:
        yield connected
    await runner.cleanup()


async def test_a_command_gets_its_result_and_events_come_in_order(devtools: DevTools) -> None:
    """Events go to the session's handler before the result that follows them."""
    events: list[str] = []
    devtools.root.handler = lambda method, _: events.append(method)
    assert await devtools.root.send("Ask", a=1) == {"asked": {"a": 1}}
    assert events == ["An.event"]


async def test_a_handler_that_fails_keeps_nobody_from_their_answers(
    devtools: DevTools, caplog: pytest.LogCaptureFixture
) -> None:
    """One event that cannot be handled stands in the log; the connection goes on."""

    def fail(_method: str, _params: dict[str, object]) -> None:
        raise ZeroDivisionError

    devtools.root.handler = fail
    assert await devtools.root.send("Ask", a=1) == {"asked": {"a": 1}}
    assert await devtools.root.send("Ask", a=2) == {"asked": {"a": 2}}
    assert "could not be handled" in caplog.text


async def test_who_waits_when_the_browser_goes_is_told(devtools: DevTools) -> None:
    """Nobody waits for an answer that cannot come."""
    waiting = asyncio.create_task(devtools.root.send("Be.silent"))
    await asyncio.sleep(0)
    with pytest.raises(PageClosed):
        await devtools.root.send("Go.away")
    with pytest.raises(PageClosed):
        await waiting
    with pytest.raises(PageClosed):
        await devtools.root.send("Anything")


async def test_a_command_that_chromium_refuses_is_an_error(chromium: Chromium) -> None:
    """With Chromium's own words."""
    with pytest.raises(DevToolsError, match="wasn't found"):
        await chromium.devtools.root.send("Nobody.knowsThis")


async def test_a_target_that_goes_fails_what_is_asked_of_it(chromium: Chromium) -> None:
    """The page is closed while it is asked."""
    page = await chromium.browser.new_page()
    playwrights = await page.context.new_cdp_session(page)
    target = (await playwrights.send("Target.getTargetInfo"))["targetInfo"]["targetId"]
    session = await chromium.devtools.attach(target)
    asking = asyncio.create_task(
        session.send("Runtime.evaluate", expression="new Promise(() => {})", awaitPromise=True)
    )
    assert (await session.send("Runtime.evaluate", expression="1"))["result"]["value"] == 1
    await page.close()
    with pytest.raises(PageClosed):
        await asking
    assert session.detached


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Inspected target navigated or closed", "it navigated away, or was closed"),
        ("Cannot find context with specified id", "it navigated away, or was closed"),
        ("Target crashed", "it crashed"),
    ],
)
async def test_a_page_that_went_in_the_middle_is_told_in_words(
    devtools: DevTools, message: str, said: str
) -> None:
    with pytest.raises(PageClosed) as told:
        await devtools.root.send("Be.refused", message=message)
    assert f"{said} ({message})" in str(told.value)


async def test_what_else_is_refused_says_nothing_of_the_page(devtools: DevTools) -> None:
    with pytest.raises(DevToolsError, match="no such thing"):
        await devtools.root.send("Be.refused", message="no such thing")
