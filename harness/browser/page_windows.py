"""Windows of a call: every page of the browser that belongs to it, from its start on.

Chromium holds a new page at its start for everybody who watches the browser, and lets it go when
the first of them says so. So a page is let go in the same breath in which it gets the probe: nobody
waits for an answer between the two.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from harness.browser.devtools import DevTools, DevToolsError, Session
from harness.errors import PageClosed

TargetInfo = Mapping[str, Any]
"""What DevTools says of a page: targetId, url, openerId, browserContextId."""

WATCHING: Mapping[str, Any] = {
    "autoAttach": True,
    "waitForDebuggerOnStart": True,
    "flatten": True,
}

ENDED: Mapping[str, Any] = {"autoAttach": False, "waitForDebuggerOnStart": False, "flatten": True}

Adopt = Callable[[Session, TargetInfo], Coroutine[Any, Any, None]]
"""Gets a page's session, held or not; must let it go with its first commands."""


class PageWindows:
    """Finds the pages that belong to a call: those that are there, and those that come.

    Args:
        devtools: a connection of its own: its root session is taken.
        belongs: whether a page is one of the call's.
        adopt: what is done with each that is.
        kinds: DevTools' types of what is looked for; not pages alone, where workers matter.
    """

    def __init__(
        self,
        devtools: DevTools,
        belongs: Callable[[TargetInfo], bool],
        adopt: Adopt,
        kinds: Sequence[str] = ("page",),
    ) -> None:
        self._devtools = devtools
        self._belongs = belongs
        self._adopt = adopt
        self._kinds = kinds
        self._tasks: set[asyncio.Task[None]] = set()

    async def watch(self) -> None:
        """Adopt the pages that are there, and from here on those that come."""
        self._devtools.root.handler = self._receive
        await self._devtools.root.send(
            "Target.setAutoAttach", **WATCHING, filter=[{"type": kind} for kind in self._kinds]
        )
        await asyncio.gather(*self._tasks)

    async def aclose(self) -> None:
        """Let go of all of them; they stay open. Safe to call again."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._devtools.root.handler is not None:
            with contextlib.suppress(PageClosed):
                await self._devtools.root.send("Target.setAutoAttach", **ENDED)
            self._devtools.root.handler = None

    def _receive(self, method: str, params: dict[str, Any]) -> None:
        if method != "Target.attachedToTarget":
            return
        session, info = self._devtools.session(params["sessionId"]), params["targetInfo"]
        work = self._adopt(session, info) if self._belongs(info) else self._pass_by(session)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass_by(self, session: Session) -> None:
        """A page that is nothing to us goes on as if we had not been there."""
        with contextlib.suppress(DevToolsError, PageClosed):
            await asyncio.gather(
                session.send("Runtime.runIfWaitingForDebugger"),
                self._devtools.root.send("Target.detachFromTarget", sessionId=session.session_id),
            )
