"""Windows of a call: every page of the browser that belongs to it, from its start on.

Chromium tells of windows to the browser's own session alone, and holds a new page at its start for
everybody who watches, until the first of them lets it go. So a page is let go in the same breath in
which it gets the probe: nobody waits for an answer between the two. While any page is followed,
every new page of this Chromium waits for us for a moment; what nobody here follows goes on at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from harness.errors import BrowserError

if TYPE_CHECKING:
    from harness.browser.devtools import DevTools, Session

TargetInfo = Mapping[str, Any]
"""What DevTools says of a page: targetId, url, openerId, browserContextId."""

WATCHING: Mapping[str, Any] = {
    "autoAttach": True,
    "waitForDebuggerOnStart": True,
    "flatten": True,
}

ENDED: Mapping[str, Any] = {"autoAttach": False, "waitForDebuggerOnStart": False, "flatten": True}

Belongs = Callable[[TargetInfo], bool]
"""Whether a page is one of the call's."""

Adopt = Callable[["Session", TargetInfo], Coroutine[Any, Any, None]]
"""Gets a page's session, held or not; must let it go with its first commands."""


class PageWindows:
    """Finds the pages that belong to calls, for all calls of one DevTools connection.

    The root session of the connection is its own.
    """

    def __init__(self, devtools: DevTools) -> None:
        self._devtools = devtools
        self._followers: dict[Adopt, Belongs] = {}
        self._kinds: set[str] = set()
        self._asked: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def follow(
        self, belongs: Belongs, adopt: Adopt, kinds: Sequence[str] = ("page",)
    ) -> None:
        """Adopt the pages that belong and come from here on; the first follower gets those there.

        Returns when the pages that are there were adopted.

        Args:
            kinds: DevTools' types of what is looked for; not pages alone, where workers matter.

        Raises:
            BrowserError: the browser went away.
        """
        self._devtools.root.handler = self._receive
        self._followers[adopt] = belongs
        if not self._kinds.issuperset(kinds):
            self._kinds.update(kinds)
            wanted = [{"type": kind} for kind in sorted(self._kinds)]
            await self._devtools.root.send("Target.setAutoAttach", **WATCHING, filter=wanted)
            await asyncio.gather(*self._tasks)

    async def forget(self, adopt: Adopt) -> None:
        """Adopt nothing more for this one; its pages stay open. Safe to call again."""
        if self._followers.pop(adopt, None) is None or self._followers:
            return
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._kinds.clear()
        with contextlib.suppress(BrowserError):
            await self._devtools.root.send("Target.setAutoAttach", **ENDED)

    @contextlib.contextmanager
    def asked_for(self, target_id: str) -> Iterator[None]:
        """While a target is attached by name, what is told of it is no news."""
        self._asked.add(target_id)
        try:
            yield
        finally:
            self._asked.discard(target_id)

    def _receive(self, method: str, params: dict[str, Any]) -> None:
        info = params.get("targetInfo", {})
        if method != "Target.attachedToTarget" or info["targetId"] in self._asked:
            return
        session = self._devtools.session(params["sessionId"])
        found = [adopt for adopt, belongs in self._followers.items() if belongs(info)]
        work = found[0](session, info) if found else self._pass_by(session)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass_by(self, session: Session) -> None:
        """A page that is nothing to us goes on as if we had not been there."""
        with contextlib.suppress(BrowserError):
            await asyncio.gather(
                session.send("Runtime.runIfWaitingForDebugger"),
                self._devtools.root.send("Target.detachFromTarget", sessionId=session.session_id),
            )
