"""Requests of somebody else's pages to other hosts, answered on this machine through DevTools.

A browser that runs already cannot be told to look for a host elsewhere. So its requests are held
one by one and answered here, and its WebSockets, which DevTools does not hold, are opened to this
machine by a script that comes before the page's own.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from harness.browser.devtools import DevToolsError, Session
from harness.browser.probe_link import ASKED_BEFORE
from harness.browser.probe_settings import PageExtras
from harness.errors import BrowserError, HarnessError, PageClosed
from harness.network.redirect_front import MOVED, RedirectFront
from harness.network.redirect_rules import PORTS, SAME, RedirectRules
from harness.redact import shown

NOT_CARRIED = {
    "connection",
    "content-encoding",
    "content-length",
    "keep-alive",
    "transfer-encoding",
}
"""Headers of an answer that say how it came, and not what it is."""


class PageRedirect:
    """Answers held requests as a front does, for every page and frame that has `extras`.

    Args:
        front: what answers in the name of the hosts.
        http: asks it.
        on_error: is told what ends the call.
    """

    def __init__(
        self,
        front: RedirectFront,
        http: aiohttp.ClientSession,
        on_error: Callable[[HarnessError], None] = lambda _error: None,
    ) -> None:
        self.front = front
        self.on_error = on_error
        self._http = http
        self._held: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def extras(self) -> PageExtras:
        """What a page needs so that its requests are held."""
        patterns = [{"urlPattern": pattern} for pattern in url_patterns(self.front.rules)]
        holding = ("Fetch.enable", {"patterns": patterns})
        return PageExtras(
            worker_commands=(holding,),
            commands=(
                holding,
                # A service worker would answer, or ask by itself, where nobody holds it.
                ("Network.setBypassServiceWorker", {"bypass": True}),
            ),
            script=socket_script(self.front.rules, self.front.plain_port),
        )

    def receive(self, session: Session, method: str, params: dict[str, Any]) -> None:
        """Take an event of any page or frame; most say nothing."""
        if method == "Fetch.requestPaused":
            self._held.add(params["request"]["url"])
            task = asyncio.create_task(self._answer(session, params))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif method == "Network.webSocketCreated" and self._is_meant(params["url"]):
            self.on_error(_got_away("WebSocket", params["url"]))
        elif method == ASKED_BEFORE:
            for url in params["urls"]:
                if url not in self._held and self._is_meant(url):
                    self.on_error(_got_away("request", url))

    async def aclose(self) -> None:
        """Let go of what is under way; the browser ends it."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _is_meant(self, url: str) -> bool:
        parts = urlsplit(url)
        scheme = SAME.get(parts.scheme, parts.scheme)
        port = parts.port or PORTS.get(scheme, 0)
        return self.front.rules.takes(scheme, parts.hostname or "", port)

    async def _answer(self, session: Session, params: dict[str, Any]) -> None:
        held = params["requestId"]
        with contextlib.suppress(PageClosed, DevToolsError):  # it is gone, so is the question
            try:
                fulfilled = await self._ask(session, params)
            except (aiohttp.ClientError, OSError, TimeoutError):
                await session.send("Fetch.failRequest", requestId=held, errorReason="Failed")
            else:
                await session.send("Fetch.fulfillRequest", requestId=held, **fulfilled)

    async def _ask(self, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        request = params["request"]
        asked = urlsplit(request["url"])
        port = self.front.tls_port if asked.scheme == "https" else self.front.plain_port
        query = f"?{asked.query}" if asked.query else ""
        url = URL(f"{asked.scheme}://127.0.0.1:{port}{asked.path or '/'}{query}", encoded=True)
        headers = {**request["headers"], "Host": asked.netloc}
        async with self._http.request(
            request["method"],
            url,
            headers=headers,
            data=await _body(session, params),
            ssl=False,  # our own front, with a certificate in another's name
            allow_redirects=False,
        ) as answer:
            content = await answer.read()
            kept = [
                {"name": name, "value": value}
                for name, value in answer.headers.items()
                if name.lower() not in NOT_CARRIED
            ]
            return {
                "responseCode": answer.status,
                "responseHeaders": kept,
                "body": base64.b64encode(content).decode(),
            }


async def _body(session: Session, params: dict[str, Any]) -> bytes | None:
    request = params["request"]
    if not request.get("hasPostData"):
        return None
    entries = request.get("postDataEntries", ())
    if entries and all("bytes" in entry for entry in entries):
        return b"".join(base64.b64decode(entry["bytes"]) for entry in entries)
    told = await session.send("Network.getRequestPostData", requestId=params["networkId"])
    data = str(told["postData"])
    return base64.b64decode(data) if told.get("base64Encoded") else data.encode()


def url_patterns(rules: RedirectRules) -> list[str]:
    """DevTools' patterns of the requests that are held: all to a host and port of the rules."""
    patterns = []
    for rule in rules.rules:
        host = f"[{rule.host}]" if ":" in rule.host else rule.host
        if rule.whole_host:
            patterns += [f"*://{host}/*", f"*://{host}:*/*"]
        else:
            default = rule.port == PORTS[rule.scheme]
            patterns.append(f"{rule.scheme}://{host}{'' if default else f':{rule.port}'}/*")
    return list(dict.fromkeys(patterns))


def socket_script(rules: RedirectRules, plain_port: int) -> str:
    """A script that opens a page's WebSockets to redirected hosts at this machine's front."""
    whole = {rule.host for rule in rules.rules if rule.whole_host}
    exact = {f"{rule.scheme}://{rule.host}:{rule.port}" for rule in rules.rules}
    values: Mapping[str, Any] = {
        "whole": sorted(whole),
        "exact": sorted(exact),
        "front": f"127.0.0.1:{plain_port}{MOVED}",
    }
    return f"(({_SOCKETS})({json.dumps(values)}));"


_SOCKETS = """({ whole, exact, front }) => {
  const Native = globalThis.WebSocket;
  if (!Native) return;
  const { URL, Proxy, Reflect, String } = globalThis;
  const asked = new WeakMap();
  const scheme = { "ws:": "http", "wss:": "https", "http:": "http", "https:": "https" };
  const move = (given) => {
    let url;
    const base = globalThis.document?.baseURI ?? globalThis.location.href;
    try { url = new URL(String(given), base); } catch { return; }
    const name = scheme[url.protocol];
    const port = url.port || (name === "https" ? "443" : "80");
    const place = `${name}://${url.hostname}:${port}`;
    if (!name || !(whole.includes(url.hostname) || exact.includes(place))) return;
    const to = `${front}${name}/${url.host}${url.pathname}${url.search}`;
    url.protocol = name === "https" ? "wss:" : "ws:";
    return { href: url.href, to };
  };
  const Moved = new Proxy(Native, {
    construct(native, [given, ...rest], target) {
      const moved = move(given);
      if (!moved) return Reflect.construct(native, [given, ...rest], target);
      const socket = Reflect.construct(native, [`ws://${moved.to}`, ...rest], target);
      asked.set(socket, moved.href);
      return socket;
    },
  });
  const { get, ...url } = Object.getOwnPropertyDescriptor(Native.prototype, "url");
  Object.defineProperty(Native.prototype, "url", {
    ...url, get() { return asked.get(this) ?? Reflect.apply(get, this, []); },
  });
  const constructor = { value: Moved, writable: true, configurable: true };
  Object.defineProperty(Native.prototype, "constructor", constructor);
  globalThis.WebSocket = Moved;
  // DevTools holds no request of a shared worker.
  if (!globalThis.SharedWorkerGlobalScope) return;
  const { Request } = globalThis;
  globalThis.fetch = new Proxy(globalThis.fetch, {
    apply(native, self, [given, ...rest]) {
      const moved = move(given instanceof Request ? given.url : given);
      if (!moved) return Reflect.apply(native, self, [given, ...rest]);
      const to = `http://${moved.to}`;
      const whole = given instanceof Request ? new Request(to, given) : to;
      return Reflect.apply(native, self, [whole, ...rest]);
    },
  });
}"""


def _got_away(what: str, url: str) -> BrowserError:
    return BrowserError(
        f"A {what} of the page went to a redirected host itself.",
        expected="nothing that the page asks for before it is reached, and no WebSocket but by "
        "the WebSocket of its document",
        found=shown(url),
        hint="listen before the page loads what opens it; or let the harness open the page: "
        "open_call(url, redirect=…) leads everything here, from the first request on",
    )
