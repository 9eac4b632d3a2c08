"""The hands and eyes of a page's user: what they do, and why something did not work."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.browser.launch import Chromium
from harness.engines.browser.page_checks import BUSY
from harness.engines.browser.page_user import PageUser
from harness.errors import ExpectationFailed, PageClosed, ServerRefused, UsageError
from harness.facts.steps import PageActed
from harness.redact import MASK
from tests.support.waiting import until

FORM = """
<style>.under {position: relative} .under i {position: absolute; inset: 0}</style>
<label>Name <input id=name value=nobody></label>
<label>Secret <input type=password></label>
<label>Table <select><option value=w>Window</option><option value=d>Door</option></select></label>
<label><input type=checkbox id=box> Agreed</label>
<label>Photo <input type=file></label>
<button onclick="document.title = 'called'">Call us</button>
<button disabled>Transfer</button>
<button class=more>More</button><button class=more>More</button>
<div class=under><button>Note</button><i></i></div>
<p data-testid=sum hidden>2  people,
  19:00</p>
<button onpointerdown="log('down')" onpointerup="log('up')">Talk</button>
<button onclick="menu()">Menu</button>
<h1>Ring us</h1> <p>To ring us, press <em>Ring us</em>.</p>
<button onclick="document.title = 'rung'"><b>Ring us</b></button> <a href="#" hidden>Ring us</a>
<ol></ol>
<p id=host></p>
<script>
host.attachShadow({ mode: "closed" }).innerHTML = "<button>Ring the desk</button>";
function log(text) { document.querySelector("ol").innerHTML += `<li>${text}</li>`; }
onkeydown = (e) => log("down " + e.key); onkeyup = (e) => log("up " + e.key);
function menu() { open("about:blank").document.body.innerHTML = "<button>Order</button>"; }
setTimeout(() => { document.querySelector("[data-testid]").hidden = false; }, 150);
</script>
<iframe srcdoc="<button onclick='this.textContent = `Booked`'>Book</button>
<iframe id=inner srcdoc='<p class=deep>deep</p>'></iframe>"></iframe>
"""


@dataclass
class Desk:
    """A page with a form, and its user."""

    page: Any
    user: PageUser
    facts: list[PageActed]

    async def shows(self, kind: str, **wanted: Any) -> tuple[bool, str]:
        look = await self.user.check(kind, wanted, 20)
        return look.holds, look.found

    async def never_shows(self, kind: str, **wanted: Any) -> tuple[bool, str]:
        look = await self.user.check(kind, wanted, 0.3)
        return look.holds, look.found


@asynccontextmanager
async def desk(chromium: Chromium, out: Path) -> AsyncIterator[Desk]:
    async def goto(url: str, _: float) -> None:
        if "none" in url:
            raise ServerRefused("The page's server answered with an error.", found="HTTP 404")
        await page.goto(url)

    context = await chromium.browser.new_context()
    try:
        page, facts = await context.new_page(), list[PageActed]()
        await page.set_content(FORM)
        yield Desk(page, PageUser(page, goto, facts.append, out), facts)
    finally:
        await context.close()


async def test_a_user_does_what_a_form_takes(shared_chromium: Chromium, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    async with desk(shared_chromium, tmp_path) as at:
        for step in (
            {"fill": {"label": "Name", "value": "Kim"}},
            {"fill": {"label": "Secret", "value": "window-seat"}},
            {"select": {"label": "Table", "value": "Door"}},
            {"check": {"label": "Agreed"}},
            {"upload": {"label": "Photo", "files": [str(tmp_path / "a.txt")]}},
            {"click": {"role": "button", "name": "Call us"}},
            {"wait_for": {"test_id": "sum"}},
            {"click": {"role": "button", "name": "Book"}},
            {"evaluate": {"js": "[document.title, document.querySelector('#name').value]"}},
            {"evaluate": {"js": "document.title = 'x'.repeat(3000)"}},
            {"evaluate": {"js": "(html) => html.querySelector('button').textContent",
                          "frame": "iframe"}},
            {"screenshot": "form"},
            {"screenshot": "form"},
            {"click": "text=Ring us"},  # in a heading, a paragraph and a hidden link, too
            {"wait_for": {"text": "Ring us", "nth": 0}},
            {"evaluate": "document.title"},
            {"goto": "about:blank#end"},  # another place in the same document
            {"wait_for": {"url": "about:blank#end"}},
            {"fill": {"#name": "Li"}},
            {"uncheck": "#box"},
            {"press": {"key": "a", "css": "#name"}},
        ):  # fmt: skip
            await at.user.act(step)
        assert await at.shows("value", of="#name", **{"is": "aLi"}) == (True, "“aLi”")
        assert (await at.shows("value", of="select", **{"is": "d"}))[0]
        assert (await at.shows("hidden", of="#box:checked"))[0]
        assert (await at.shows("text", of={"test_id": "sum"}, **{"is": "2 people, 19:00"}))[0]
        assert (await at.shows("visible", of={"text": "Booked", "frame": "iframe"}))[0]
        assert (await at.shows("text", of=".deep", contains="deep"))[0], "in any frame"
        inner = {"css": ".deep", "frame": ["iframe", {"css": "#inner"}]}
        assert (await at.shows("count", of=inner, **{"is": 1}))[0]
        assert (await at.shows("attribute", of="#name", name="id", matches="^na"))[0]
        assert not [fact for fact in at.facts if fact.problem]
        told = {(fact.kind, fact.what): (fact.value, fact.result) for fact in at.facts}
        assert told["fill", "the field “Name”"] == ("Kim", None)
        assert told["fill", "the field “Secret”"] == (MASK, None)
        results = [fact.result for fact in at.facts if fact.kind == "evaluate"]
        assert results[0] == ["called", "Kim"]
        assert results[1].endswith("x…")
        assert results[2:] == ["Booked", "rung"]
    for name in ("form.png", "form-2.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


async def test_what_did_not_work_says_why(shared_chromium: Chromium, tmp_path: Path) -> None:
    async with desk(shared_chromium, tmp_path) as at:
        for step, found in (
            ({"click": {"role": "button", "name": "Transfer"}}, "it is disabled"),
            ({"click": {"role": "button", "name": "Note"}}, "it is covered by <i></i>"),
            ({"click": ".more"}, "2 elements match: <button class=\"more\">More</button>;"),
            ({"click": {"role": "button", "name": "Cal me"}}, "nothing matches; the page has "
             "button “Call us”"),
            ({"click": {"test_id": "summ"}}, "nothing matches; the page has “sum”"),
            ({"click": {"text": "a", "page": "popup"}}, "no window opened"),
            ({"select": {"label": "Table", "value": "Roof"}}, "it has no such option"),
            ({"wait_for": {"text": "Window seat", "state": "attached"}}, "nothing matches"),
            ({"wait_for": {"css": "#name", "state": "detached"}}, "there are 1"),
            ({"wait_for": {"url": "**/menu"}}, "about:blank"),
            ({"press": "Entr"}, 'Unknown key: "Entr"'),
            ({"goto": "http://h/none"}, "The page's server answered with an error: HTTP 404"),
            ({"evaluate": "nothing.at.all"}, "ReferenceError: nothing is not defined"),
            ({"evaluate": "new Promise(() => {})"}, "no result in 0.2 s"),
        ):  # fmt: skip
            with pytest.raises(ExpectationFailed) as caught:
                await at.user.act({**step, "within_s": 0.2})
            assert (caught.value.found or "").startswith(found)
            assert at.facts[-1].problem == caught.value.found
        closed = {"click": {"role": "button", "name": "Ring the desk"}, "within_s": 0.2}
        reach = r"closed shadow root, where no selector gets: button “Ring the desk” \(keys do"
        with pytest.raises(ExpectationFailed, match=reach):
            await at.user.act(closed)
        with pytest.raises(UsageError, match="cannot be read"):
            await at.user.act({"click": "a[[", "within_s": 0.3})
        assert await at.never_shows("visible", of=".more") == (
            False,
            "2 elements match: “More”, “More” (`nth` chooses one)",
        )
        assert await at.never_shows("hidden", of="#name") == (False, "visible: “”")
        assert await at.never_shows("value", of={"text": "Agreed"}, **{"is": "a"}) != (True, "")
        assert await at.never_shows("attribute", of="#name", name="href") == (
            False,
            "no attribute “href”",
        )


async def test_a_button_is_held_while_the_block_takes(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    async with desk(shared_chromium, tmp_path) as at:
        listed = {"css": "li"}
        async with at.user.holding({"role": "button", "name": "Talk"}, 20):
            assert (await at.shows("count", of=listed, **{"is": 1}))[0]
        async with at.user.holding({"key": "t"}, 20):
            pass
        texts = await at.page.locator("li").all_inner_texts()
        assert texts == ["down", "up", "down t", "up t"]
        assert [fact.kind for fact in at.facts] == ["hold", "release", "hold", "release"]
        with pytest.raises(ExpectationFailed, match="it is disabled"):
            async with at.user.holding({"text": "Transfer"}, 0.3):
                raise AssertionError("nothing is held")


async def test_a_window_that_the_page_opens_is_the_popup(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    async with desk(shared_chromium, tmp_path) as at:
        await at.user.act({"click": {"text": "Menu"}})
        order = {"role": "button", "name": "Order", "page": "popup"}
        await at.user.act({"click": order})
        await at.user.act({"evaluate": {"js": "document.title = 'menu'", "page": 1}})
        assert (await at.shows("visible", of={**order, "page": 1}))[0]
        assert await at.never_shows("visible", of={**order, "page": 2}) == (
            False,
            "the page opened no such window (1 open)",
        )


async def test_a_busy_page_hangs_nothing_and_a_window_may_close_itself(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    async with desk(shared_chromium, tmp_path) as at:
        opens = "open('about:blank').document.write('<button onclick=window.close()>Bye</button>')"
        await at.user.act({"evaluate": {"js": f"void {opens}"}})
        await at.user.act({"click": {"text": "Bye", "page": "popup"}})
        await until(lambda: at.user.elements.windows == [])
        busy = "{ const end = performance.now() + 2000; while (performance.now() < end); }"
        await at.user.act({"evaluate": {"js": f"void setTimeout(() => {busy}, 0)"}})
        with pytest.raises(ExpectationFailed) as caught:
            await at.user.act({"click": "#name", "within_s": 0.1})
        assert (caught.value.found or "").startswith(BUSY)


async def test_a_page_that_is_gone_is_no_failed_step(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    async with desk(shared_chromium, tmp_path) as at:
        await at.page.close()
        with pytest.raises(PageClosed):
            await at.user.act({"press": "a"})
