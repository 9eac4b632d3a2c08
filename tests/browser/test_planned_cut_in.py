"""A cut-in of a page, as its audio thread tells it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.browser.planned_cut_in import PlannedCutIn
from harness.errors import PageClosed


class Page:
    """Realms whose audio clock began at 0 s, and the answer of one."""

    def __init__(self, decided: dict[str, int] | None) -> None:
        self.clock = SimpleNamespace(
            s_to_frame=lambda _name, t_s: round(t_s * 48_000),
            frame_to_s=lambda _name, frame: frame / 48_000,
        )
        self.decided = decided
        self.asked: list[Any] = []
        self.gone: PageClosed | None = None
        self.broken: PageClosed | None = None

    async def call(self, _realm: object, *what: Any) -> dict[str, int] | None:
        if self.gone is not None:
            raise self.gone
        self.asked.append(what)
        return self.decided

    def raise_if_broken(self) -> None:
        if self.broken is not None:
            raise self.broken


def planned(page: Page) -> PlannedCutIn:
    realm = SimpleNamespace(name="realm")
    return PlannedCutIn(cast("Any", page), cast("Any", realm), "clip-0", 4800, 24_000)


async def test_what_was_decided_stands_on_the_timeline() -> None:
    page = Page({"onset": 48_000, "frame": 72_000})
    decided = await planned(page).settle(1.2)
    assert decided is not None
    assert page.asked == [("settleCutIn", "clip-0", 57_600)]
    assert (decided.onset_s, decided.by_sound) == (1.0, True)
    assert (decided.played.start_s, decided.played.late_s) == (1.5, 0.0)
    assert decided.played.end_s == pytest.approx(1.6)


async def test_what_came_late_says_by_how_much() -> None:
    decided = await planned(Page({"onset": 48_000, "frame": 76_800})).settle(1.0)
    assert decided is not None
    assert (decided.played.late_s, decided.by_sound) == (0.1, False)


async def test_where_the_microphone_has_gone_nothing_was_decided() -> None:
    page = Page(None)
    assert await planned(page).settle(1.0) is None
    await planned(page).drop()
    assert page.asked[-1] == ("settleCutIn", "clip-0", None)


async def test_where_its_document_has_gone_nothing_was_decided_unless_the_page_has_too() -> None:
    page = Page({"onset": 48_000, "frame": 72_000})
    page.gone = PageClosed("It navigated.")
    assert await planned(page).settle(1.0) is None
    page.broken = PageClosed("It was closed.")
    with pytest.raises(PageClosed, match="was closed"):
        await planned(page).settle(1.0)
