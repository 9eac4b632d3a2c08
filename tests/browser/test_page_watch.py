"""Console errors and HTTP failures of the page are noted, without queries."""

import asyncio
from typing import Any, TypeGuard

import pytest
from aiohttp import web

from harness.browser.launch import Chromium
from harness.browser.page_watch import PageWatch
from harness.browser.voice_page import open_voice_page
from harness.facts.browser import (
    BrowserFact,
    ChannelAsked,
    ConsoleLogged,
    DownloadBegan,
    HttpError,
    PageException,
    PageRequest,
    RequestFailed,
    WebSocketOpened,
    WebTransportOpened,
    WindowOpened,
)
from tests.support.small_server import html, serve


async def test_what_goes_wrong_on_a_page_is_noted(shared_chromium: Chromium) -> None:
    async def missing(_: web.Request) -> web.Response:
        return web.Response(status=404)

    async def menu(_: web.Request) -> web.Response:
        return web.Response(text="soup")

    script = """<script>new WebSocket("ws://127.0.0.1:9/talk");
        console.error("oh no");
        open("http://127.0.0.1:9/elsewhere?key=secret");
        const link = document.createElement("a"); link.download = "menu.txt";
        link.href = "/menu?key=secret"; link.click(); Promise.reject(new Error("nobody"));
        fetch("/missing?key=secret")
        .then(() => fetch("http://127.0.0.1:9/")).catch(() => document.title = "done")</script>"""
    noted: list[BrowserFact] = []
    routes = {("GET", "/"): html(script), ("GET", "/missing"): missing, ("GET", "/menu"): menu}
    async with (
        serve(routes) as url,
        open_voice_page(shared_chromium) as page,
    ):
        page.watch(noted.append)
        await page.goto(url)
        await page.page.wait_for_function("document.title === 'done'")
        async with asyncio.timeout(10):  # the browser process tells of it, in its own time
            while not any(isinstance(fact, DownloadBegan) for fact in noted):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await page.evaluate("1")  # what DevTools told before is here by now
    assert ConsoleLogged("error", "oh no") in noted
    (missed,) = (fact for fact in noted if isinstance(fact, HttpError) and fact.status == 404)
    assert missed.url.endswith("/missing")
    assert missed.resource == "Fetch"
    assert any(isinstance(fact, RequestFailed) and fact.error for fact in noted)
    assert WebSocketOpened("ws://127.0.0.1:9/talk") in noted
    assert PageException("nobody") in noted
    assert WindowOpened("http://127.0.0.1:9/elsewhere") in noted
    assert DownloadBegan(f"{url}/menu", "menu.txt") in noted
    assert "secret" not in str(noted)


async def test_requests_that_are_asked_for_are_told_with_what_was_sent_and_answered(
    shared_chromium: Chromium,
) -> None:
    async def session(request: web.Request) -> web.Response:
        return web.json_response({"voice": (await request.json())["voice"], "token": "secret"})

    script = """<script>
        const body = JSON.stringify({ voice: "alto", apiKey: "secret" });
        const headers = { "Content-Type": "application/json" };
        fetch("/session?key=secret", { method: "POST", headers, body })
        .then((answer) => answer.json()).then(() => document.title = "done")</script>"""
    noted: list[BrowserFact] = []
    routes = {("GET", "/"): html(script), ("POST", "/session"): session}
    async with serve(routes) as url, open_voice_page(shared_chromium, requests=True) as page:
        page.watch(noted.append)
        await page.goto(url)
        async with asyncio.timeout(10):  # each is asked for its body once it is over
            while len(told := [fact for fact in noted if isinstance(fact, PageRequest)]) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    document, asked = sorted(told, key=lambda fact: fact.resource)
    assert (document.method, document.resource, document.received) == ("GET", "Document", None)
    assert (asked.method, asked.url, asked.status) == ("POST", f"{url}/session", 200)
    assert asked.sent == '{"voice":"alto","apiKey":"•••"}'
    assert asked.received == '{"voice":"alto","token":"•••"}'


async def test_requests_of_workers_are_told_as_theirs(shared_chromium: Chromium) -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.json_response({"got": (await request.json())["by"]})

    async def outer(_: web.Request) -> web.Response:
        text = 'self.inner = new Worker("/worker.js")'
        return web.Response(text=text, content_type="text/javascript")

    async def script(_: web.Request) -> web.Response:
        text = """
            const asks = (by) => fetch(`/echo?${by}`, {
              method: "POST",
              headers: { "Content-Type": "application/json" },
              body: JSON.stringify({ by, token: "secret" }),
            });
            const begin = () => asks(self.constructor.name);
            if (!("clients" in self)) begin();
            addEventListener("activate", (event) => event.waitUntil(begin()));"""
        return web.Response(text=text, content_type="text/javascript")

    page_script = """<script>
        window.workers = [new Worker("/outer.js"), new SharedWorker("/worker.js")];
        navigator.serviceWorker.register("/worker.js");</script>"""
    noted: list[BrowserFact] = []
    routes = {
        ("GET", "/"): html(page_script),
        ("GET", "/outer.js"): outer,
        ("GET", "/worker.js"): script,
        ("POST", "/echo"): echo,
    }
    async with serve(routes) as url, open_voice_page(shared_chromium, requests=True) as page:
        page.watch(noted.append)
        await page.goto(url)
        async with asyncio.timeout(10):
            while len(asked := [one for one in noted if is_answered(one)]) < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    told = {one.by: (one.sent, one.received, one.sent_mime) for one in asked}
    assert told == {
        by: (f'{{"by":"{scope}","token":"•••"}}', f'{{"got":"{scope}"}}', "application/json")
        for by, scope in {
            "worker": "DedicatedWorkerGlobalScope",
            "shared_worker": "SharedWorkerGlobalScope",
            "service_worker": "ServiceWorkerGlobalScope",
        }.items()
    }


