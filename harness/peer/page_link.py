"""A page of our own in a running Chromium, and the line to it: calls there, news back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from harness.browser.bundle import bundle, worklet_script
from harness.browser.devtools import DevToolsError, Session
from harness.browser.launch import Chromium
from harness.errors import BrowserError, PageClosed
from harness.resources import web_dir

CLOSE_WITHIN_S = 5.0
_BINDING = "tellPython"
_MAKE = """(() => {{
{modules}
const tell = (message) => globalThis.{binding}(JSON.stringify(message));
return new PageConnection(globalThis, tell, {worklets});
}})()"""

_log = logging.getLogger(__name__)


class PageLine:
    """One page, in a browser context of its own, that holds one connection.

    Args:
        told: gets each message of the page, in order.
        gone: called once when the page goes away by itself, with the reason.
    """

    def __init__(
        self, chromium: Chromium, told: Callable[[list[Any]], None], gone: Callable[[str], None]
    ) -> None:
        self._chromium = chromium
        self._told = told
        self._gone = gone
        self._is_leaving = False
        self._context: BrowserContext | None = None
        self._session: Session | None = None
        self._object_id = ""

    async def open(self) -> None:
        """Open the page and make its connection object.

        Raises:
            BrowserError: the page could not be opened, or its script does not run.
        """
        try:
            self._context = await self._chromium.browser.new_context()
            # With the permission Chromium names its real addresses, as in any voice page.
            await self._context.grant_permissions(["microphone"])
            page = await self._context.new_page()
            page.on("crash", lambda _: self._lose("the page crashed"))
            page.on("close", lambda _: self._lose("the page was closed"))
            await page.goto((web_dir() / "peer" / "index.html").as_uri())
            self._session = await self._attach(page)
        except PlaywrightError as error:
            raise BrowserError("Chromium did not open a page.", found=error.message) from error
        made = await self._session.send("Runtime.evaluate", expression=_script())
        _raise_problem(made, "start")
        self._object_id = made["result"]["objectId"]
        await self.call("start")

    async def call(self, method: str, *arguments: Any) -> Any:
        """Call a method of the page's connection and wait for its result.

        Raises:
            PageClosed: the page is gone.
            BrowserError: the method raised; the page's own words are in the message.
        """
        if self._session is None or self._is_leaving:
            raise PageClosed("The page of this connection is closed.")
        result = await self._session.send(
            "Runtime.callFunctionOn",
            objectId=self._object_id,
            functionDeclaration=f"function(...a) {{ return this.{method}(...a); }}",
            arguments=[{"value": argument} for argument in arguments],
            awaitPromise=True,
            returnByValue=True,
        )
        _raise_problem(result, method)
        return result["result"].get("value")

    async def aclose(self) -> None:
        """Close the connection and its page. Safe to call again."""
        if self._object_id and not self._is_leaving:
            with contextlib.suppress(BrowserError, TimeoutError):
                async with asyncio.timeout(CLOSE_WITHIN_S):
                    await self.call("close")
        self._is_leaving = True
        context, self._context = self._context, None
        if context is not None:
            with contextlib.suppress(PlaywrightError, ConnectionError, TimeoutError):
                async with asyncio.timeout(CLOSE_WITHIN_S):
                    await context.close()

    async def _attach(self, page: Page) -> Session:
        playwright_session = await page.context.new_cdp_session(page)
        target = await playwright_session.send("Target.getTargetInfo")
        await playwright_session.detach()
        session = await self._chromium.devtools.attach(target["targetInfo"]["targetId"])
        session.handler = self._receive
        await session.send("Runtime.enable")
        await session.send("Runtime.addBinding", name=_BINDING)
        return session

    def _receive(self, method: str, params: dict[str, Any]) -> None:
        if method != "Runtime.bindingCalled" or self._is_leaving:
            return
        try:
            self._told(json.loads(params["payload"]))
        except Exception:  # one call's mistake must not end the line that all pages share
            _log.exception("a message of the page could not be handled")

    def _lose(self, why: str) -> None:
        if not self._is_leaving:
            self._is_leaving = True
            self._gone(why)


def _raise_problem(result: dict[str, Any], method: str) -> None:
    problem = result.get("exceptionDetails")
    if problem is not None:
        text = problem.get("exception", {}).get("description") or problem.get("text")
        raise DevToolsError(str(text).splitlines()[0][:500], expected=f"the page to do “{method}”")


@lru_cache(maxsize=1)
def _script() -> str:
    modules = bundle(web_dir() / "peer" / "page-connection.js")
    return _MAKE.format(modules=modules, binding=_BINDING, worklets=json.dumps(worklet_script()))
