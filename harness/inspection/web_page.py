"""Web page of an inspection: served to this machine alone, to whoever has its address.

Whoever can type here acts in a browser of the user's, reads their files by name, and sees what the
page under test does. So the address has a secret in it; names that were made to resolve to this
machine are refused (DNS rebinding), and so are sockets that another page opens.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler

from harness.errors import HarnessError
from harness.inspection.web_view import LONGEST_LINE, WebView
from harness.resources import web_dir

HOST = "127.0.0.1"
TOKEN_BYTES = 24
FILES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}
BESIDE_REPORT = frozenset({".html", ".wav", ".flac", ".png", ".txt"})
HEARTBEAT_S = 20.0
ENDS_WITHIN_S = 5.0
TOLD_WITHIN_S = 1.0
MOST_BYTES = 4 * LONGEST_LINE

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
REPORT_POLICY = "sandbox allow-scripts allow-downloads"
"""The report has what the page under test said: it gets nothing of the page that steers."""


class WebPage:
    """The address of an inspection's page, and what is served there; made by `open_web_page`."""

    def __init__(self, view: WebView, port: int, token: str) -> None:
        self.url = f"http://{HOST}:{port}/{token}/"
        """With the secret: whoever has it may steer."""

        self._view = view
        self._telling: set[asyncio.Task[None]] = set()
        self._open = 0
        self._left = asyncio.Event()
        self._host = f"{HOST}:{port}"
        self._token = token
        self._policy = (
            f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            f"connect-src ws://{self._host}; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'"
        )

    @property
    def is_open(self) -> bool:
        """Whether somebody has it open."""
        return self._open > 0

    async def all_left(self) -> None:
        """Come back when nobody has it open any more."""
        while self._open:
            self._left.clear()
            await self._left.wait()

    async def told(self) -> None:
        """Come back when everybody knows how it ended, or is too slow for it."""
        if self._view.end is not None and self._telling:
            await asyncio.wait(self._telling, timeout=TOLD_WITHIN_S)

    def app(self) -> web.Application:
        """What answers."""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get("/{token}/", self._index)
        app.router.add_get("/{token}/socket", self._socket)
        app.router.add_get(r"/{token}/report/{name}", self._report)
        app.router.add_get(r"/{token}/{name:[\w-]+\.\w+}", self._file)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.match_info.get("token", "").encode("utf-8", "surrogatepass")
        if request.headers.getall("Host", []) != [self._host]:
            raise web.HTTPForbidden(text="This page has one name.")
        if not secrets.compare_digest(given, self._token.encode()):
            raise web.HTTPNotFound
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
            response.headers.setdefault("Content-Security-Policy", self._policy)
        return response

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return self._shipped("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return self._shipped(request.match_info["name"])

    def _shipped(self, name: str) -> web.StreamResponse:
        path = web_dir() / "inspect" / name
        if path.suffix not in FILES or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(
            path, headers={"Content-Type": f"{FILES[path.suffix]}; charset=utf-8"}
        )

    async def _report(self, request: web.Request) -> web.StreamResponse:
        """The report, or a file of its folder that it refers to, once there is one."""
        end, name = self._view.end, request.match_info["name"]
        report = None if end is None else end.report
        if report is None or Path(name).suffix not in BESIDE_REPORT or name != Path(name).name:
            raise web.HTTPNotFound
        path = report.parent / name
        if not path.is_file() or path.is_symlink() or (path.suffix == ".html" and path != report):
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Security-Policy": REPORT_POLICY})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if request.headers.getall("Origin", []) != [f"http://{self._host}"]:
            raise web.HTTPForbidden(text="Only the inspection's own page may look and type.")
        connection = web.WebSocketResponse(
            heartbeat=HEARTBEAT_S, max_msg_size=MOST_BYTES, timeout=ENDS_WITHIN_S
        )
        await connection.prepare(request)
        telling = asyncio.create_task(self._tell(connection), name="inspection page")
        self._telling.add(telling)
        self._open += 1
        try:
            async for message in connection:
                if message.type is WSMsgType.TEXT:
                    try:
                        self._view.type(message.data)
                    except HarnessError as error:
                        self._view.line(str(error).replace("\n", " "), "problem")
        finally:
            self._open -= 1
            self._left.set()
            self._telling.discard(telling)
            telling.cancel()
            await asyncio.wait([telling])
        return connection

    async def _tell(self, connection: web.WebSocketResponse) -> None:
        with suppress(ConnectionError, RuntimeError):  # its tab is closed: nobody to tell
            async for message in self._view.messages():
                await connection.send_json(message)


@asynccontextmanager
async def open_web_page(view: WebView) -> AsyncIterator[WebPage]:
    """Serve the page for the length of the block, at an address that nobody can guess."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.bind((HOST, 0))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    page = WebPage(view, int(listening.getsockname()[1]), token)
    runner = web.AppRunner(page.app(), access_log=None, shutdown_timeout=ENDS_WITHIN_S)
    try:
        await runner.setup()
        await web.SockSite(runner, listening).start()
        yield page
    finally:
        await page.told()
        await runner.cleanup()
        listening.close()
