"""New windows go to who follows their opener; all others go on at once."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from harness.browser.devtools import DevTools, Session
from harness.browser.new_windows import NewWindows
from harness.errors import PageClosed


class Root:
    """The browser's own session: keeps what it is asked."""

    def __init__(self, asked: list[tuple[str | None, str]]) -> None:
        self.handler: Any = None
        self._asked = asked

    async def send(self, method: str, **params: Any) -> None:
        self._asked.append((params.get("sessionId"), f"{method} {params.get('autoAttach', '')}"))


class Window:
    """A session of a window; one that is gone answers nothing."""

    def __init__(self, session_id: str, asked: list[tuple[str | None, str]]) -> None:
        self.session_id, self.window, self._asked = session_id, "", asked
        self.is_gone = False

    async def send(self, method: str, **_: Any) -> None:
        if self.is_gone:
            raise PageClosed("It is gone.")
        self._asked.append((self.session_id, method))


class FakeDevTools:
    """As much of a DevTools connection as is used."""

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, str]] = []
        self.root = Root(self.asked)
        self.windows: dict[str, Window] = {}

    def session(self, session_id: str) -> Window:
        return self.windows.setdefault(session_id, Window(session_id, self.asked))


class Followed:
    """New windows of one browser, and a page that is followed."""

    def __init__(self) -> None:
        self.devtools = FakeDevTools()
        self.windows = NewWindows(cast("DevTools", self.devtools))
        self.adopted: list[tuple[str, bool]] = []

    def adopt(self, session: Session, waits: bool) -> None:
        self.adopted.append((session.window, waits))

    def open(self, target: str, opener: str | None, waits: bool = True) -> None:
        info = {"targetId": target, **({"openerId": opener} if opener else {})}
        params = {"sessionId": f"{target}-s", "targetInfo": info, "waitingForDebugger": waits}
        self.devtools.root.handler("Target.attachedToTarget", params)


@pytest.fixture
async def followed() -> Followed:
    made = Followed()
    await made.windows.follow("page", made.adopt)
    return made


async def test_a_window_of_a_followed_page_is_told_and_so_are_those_it_opens(
    followed: Followed,
) -> None:
    followed.open("popup", "page")
    followed.open("its own", "popup", waits=False)
    assert followed.adopted == [("popup", True), ("its own", False)]


async def test_what_nobody_follows_goes_on_at_once(followed: Followed) -> None:
    followed.open("stranger", None)
    followed.open("other", "stranger")
    followed.devtools.session("gone-s").is_gone = True
    followed.open("gone", None)
    followed.devtools.root.handler("Target.targetCreated", {})
    await asyncio.sleep(0.01)
    assert followed.adopted == []
    for session in ("stranger-s", "other-s"):
        assert (session, "Runtime.runIfWaitingForDebugger") in followed.devtools.asked
        assert (session, "Target.detachFromTarget ") in followed.devtools.asked


async def test_what_is_attached_by_name_is_no_news(followed: Followed) -> None:
    before = list(followed.devtools.asked)
    with followed.windows.asked_for("mine"):
        followed.open("mine", "page")
    await asyncio.sleep(0)
    assert (followed.adopted, followed.devtools.asked) == ([], before)


async def test_the_browser_waits_only_while_somebody_follows(followed: Followed) -> None:
    def send_times(what: str) -> int:
        return followed.devtools.asked.count((None, f"Target.setAutoAttach {what}"))

    def other(_session: Session, _waits: bool) -> None: ...

    await followed.windows.follow("second", other)
    assert send_times("True") == 1
    await followed.windows.forget(followed.adopt)
    assert send_times("False") == 0
    await followed.windows.forget(other)
    await followed.windows.forget(other)
    assert send_times("False") == 1
