"""Windows and documents of a page; what is found in them is tried in test_page_user."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError

from harness.engines.browser.elements import Elements
from harness.engines.browser.targets import read_target
from harness.errors import UsageError


class Found:
    """A locator of so many elements."""

    def __init__(self, count: int | Exception) -> None:
        self._count = count

    async def count(self) -> int:
        if isinstance(self._count, Exception):
            raise self._count
        return self._count


def document(count: int | Exception) -> Any:
    found = Found(count)
    return SimpleNamespace(locator=lambda _: found, found=found)


def elements(*counts: int | Exception, windows: int = 0) -> Any:
    """Of a page whose documents have so many each."""
    page = document(counts[0])
    page.frames = [document(count) for count in counts]
    opened = [SimpleNamespace(number=number) for number in range(1, windows + 1)]
    page.context = SimpleNamespace(pages=[page, *opened])
    return Elements(page)


async def test_the_first_document_that_has_it_counts() -> None:
    target = read_target("#a")
    for counts, first in (((2, 1), 0), ((0, 1, 1), 1), ((PlaywrightError("gone"), 3), 1)):
        at = elements(*counts)
        assert await at.find(target) is at.page.frames[first].found
    at = elements(0, 0)
    assert await at.find(target) is at.page.found, "nowhere: the page itself"
    assert await at.wait(target, 0) is None


async def test_a_selector_that_cannot_be_read_is_no_missing_element() -> None:
    error = PlaywrightError('Unexpected token "" while parsing css selector "a[["')
    with pytest.raises(UsageError, match="“a\\[\\[” cannot be read"):
        await elements(error).find(read_target("a[["))


async def test_windows_are_counted_from_the_oldest_and_a_popup_is_the_newest() -> None:
    at = elements(0, windows=2)
    assert at.window(None) is at.page
    assert [at.window(number).number for number in (1, 2, 0)] == [1, 2, 2]
    assert at.window(3) is None
    assert elements(0).window(0) is None
    assert await elements(0).find(read_target({"text": "a", "page": "popup"})) is None
