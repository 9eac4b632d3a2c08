"""Realms of a page: one document in one frame, with the probe in it, and a line to it."""

from __future__ import annotations

import asyncio
from typing import Any

from harness.browser.devtools import Session
from harness.browser.page_errors import hung
from harness.errors import BrowserError

ANSWERS_WITHIN_S = 10.0
"""Nothing that the page is asked for takes a tenth of it, unless its main thread is busy."""


class Realm:
    """One document with the probe in it, and how to call its control object."""

    def __init__(self, session: Session, context_id: int, key: str) -> None:
        self._session = session
        self._context_id = context_id
        self._key = key
        self._control_id: asyncio.Task[str] | None = None

    def find_control(self) -> asyncio.Task[str]:
        """Start to look for the control object; the sooner, the less a page can be in the way."""
        if self._control_id is None:
            self._control_id = asyncio.create_task(self._evaluate_control())
            self._control_id.add_done_callback(_forget_error)
        return self._control_id

    async def call(self, method: str, *arguments: Any) -> Any:
        """Call a method of the page's control object and wait for its result.

        Raises:
            PageClosed: the document is gone.
            PageHung: the page let nothing else run for `ANSWERS_WITHIN_S`.
            BrowserError: the page hides or breaks the control object.
        """
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                return await self._call(method, arguments)
        except TimeoutError:
            raise hung(ANSWERS_WITHIN_S) from None

    async def _call(self, method: str, arguments: tuple[Any, ...]) -> Any:
        control_id = await asyncio.shield(self.find_control())
        result = await self._session.send(
            "Runtime.callFunctionOn",
            objectId=control_id,
            functionDeclaration=f"function(...a) {{ return this.{method}(...a); }}",
            arguments=[{"value": argument} for argument in arguments],
            awaitPromise=True,
            returnByValue=True,
        )
        return value_of(result, method)

    async def _evaluate_control(self) -> str:
        holders = " ?? ".join(
            f'{holder}?.["{self._key}"]'
            for holder in (
                "globalThis.Navigator?.prototype.javaEnabled",
                "globalThis.EventTarget?.prototype.dispatchEvent",
            )
        )
        result = await self._session.send(
            "Runtime.evaluate", expression=holders, contextId=self._context_id
        )
        try:
            return str(result["result"]["objectId"])
        except KeyError:
            raise BrowserError(
                "The harness cannot reach its part of the page.",
                expected="the natives that the probe wrapped",
                found="the page replaced Navigator.javaEnabled and EventTarget.dispatchEvent",
            ) from None

    def close(self) -> None:
        """Stop waiting for the page's answers."""
        if self._control_id is not None:
            self._control_id.cancel()


def _forget_error(task: asyncio.Task[str]) -> None:
    """A document may be gone before anybody needs its control object: no error until then."""
    if not task.cancelled():
        task.exception()


def value_of(result: dict[str, Any], method: str) -> Any:
    """What a script of ours gave, by DevTools' word.

    Raises:
        BrowserError: it threw.
    """
    if problem := result.get("exceptionDetails"):
        text = problem.get("exception", {}).get("description") or problem.get("text")
        raise BrowserError(f"The page could not do “{method}”.", found=str(text)[:500])
    return result["result"].get("value")
