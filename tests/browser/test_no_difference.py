"""What a page can find out about the interfaces of a call: with the probe, and without it.

The members are enumerated from the browser itself, so that a new one is compared, too. What is not
compared: the stack of an error that the browser throws in a method which is watched; it has a line
more, that of the proxy.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.browser.launch import Chromium
from harness.browser.voice_page import VoicePage
from tests.support.page_server import PageServer

LOOK = (Path(__file__).parent / "pages" / "no_difference.js").read_text(encoding="utf-8")


@pytest.mark.browser
async def test_a_page_gets_what_it_would_have_got(
    chromium: Chromium, voice_page: VoicePage, page_server: PageServer
) -> None:
    address = page_server.url("plain.html")
    context = await chromium.browser.new_context()
    try:
        plain = await context.new_page()
        await plain.goto(address)
        without = await plain.evaluate(LOOK)
    finally:
        await context.close()
    await voice_page.goto(address)
    with_us = await voice_page.page.evaluate(LOOK)
    assert len(without["names"]) > 60, "the browser's own interfaces"
    assert sum(len(without[name]["members"]) for name in without["names"]) > 700
    assert list(differences(without, with_us)) == []


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Each place where two values differ, with both."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            if key not in before or key not in after:
                yield f"{path}.{key}: only {'with' if key in after else 'without'} us"
            else:
                yield from differences(before[key], after[key], f"{path}.{key}")
    elif before != after:
        yield f"{path}: {before!r} != {after!r}"
