"""Pages of a browser as they come: which are taken, and that none is held for long."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from harness.browser.devtools import DevTools, Session
from harness.browser.page_windows import PageWindows, TargetInfo


class Browser:
    """Stands in for a DevTools connection: keeps what is sent, with the session it is sent to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str | None, str]] = []
        self._sessions: dict[str | None, Session] = {}
        self.root = self.session(None)
        self.let_go = asyncio.Event()
        """Set once a page was told to go on by itself."""
        self.there: list[dict[str, Any]] = []

    def session(self, session_id: str | None) -> Session:
        made = Session(cast("DevTools", self), session_id)
        return self._sessions.setdefault(session_id, made)

    async def request(self, method: str, _: Any, session_id: str | None) -> dict[str, Any]:
        self.sent.append((session_id, method))
        if method == "Runtime.runIfWaitingForDebugger":
            self.let_go.set()
        if method == "Target.setAutoAttach":
            for params in self.there:
                self.opens(params["targetInfo"]["targetId"])
        return {}

    def opens(self, target_id: str) -> None:
        assert self.root.handler is not None
        params = {"sessionId": f"to {target_id}", "targetInfo": {"targetId": target_id}}
        self.root.handler("Target.attachedToTarget", params)


async def test_pages_that_belong_are_taken_and_all_others_go_on() -> None:
    browser, taken = Browser(), list[str]()
    browser.there = [{"targetInfo": {"targetId": "ours, from before"}}]

    async def adopt(page: Session, info: TargetInfo) -> None:
        taken.append(f"{info['targetId']} {page.session_id}")

    windows = PageWindows(
        cast("DevTools", browser), lambda info: str(info["targetId"]).startswith("ours"), adopt
    )
    await windows.watch()
    assert taken == ["ours, from before to ours, from before"]
    browser.there = []
    browser.opens("ours")
    browser.opens("theirs")
    async with asyncio.timeout(5):
        await browser.let_go.wait()
    await windows.aclose()
    await windows.aclose()
    assert taken[1:] == ["ours to ours"]
    assert ("to ours", "Runtime.runIfWaitingForDebugger") not in browser.sent
    assert browser.root.handler is None
    assert [method for _, method in browser.sent].count("Target.setAutoAttach") == 2
