"""A page in Chromium as a line."""

from harness.browser.launch import Chromium
from harness.clock import MonotonicClock
from harness.engines.browser.line import open_page_line
from harness.facts.catalogue import AnyFact
from tests.support.small_server import html, serve


class Silent:
    """A report that nobody reads."""

    def note(self, fact: AnyFact) -> None: ...
    def fail(self, error: Exception) -> None: ...
    def hide(self, secret: str) -> None: ...


async def test_it_loads_its_page_acts_on_it_and_leaves_it(shared_chromium: Chromium) -> None:
    page = html("<button onclick='document.title = `called`'>call</button>")
    async with serve({("GET", "/"): page}) as url:
        opening = open_page_line(
            url,
            None,
            session={},
            start=[{"click": "button"}],
            chromium=shared_chromium,
            clock=MonotonicClock(),
        )
        async with opening as line:
            await line.connect(10, Silent())
            assert line.address == url
            assert await line.page.page.title() == "called"
            await line.hang_up()
            assert line.page.page.url == "about:blank"
