"""A page in Chromium as a line."""

from harness.browser.launch import Chromium
from harness.clock import MonotonicClock
from harness.engines.browser.line import _past_the_proxy, open_page_line
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


async def test_its_page_has_the_context_that_was_asked_for(shared_chromium: Chromium) -> None:
    shown = "[innerWidth, navigator.language, matchMedia('(prefers-color-scheme: dark)').matches]"
    async with serve({("GET", "/"): html("a page")}) as url:
        opening = open_page_line(
            url,
            None,
            session={},
            context={
                "viewport": {"width": 390, "height": 844},
                "locale": "de-DE",
                "color_scheme": "dark",
            },
            chromium=shared_chromium,
            clock=MonotonicClock(),
        )
        async with opening as line:
            await line.connect(10, Silent())
            assert await line.page.page.evaluate(shown) == [390, "de-DE", True]


def test_redirected_hosts_pass_a_proxy_by() -> None:
    assert _past_the_proxy({"locale": "de"}, ["api.openai.com"]) == {"locale": "de"}
    given = {"proxy": {"server": "http://p:1", "bypass": "<-loopback>"}}
    assert _past_the_proxy(given, ["api.openai.com"]) == {
        "proxy": {"server": "http://p:1", "bypass": "<-loopback>,api.openai.com"}
    }
