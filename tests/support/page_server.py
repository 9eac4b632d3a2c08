"""Small pages for browser tests, served on this machine under two host names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

PAGES = Path(__file__).parents[1] / "browser" / "pages"


@dataclass(frozen=True)
class PageServer:
    """Small pages on two origins; cross-origin frames are of different sites."""

    port: int

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path}"


async def serve_page(request: web.Request) -> web.StreamResponse:
    """A file of the folder, with the Content-Security-Policy that ``?csp=`` asks for."""
    response = web.Response(
        text=(PAGES / request.match_info["name"]).read_text(encoding="utf-8"),
        content_type="text/html",
    )
    if policy := request.query.get("csp"):
        response.headers["Content-Security-Policy"] = policy
    return response


def page_app() -> web.Application:
    """Serves every file of tests/browser/pages."""
    app = web.Application()
    app.router.add_get("/{name:[a-z_]+\\.html}", serve_page)
    return app
