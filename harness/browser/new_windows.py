"""Windows that a page opens: held before their first script, until the probe is in.

Chromium attaches frames to the page that holds them, but no windows; those are told to the
browser's own session alone, with who opened them. So while any page is followed, every new page of
this Chromium waits for us for a moment; what nobody here follows goes on at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any

from harness.errors import BrowserError

if TYPE_CHECKING:
    from harness.browser.devtools import DevTools, Session

ATTACH = {"waitForDebuggerOnStart": True, "flatten": True, "filter": [{"type": "page"}]}

Adopt = Callable[["Session", bool], None]
"""Gets a new window's session, and whether it waits for ``Runtime.runIfWaitingForDebugger``."""


class NewWindows:
    """Who is told of the windows that a page opens, of all pages of one DevTools connection."""

    def __init__(self, devtools: DevTools) -> None:
        self._devtools = devtools
        self._adopts: dict[str, Adopt] = {}
        self._asked: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def follow(self, target_id: str, adopt: Adopt) -> None:
        """From here on, tell of each window that a page opens, and of those that they open.

        Raises:
            BrowserError: the browser went away.
        """
        self._devtools.root.handler = self._receive
        is_first = not self._adopts
        self._adopts[target_id] = adopt
        if is_first:
            await self._devtools.root.send("Target.setAutoAttach", autoAttach=True, **ATTACH)

    async def forget(self, adopt: Adopt) -> None:
        """Tell of no more windows to this one; without anybody, the browser waits for nobody."""
        others = {page: other for page, other in self._adopts.items() if other != adopt}
        was_last = bool(self._adopts) and not others
        self._adopts = others
        if not was_last:
            return
        with contextlib.suppress(BrowserError):
            await self._devtools.root.send("Target.setAutoAttach", autoAttach=False, **ATTACH)

    @contextlib.contextmanager
    def asked_for(self, target_id: str) -> Iterator[None]:
        """While a target is attached by name, what is told of it is no news."""
        self._asked.add(target_id)
        try:
            yield
        finally:
            self._asked.discard(target_id)

    def _receive(self, method: str, params: dict[str, Any]) -> None:
        if method != "Target.attachedToTarget":
            return
        target, session_id = params["targetInfo"], params["sessionId"]
        if target["targetId"] in self._asked:
            return
        waits = bool(params["waitingForDebugger"])
        session = self._devtools.session(session_id)
        adopt = self._adopts.get(target.get("openerId", ""))
        if adopt is None:
            self._start(self._let_go(session))
            return
        self._adopts[target["targetId"]] = adopt
        session.window = target["targetId"]
        adopt(session, waits)

    async def _let_go(self, session: Session) -> None:
        with contextlib.suppress(BrowserError):
            await session.send("Runtime.runIfWaitingForDebugger")
            await self._devtools.root.send("Target.detachFromTarget", sessionId=session.session_id)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
