"""Snapshots of a page: nothing that somebody typed, and nothing that runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.browser.launch import Chromium
from harness.engines.browser.page_snapshot import take_snapshot
from harness.engines.browser.page_user import PageUser
from harness.facts.browser import SnapshotTaken

PAGE = """<!doctype html>
<meta name="csrf-token" content="of-this-session">
<h1>Book a table</h1>
<input id="name" value="Kim"><input id="password" type="password">
<textarea>a note of mine</textarea><p contenteditable>a draft of mine</p>
<output id="echo"></output>
<p>Your key is window-seat.</p>
<a href="https://example.com/menu?ticket=let-me-in">Menu</a>
<script>
  window.runs = (window.runs ?? 0) + 1;
  const key = "in-a-script";
  password.oninput = () => (echo.textContent = `You typed ${password.value}`);
</script>"""
TYPED = ("Kim", "correct horse", "a note of mine", "a draft of mine", "of-this-session",
         "in-a-script", "let-me-in", "window-seat")  # fmt: skip


@pytest.mark.browser
async def test_a_snapshot_has_nothing_of_what_people_type(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    page = await shared_chromium.browser.new_page()
    await page.set_content(PAGE)
    await page.fill("#password", "correct horse")
    user = PageUser(page, _nowhere, lambda _: None, tmp_path)
    kept = await take_snapshot(page, user, tmp_path, {"window-seat"}, "element_muted")
    again = await take_snapshot(page, user, tmp_path, {"window-seat"}, "element_muted")
    asked = await take_snapshot(page, user, tmp_path, {"window-seat"}, "")
    assert asked == SnapshotTaken("", "snapshot.png", "snapshot.dom.txt")
    assert await page.evaluate("window.runs") == 1
    await page.close()
    assert kept == SnapshotTaken("element_muted", "element_muted.png", "element_muted.dom.txt")
    assert again is not None
    assert again.picture == "element_muted-2.png"
    assert (tmp_path / kept.picture).read_bytes().startswith(b"\x89PNG")
    markup = (tmp_path / kept.dom).read_text(encoding="utf-8")
    assert "Book a table" in markup
    assert "You typed •••" in markup
    assert not [one for one in TYPED if one in markup]


@pytest.mark.browser
async def test_a_page_that_is_gone_has_none(shared_chromium: Chromium, tmp_path: Path) -> None:
    page = await shared_chromium.browser.new_page()
    user = PageUser(page, _nowhere, lambda _: None, tmp_path)
    await page.close()
    assert await take_snapshot(page, user, tmp_path, {"window-seat"}, "element_muted") is None


async def _nowhere(url: str, within_s: float) -> None:
    raise AssertionError(f"nobody goes to {url} within {within_s} s")
