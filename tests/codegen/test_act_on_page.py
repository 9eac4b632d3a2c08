"""What is typed, done on a real page."""

from __future__ import annotations

import pytest

from harness.browser.launch import Chromium
from harness.codegen.act_on_page import act_on_page
from harness.errors import UsageError
from harness.typed_commands import Click, Fill, Hold, Press, Release

PAGE = """
<input id="name" value="nobody"><button id="talk">Talk</button>
<script>
  const seen = [];
  const kinds = { click: "id", mousedown: "id", mouseup: "id", keydown: "key" };
  for (const [kind, of] of Object.entries(kinds))
    addEventListener(kind, (event) => seen.push(`${kind} ${event.target[of] ?? event[of]}`));
</script>
"""


async def test_the_page_sees_what_a_hand_does(shared_chromium: Chromium) -> None:
    page = await shared_chromium.browser.new_page()
    try:
        await page.set_content(PAGE)
        await act_on_page(page, Fill("#name", "Al"))
        await act_on_page(page, Press("Enter"))
        await act_on_page(page, Click("text=Talk"))
        await act_on_page(page, Hold("#talk"))
        held = await page.evaluate("seen.splice(0)")
        await act_on_page(page, Release())
        released = await page.evaluate("seen")
        value = await page.input_value("#name")
    finally:
        await page.close()
    assert value == "Al"
    clicked = ["mousedown talk", "mouseup talk", "click talk"]
    assert held == ["keydown A", "keydown l", "keydown Enter", *clicked, "mousedown talk"]
    assert released == ["mouseup talk", "click talk"]


async def test_what_cannot_be_done_is_told_without_what_was_typed(
    shared_chromium: Chromium,
) -> None:
    page = await shared_chromium.browser.new_page()
    try:
        with pytest.raises(UsageError) as caught:
            await act_on_page(page, Fill("css=[", "my secret"))
    finally:
        await page.close()
    assert caught.value.expected == "fill css=["
    assert "my secret" not in str(caught.value)
