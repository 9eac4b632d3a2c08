"""The page and its secret, for its own origin alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from harness.server.routes.page import page_app
from tests.support.local_server import LocalServer, local_server


def origin_of(server: LocalServer) -> str:
    return str(server.client.make_url("/")).rstrip("/")


async def test_the_page_gets_a_secret_that_begins_calls() -> None:
    """And the address that takes its offer."""
    async with local_server() as server:
        headers = {"Origin": origin_of(server)}
        async with server.client.post("/session", headers=headers) as answer:
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "no-store"
            session = await answer.json()
        assert session["client_secret"].startswith("ek_")
        assert session["calls_url"] == f"{origin_of(server)}/v1/realtime/calls"
        assert session["session"]["type"] == "realtime"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://evil.example", "Host": "evil.example"},
    ],
)
async def test_other_origins_get_nothing(headers: dict[str, str]) -> None:
    """Also not under a foreign name that leads to this machine."""
    async with local_server() as server, server.client.post("/session", headers=headers) as answer:
        assert answer.status == 403
        assert "client_secret" not in await answer.json()


async def test_the_page_is_served_with_its_modules(tmp_path: Path) -> None:
    """Files of the page's folder, with their types, and nothing above it."""
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (page / "main.js").write_text("export {}", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("private words", encoding="utf-8")
    (page / "link.txt").symlink_to(tmp_path / "secret.txt")

    async def mint(request: web.Request) -> dict[str, Any]:
        return {"client_secret": "ek_x"}

    async with TestClient(TestServer(page_app(mint, page), host="127.0.0.1")) as client:
        for path, kind in (("/", "text/html"), ("/main.js", "text/javascript")):
            async with client.get(path) as answer:
                assert (answer.status, answer.content_type) == (200, kind)
        for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/link.txt", "/none.js", "/x"):
            async with client.get(path) as answer:
                assert answer.status == 404
                assert "private words" not in await answer.text()
        async with client.get("/favicon.ico") as answer:
            assert answer.status == 204