def is_answered(fact: BrowserFact) -> TypeGuard[PageRequest]:
    return isinstance(fact, PageRequest) and fact.received is not None


def test_a_download_of_what_the_page_itself_made_is_noted_without_it() -> None:
    watch = PageWatch()
    noted: list[BrowserFact] = []
    watch.note = noted.append
    params = {"url": "data:text/plain,secret", "suggestedFilename": "notes.txt"}
    watch.receive("Page.downloadWillBegin", params)
    assert noted == [DownloadBegan("data:", "notes.txt")]


def test_a_web_transport_session_is_noted_without_its_query() -> None:
    watch = PageWatch()
    noted: list[BrowserFact] = []
    watch.note = noted.append
    watch.receive("Network.webTransportCreated", {"url": "https://h/talk?token=secret"})
    assert noted == [WebTransportOpened("https://h/talk")]


@pytest.mark.parametrize(
    ("method", "url", "channels"),
    [
        ("POST", "https://h/v1/realtime/calls?dcid=17", [17]),
        ("POST", "https://h/v1/realtime/calls?model=m&dcid=0#top", [0]),
        ("POST", "https://h/v1/realtime/calls?xdcid=3", []),
        ("POST", "https://h/v1/realtime/calls?dcid=ek_secret", []),
        ("POST", "https://h/v1/realtime/calls?dcid=12x", []),
        ("OPTIONS", "https://h/v1/realtime/calls?dcid=17", []),
    ],
)
def test_the_channel_that_a_call_is_asked_for_is_noted(
    method: str, url: str, channels: list[int]
) -> None:
    watch = PageWatch()
    noted: list[BrowserFact] = []
    watch.note = noted.append
    request = {"method": method, "url": url, "headers": {}}
    sent = {"requestId": "1", "request": request, "timestamp": 1.0}
    watch.receive("Network.requestWillBeSent", sent)
    assert noted == [ChannelAsked(number) for number in channels]


def console(*arguments: dict[str, Any]) -> list[BrowserFact]:
    watch = PageWatch()
    noted: list[BrowserFact] = []
    watch.note = noted.append
    watch.receive("Runtime.consoleAPICalled", {"type": "error", "args": list(arguments)})
    return noted


def test_an_object_in_the_console_is_told_by_what_is_in_it() -> None:
    def preview(kind: str, properties: dict[str, str], **more: str) -> dict[str, Any]:
        told = [{"name": name, "type": "string", "value": v} for name, v in properties.items()]
        return {
            "type": "object",
            "description": kind,
            **more,
            "preview": {"type": "object", "description": kind, "properties": told, **more},
        }

    text = {"type": "string", "value": "vapi error"}
    plain = preview("Object", {"type": "start-method-error", "stage": "web-call"})
    assert console(text, plain) == [
        ConsoleLogged("error", "vapi error {type: start-method-error, stage: web-call}")
    ]
    closed = preview("CloseEvent", {"code": "1006", "reason": ""})
    assert console(closed) == [ConsoleLogged("error", "CloseEvent {code: 1006, reason: }")]
    keys = preview("Object", {"accessToken": "eyJh", "cookie": "sid=4", "why": "expired"})
    assert console(keys) == [
        ConsoleLogged("error", "{accessToken: •••, cookie: •••, why: expired}")
    ]
    listed = preview("Array(2)", {"0": "a", "1": "b"}, subtype="array")
    assert console(listed) == [ConsoleLogged("error", "[a, b]")]
    thrown = preview("Error: no\n    at x", {"stack": "s"}, subtype="error")
    assert console(thrown) == [ConsoleLogged("error", "Error: no\n    at x")]


def test_addresses_in_the_console_are_told_without_what_lets_somebody_in() -> None:
    watch = PageWatch()
    noted: list[BrowserFact] = []
    watch.note = noted.append
    text = "WebSocket connection to 'wss://h/rtc?access_token=eyJhbGciOi' failed: no such host"
    watch.receive("Log.entryAdded", {"entry": {"level": "error", "text": text}})
    thrown = {"text": "x", "exception": {"description": "TypeError at https://h/a.js?key=s3"}}
    watch.receive("Runtime.exceptionThrown", {"exceptionDetails": thrown})
    assert noted == [
        ConsoleLogged("error", "WebSocket connection to 'wss://h/rtc' failed: no such host"),
        PageException("TypeError at https://h/a.js"),
    ]
