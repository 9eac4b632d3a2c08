"""Chromium's own DevTools endpoint, spoken directly.

Playwright's CDP sessions pass through its driver process: 1.1-1.4 ms from page to Python, against
0.6 ms here, and they cannot hold a new cross-origin frame before its first script, which the
probe needs. So the harness has a connection of its own beside Playwright's.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any, Literal

import aiohttp

from harness.browser.page_windows import PageWindows
from harness.errors import BrowserError, PageClosed
from harness.machine import NO_LOOPBACK, is_without_loopback

logger = logging.getLogger(__name__)

EventHandler = Callable[[str, dict[str, Any]], None]
"""Gets an event's method and parameters. Called in the order of arrival; must not block."""


class DevToolsError(BrowserError):
    """Chromium refused a DevTools command."""


class Session:
    """One attached target: a page, or a frame with a process of its own."""

    def __init__(self, devtools: DevTools, session_id: str | None) -> None:
        self._devtools = devtools
        self.session_id = session_id
        self.handler: EventHandler | None = None
        """Also told "Target.detachedFromTarget" of its own target, as the last."""
        self.detached = False
        self.page: Session = self
        """The page that it belongs to: itself, or what holds the frame."""
        self.worker: Literal["worker", "shared_worker", "service_worker"] | None = None
        """Which kind of a worker it is; None: none."""

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its result.

        Raises:
            DevToolsError: Chromium refused it.
            PageClosed: the target or the browser went away before it answered.
        """
        return await self._devtools.request(method, params, self.session_id)


class DevTools:
    """The connection to one Chromium; made by `connect_devtools`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._last_id = 0
        self._pending: dict[int, tuple[str | None, asyncio.Future[dict[str, Any]]]] = {}
        self._sessions: dict[str | None, Session] = {}
        self.root = self.session(None)
        self.windows = PageWindows(self)

    def session(self, session_id: str | None) -> Session:
        """The session of that id; set its handler before the next await to miss nothing."""
        session = self._sessions.get(session_id)
        if session is None:
            session = self._sessions[session_id] = Session(self, session_id)
        return session

    async def attach(self, target_id: str) -> Session:
        """Attach to a target and return its session."""
        with self.windows.asked_for(target_id):
            result = await self.root.send("Target.attachToTarget", targetId=target_id, flatten=True)
        return self.session(result["sessionId"])

    async def request(
        self, method: str, params: dict[str, Any], session_id: str | None
    ) -> dict[str, Any]:
        """Send one command and wait for its result.

        Raises:
            BrowserError: the browser refused the command, or went away.
        """
        self._last_id += 1
        message: dict[str, Any] = {"id": self._last_id, "method": method, "params": params}
        if session_id is not None:
            message["sessionId"] = session_id
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._pending[self._last_id] = (session_id, answer)
        try:
            await self._socket.send_str(json.dumps(message))
            return await answer
        except (ConnectionError, aiohttp.ClientError) as error:
            raise _gone("the browser closed its DevTools connection") from error
        finally:
            self._pending.pop(message["id"], None)

    async def receive(self) -> None:
        """Dispatch messages until the browser closes the connection."""
        try:
            async for message in self._socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            for session_id in [name for name in self._sessions if name is not None]:
                self._detach(session_id)
            self._fail_pending(lambda _: True, "the browser went away")

    def _take(self, text: str) -> None:
        """One message; what fails on it must not leave everybody else without their answers."""
        try:
            self._dispatch(json.loads(text))
        except Exception:
            logger.exception("A message of the browser could not be handled.")

    def _dispatch(self, message: dict[str, Any]) -> None:
        if "id" in message:
            self._answer(message)
            return
        method, params = message["method"], message.get("params", {})
        if method == "Target.detachedFromTarget":
            self._detach(params["sessionId"])
        session = self._sessions.get(message.get("sessionId"))
        if session is not None and session.handler is not None:
            session.handler(method, params)

    def _answer(self, message: dict[str, Any]) -> None:
        _, answer = self._pending.get(message["id"], (None, None))
        if answer is None or answer.done():
            return
        if "error" not in message:
            answer.set_result(message.get("result", {}))
            return
        text = str(message["error"].get("message", message["error"]))
        answer.set_exception(_gone(_in_words(text)) if _says_gone(text) else DevToolsError(text))

    def _detach(self, session_id: str) -> None:
        session = self._sessions.pop(session_id, None)
        if session is not None:
            session.detached = True
            if session.handler is not None:
                session.handler("Target.detachedFromTarget", {"sessionId": session_id})
        self._fail_pending(lambda owner: owner == session_id, "the page went away")

    def _fail_pending(self, concerns: Callable[[str | None], bool], why: str) -> None:
        for owner, answer in list(self._pending.values()):
            if concerns(owner) and not answer.done():
                answer.set_exception(_gone(why))


@contextlib.asynccontextmanager
async def connect_devtools(url: str) -> AsyncIterator[DevTools]:
    """Connect to a Chromium's DevTools endpoint (``ws://127.0.0.1:…``).

    Raises:
        BrowserError: nobody answers there.
    """
    async with aiohttp.ClientSession() as http:
        try:
            # Messages can be large (a clip, a page's data channel event): no limit; no compression.
            socket = await http.ws_connect(url, max_msg_size=0, compress=0)
        except (OSError, aiohttp.ClientError) as error:
            raise BrowserError(
                "The browser's DevTools endpoint does not answer.",
                expected=f"a Chromium at {url.split('/devtools')[0]}",
                found=str(error),
                hint=NO_LOOPBACK
                if is_without_loopback(error)
                else "the browser may have ended, or run on another machine",
            ) from error
        devtools = DevTools(socket)
        receiving = asyncio.create_task(devtools.receive(), name="devtools")
        try:
            yield devtools
        finally:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)
            await socket.close()


def _says_gone(text: str) -> bool:
    parts = ("navigated or closed", "Session with given id", "context was destroyed",
             "Cannot find context", "Target closed", "Target crashed")  # fmt: skip
    return any(part in text for part in parts)


def _in_words(text: str) -> str:
    """What DevTools says of a page that has gone, as people say it; its own words behind that."""
    happened = "it crashed" if "crashed" in text else "it navigated away, or was closed"
    return f"{happened} ({text})"


def _gone(why: str) -> PageClosed:
    return PageClosed(
        "The page went away while the harness was talking to it.",
        expected="a page that stays open during the call",
        found=why,
    )
