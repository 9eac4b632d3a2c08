"""Answers on this machine in the name of other hosts: what fits a rule is handed on, all else ends.

A Chromium that was started with `RedirectFront.chromium_flags` finds the redirected hosts here. So
every request comes, whatever made it: a page, a frame of any origin, a worker of any kind, a
WebSocket. No key that a request carries goes any further.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from yarl import URL

from harness.facts.browser import BrowserFact, PageRedirected, PageStandIn, RedirectBegan
from harness.network.redirect_rules import PORTS, SERVER, STAND_IN, RedirectRule, RedirectRules
from harness.network.redirect_sockets import bridge, without_keys
from harness.network.run_certificate import RunCertificate, make_certificate

Note = Callable[[BrowserFact], None]

CONNECT_WITHIN_S = 5.0
BLOCKED = 501
UNREACHABLE = 502

KEYS = {"authorization", "cookie", "api-key", "x-api-key"}
OF_A_CONNECTION = {
    *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer"),
    *("transfer-encoding", "upgrade", "host"),
}
MOVED = "/.redirected/"
"""Before scheme, host and path in the address of a WebSocket that was led here by a script."""

CORS = "access-control-"
EXPOSED = "Location, X-Request-Id"


@dataclass(frozen=True, slots=True)
class StandIn:
    """A script that stands for one that its maker alone serves."""

    name: str
    """What it stands for, as "ChatKit"."""

    make: Callable[[], str] = field(repr=False)
    """Gives its text."""


@dataclass(frozen=True, slots=True)
class Target:
    """The server that answers."""

    url: str
    """Its base, without /v1."""

    api_key: str = field(repr=False)

    choose_key: Callable[[str], Awaitable[str]] | None = field(default=None, repr=False)
    """Gives the key to show for the one that a request carries; absent: always ``api_key``."""

    stand_ins: Mapping[str, StandIn] = field(default_factory=dict, repr=False)
    """Scripts for rules that lead to such, by their paths."""


class RedirectFront:
    """The servers on this machine that stand for other hosts; made by `open_front`."""

    def __init__(self, rules: RedirectRules, target: Target, http: aiohttp.ClientSession) -> None:
        self.rules = rules
        self.note: Note | None = None
        """Told every request that came, as ``page.redirected``."""
        self.chromium_flags: tuple[str, ...] = ()
        self.tls_port, self.plain_port = 0, 0
        """On 127.0.0.1: where https is answered, and where http is."""
        self._target = target
        self._http = http

    def begin(self, note: Note) -> None:
        """Tell from here on what came, and first that it is answered here."""
        self.note = note
        note(RedirectBegan(list(self.rules.names), self._target.url))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request that a page sent to another host."""
        request = _as_asked(request)
        path = request.rel_url.raw_path
        scheme = "https" if request.secure else "http"
        host, port = request.url.host or "", request.url.port or PORTS[scheme]
        rule = self.rules.find(scheme, host, port, path)
        to = None if rule is None else rule.target(self._target.url, path)
        try:
            if _is_preflight(request):  # of what is blocked, too: its answer is to be read
                response: web.StreamResponse = web.Response(status=204)
            elif rule is not None and rule.to == STAND_IN and path in self._target.stand_ins:
                response = self._stand_in(request, self._target.stand_ins[path])
            elif rule is None or to is None:
                response = _blocked(request, host, path)
            elif request.headers.get("Upgrade", "").strip().lower() == "websocket":
                response = await self._carry(request, rule, _with_query(request, to), path)
            else:
                response = await self._hand_on(request, rule, _with_query(request, to), path)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            response = _unreachable(request, error)
        if not response.prepared:
            self._note(request, rule, path, response.status)
            response.headers.update(_cors(request))
        return response

    async def _hand_on(
        self, request: web.Request, rule: RedirectRule, to: str, path: str
    ) -> web.StreamResponse:
        headers = await self._headers(request, rule)
        body = await request.read() if request.body_exists else None
        async with self._http.request(
            request.method, to, headers=headers, data=body, allow_redirects=False
        ) as answer:
            kept = [
                (name, value)
                for name, value in answer.headers.items()
                if name.lower() not in OF_A_CONNECTION and not name.lower().startswith(CORS)
            ]
            response = web.StreamResponse(
                status=answer.status, headers=[*kept, *_cors(request).items()]
            )
            self._note(request, rule, path, answer.status)
            await response.prepare(request)
            try:
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
                await response.write_eof()
            except (aiohttp.ClientError, OSError):
                if request.transport is not None:
                    request.transport.abort()  # cut off there, so cut off here
        return response

    def _stand_in(self, request: web.Request, stand_in: StandIn) -> web.Response:
        if self.note is not None:
            self.note(PageStandIn(stand_in.name, request.host, request.rel_url.raw_path))
        headers = {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-store"}
        return web.Response(text=stand_in.make(), headers=headers)

    async def _carry(
        self, request: web.Request, rule: RedirectRule, to: str, path: str
    ) -> web.StreamResponse:
        """A WebSocket: its handshake is answered as the other side answers ours."""
        headers = await self._headers(request, rule)
        protocols = without_keys(request.headers.getall("Sec-WebSocket-Protocol", []))
        try:
            async with self._http.ws_connect(
                to.replace("http", "ws", 1),
                headers=headers,
                protocols=protocols,
                max_msg_size=0,
                compress=0,
            ) as far:
                self._note(request, rule, path, 101)
                return await bridge(request, far)
        except aiohttp.WSServerHandshakeError as error:
            return web.Response(status=error.status)

    async def _headers(self, request: web.Request, rule: RedirectRule) -> list[tuple[str, str]]:
        """A request's headers as they go on: with our key, and none of the page's."""
        left_out = KEYS | OF_A_CONNECTION
        headers = [
            (name, value)
            for name, value in request.headers.items()
            if name.lower() not in left_out and not name.lower().startswith("sec-websocket")
        ]
        if rule.to == SERVER:
            choose = self._target.choose_key
            key = self._target.api_key if choose is None else await choose(key_in(request))
            headers.append(("Authorization", f"Bearer {key}"))
        return headers

    def _note(
        self, request: web.Request, rule: RedirectRule | None, path: str, status: int
    ) -> None:
        if self.note is not None:
            name = None if rule is None else rule.name
            self.note(PageRedirected(request.method, request.host, path, status, name))


def key_in(request: web.Request) -> str:
    """The key that a request carries, in its header or as a subprotocol; "" for none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    offered = ",".join(request.headers.getall("Sec-WebSocket-Protocol", [])).split(",")
    keys = [name.partition("key.")[2] for name in offered if "key." in name]
    return keys[0].strip() if keys else ""


@asynccontextmanager
async def open_front(rules: RedirectRules, target: Target) -> AsyncIterator[RedirectFront]:
    """Listen on two free ports of 127.0.0.1, for https and for http.

    Leaving the block ends what is still under way there.
    """
    certificate = await asyncio.to_thread(make_certificate, rules.hosts)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_WITHIN_S)
    async with aiohttp.ClientSession(auto_decompress=False, timeout=timeout) as http:
        front = RedirectFront(rules, target, http)
        app = web.Application(client_max_size=2**30)
        app.router.add_route("*", "/{path:.*}", front.answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=certificate.context).start()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            front.tls_port, front.plain_port = (address[1] for address in runner.addresses)
            front.chromium_flags = chromium_flags(
                rules, certificate, front.tls_port, front.plain_port
            )
            yield front
        finally:
            with contextlib.suppress(TimeoutError):
                await runner.cleanup()


def chromium_flags(
    rules: RedirectRules, certificate: RunCertificate, tls_port: int, plain_port: int
) -> tuple[str, ...]:
    """With what a Chromium finds the redirected hosts on this machine.

    A page of the internet may not ask this machine anything without its user's leave: the two ports
    count as places of the internet, since that is what they stand for.
    """
    ours = ",".join(f"127.0.0.1:{port}=public" for port in (tls_port, plain_port))
    return (
        f"--host-resolver-rules={rules.resolver_rules(tls_port, plain_port)}",
        f"--ignore-certificate-errors-spki-list={certificate.spki_sha256}",
        f"--ip-address-space-overrides={ours}",
    )


def _as_asked(request: web.Request) -> web.Request:
    """A request that names whom it was for in its path, as if it had come to that one."""
    path = request.raw_path
    if not path.startswith(MOVED):
        return request
    scheme, _, rest = path.removeprefix(MOVED).partition("/")
    host, _, below = rest.partition("/")
    return request.clone(rel_url=URL(f"/{below}", encoded=True), scheme=scheme, host=host)


def _with_query(request: web.Request, to: str) -> str:
    query = request.rel_url.raw_query_string
    return f"{to}?{query}" if query else to


def _is_preflight(request: web.Request) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _cors(request: web.Request) -> dict[str, str]:
    """What lets a page of any origin read the answer, as with the hosted service."""
    answer = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": EXPOSED,
        "Timing-Allow-Origin": "*",
    }
    if _is_preflight(request):
        wanted = request.headers.get("Access-Control-Request-Headers", "")
        answer |= {
            "Access-Control-Allow-Methods": request.headers["Access-Control-Request-Method"],
            "Access-Control-Allow-Headers": wanted,
            "Access-Control-Max-Age": "600",
        }
    return answer


def _blocked(request: web.Request, host: str, path: str) -> web.Response:
    message = (
        f"{request.method} {path} was for {host}; it is redirected, and the server of this machine "
        f"has no such path. Nothing was sent to {host}."
    )
    return _error(BLOCKED, message, "not_redirected")


def _unreachable(request: web.Request, error: Exception) -> web.Response:
    message = f"{request.method} was redirected, and the server there does not answer: {error}"
    return _error(UNREACHABLE, message, "redirect_unanswered")


def _error(status: int, message: str, code: str) -> web.Response:
    error = {"message": message, "type": "invalid_request_error", "code": code, "param": None}
    return web.json_response({"error": error}, status=status)
