"""A page's dialogs get their answers, and are noted."""

from __future__ import annotations

from harness.browser.launch import Chromium
from harness.engines.browser.page_dialogs import answer_dialogs
from harness.facts.browser import BrowserFact, DialogAnswered
from tests.support.small_server import html, serve

PAGE = """<script>
  alert("Welcome");
  document.title = [confirm("Recorded?"), confirm("Go on?"), prompt("Name?"),
    prompt("Where?", "here")].join("|");
</script>"""


async def test_each_dialog_is_answered_by_its_rule(shared_chromium: Chromium) -> None:
    noted: list[BrowserFact] = []
    rules = [{"contains": "recorded", "answer": "dismiss"}, {"contains": "name", "prompt": "Kim"}]
    page = await shared_chromium.browser.new_page()
    async with serve({("GET", "/"): html(PAGE)}) as url:
        answer_dialogs(page, rules, noted.append)
        await page.goto(url)
        assert await page.title() == "false|true|Kim|here"
    await page.close()
    assert noted == [
        DialogAnswered("alert", "Welcome", "accept"),
        DialogAnswered("confirm", "Recorded?", "dismiss"),
        DialogAnswered("confirm", "Go on?", "accept"),
        DialogAnswered("prompt", "Name?", "accept"),
        DialogAnswered("prompt", "Where?", "accept"),
    ]
