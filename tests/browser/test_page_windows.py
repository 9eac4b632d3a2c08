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

    windows = PageWindows(cast("DevTools", browser))
    await windows.follow(lambda info: str(info["targetId"]).startswith("ours"), adopt)
    assert taken == ["ours, from before to ours, from before"]
    browser.there = []
    browser.opens("ours")
    browser.opens("theirs")
    async with asyncio.timeout(5):
        await browser.let_go.wait()
    await windows.forget(adopt)
    await windows.forget(adopt)
    assert taken[1:] == ["ours to ours"]
    assert ("to ours", "Runtime.runIfWaitingForDebugger") not in browser.sent
    assert [method for _, method in browser.sent].count("Target.setAutoAttach") == 2


async def test_each_of_several_followers_gets_its_own_until_it_is_forgotten() -> None:
    browser, taken = Browser(), list[str]()
    windows = PageWindows(cast("DevTools", browser))

    async def one(_: Session, info: TargetInfo) -> None:
        taken.append(f"one {info['targetId']}")

    async def other(_: Session, info: TargetInfo) -> None:
        taken.append(f"other {info['targetId']}")

    await windows.follow(lambda info: info["targetId"] == "a", one)
    await windows.follow(lambda info: info["targetId"] in "ab", other)
    browser.opens("a")
    browser.opens("b")
    await windows.forget(one)
    browser.opens("a")
    with windows.asked_for("b"):
        browser.opens("b")
    async with asyncio.timeout(5):
        while len(taken) < 3:  # noqa: ASYNC110 - they are told in tasks of their own
            await asyncio.sleep(0)
    await windows.forget(other)
    assert taken == ["one a", "other b", "other a"]
    assert [method for _, method in browser.sent].count("Target.setAutoAttach") == 2
