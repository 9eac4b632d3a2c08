"""Boxes that a page draws by itself are ticked where people click: on their labels."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from harness.browser.launch import Chromium
from harness.engines.browser.drawn_boxes import tick

FORM = """
<style>
  .clipped {position: absolute; width: 1px; height: 1px; clip: rect(0 0 0 0)}
  .sheer {position: absolute; opacity: 0}
  label {position: relative} label i {position: absolute; inset: 0}
</style>
<p style="height: 2000px">far above</p>
<label><input type=radio name=pet value=dog class=clipped> Dog</label>
<label><input type=radio name=pet value=cat class=clipped id=cat> Cat</label>
<label><input type=checkbox id=gone style="display: none"> I agree to <a href="#terms">all of the
  terms of use</a>, really</label>
<label><input type=checkbox id=sheer class=sheer> News</label>
<label><input type=checkbox id=covered> Covered<i></i></label>
<input type=checkbox id=own><label for=own>Own</label>
<label><input type=checkbox id=stuck style="display: none" onclick="return false"> Stuck</label>
<input type=checkbox id=alone style="display: none">
<button id=none>None</button>
"""


@pytest_asyncio.fixture(loop_scope="session")
async def form(shared_chromium: Chromium) -> AsyncIterator[Page]:
    context = await shared_chromium.browser.new_context()
    try:
        page = await context.new_page()
        await page.set_content(FORM)
        yield page
    finally:
        await context.close()


async def test_each_is_ticked_and_unticked_and_no_link_is_followed(form: Page) -> None:
    await tick(form.locator("#cat"), wanted=True, within_ms=30_000)
    for name in ("gone", "sheer", "covered", "own"):
        box = form.locator(f"#{name}")
        await tick(box, wanted=True, within_ms=30_000)
        assert await box.is_checked(), name
        await tick(box, wanted=True, within_ms=30_000)
        assert await box.is_checked(), f"{name}, once more"
        await tick(box, wanted=False, within_ms=30_000)
        assert not await box.is_checked(), name
    assert await form.locator("#cat").is_checked()
    assert "#" not in form.url


@pytest.mark.parametrize("name", ["stuck", "alone", "none"])
async def test_what_cannot_be_ticked_is_told(form: Page, name: str) -> None:
    with pytest.raises(PlaywrightError):
        await tick(form.locator(f"#{name}"), wanted=True, within_ms=400)
