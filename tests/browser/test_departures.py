"""How a document went that held a call: told by what follows, once."""

from __future__ import annotations

import asyncio

import pytest

from harness.browser.departures import WENT, Departures
from harness.errors import PageClosed


class Told:
    """Remembers what was told."""

    def __init__(self) -> None:
        self.found: list[str | None] = []
        self.came = asyncio.Event()
        self.departures = Departures(self._tell)

    def _tell(self, error: PageClosed) -> None:
        self.found.append(error.found)
        self.came.set()


@pytest.mark.parametrize(
    ("event", "how"),
    [
        ("Target.detachedFromTarget", "the page was closed"),
        ("Page.frameNavigated", WENT),
        ("Page.frameDetached", WENT),
        ("page.loaded", WENT),
    ],
)
async def test_what_follows_in_the_same_page_tells_it(event: str, how: str) -> None:
    told = Told()
    told.departures.on_event("a", event)  # before anything is lost it means nothing
    told.departures.on_call_lost("a")
    told.departures.on_event("b", event)
    told.departures.on_event("a", "Page.loadEventFired")
    assert told.found == []
    told.departures.on_event("a", event)
    told.departures.on_event("a", event)
    assert told.found == [how]


async def test_it_is_told_where_nothing_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.browser.departures.SHOWS_WITHIN_S", 0.0)
    told = Told()
    told.departures.on_call_lost("a")
    await asyncio.wait_for(told.came.wait(), 10)
    assert told.found == [WENT]


async def test_nothing_is_told_after_the_end() -> None:
    told = Told()
    told.departures.on_call_lost("a")
    told.departures.close()
    told.departures.on_event("a", "Page.frameNavigated")
    assert told.found == []
