"""The web page of an inspection: who may open it, what it gives, and what it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from harness.inspection.board import Board
from harness.inspection.web_page import WebPage, open_web_page
from harness.inspection.web_view import WebEnd, WebView

SOON_S = 5


@pytest.fixture
def view() -> WebView:
    return WebView()


@pytest.fixture
async def page(view: WebView) -> AsyncIterator[WebPage]:
    async with open_web_page(view) as opened:
        yield opened


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def origin_of(page: WebPage) -> dict[str, str]:
    return {"Origin": page.url.rpartition("/")[0].rpartition("/")[0]}


async def test_it_is_on_this_machine_alone_and_each_has_a_secret_of_its_own(page: WebPage) -> None:
    parts = urlsplit(page.url)
    assert parts.hostname == "127.0.0.1"
    assert len(parts.path) > 30
    async with open_web_page(WebView()) as other:
        assert urlsplit(other.url).path != parts.path


async def test_what_it_gives_runs_nothing_but_its_own_scripts(
    page: WebPage, client: aiohttp.ClientSession
) -> None:
    async with client.get(page.url) as response:
        text, policy = await response.text(), response.headers["Content-Security-Policy"]
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
    assert "<h1>Inspection</h1>" in text
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    for name in ("main.js", "view.js", "style.css", "icon.svg"):
        async with client.get(page.url + name) as response:
            assert response.status == 200, name


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("", {"Host": "evil.test"}, 403),
        ("", {"Host": "localhost:1"}, 403),
        ("main.js", {"Host": "evil.test"}, 403),
        ("nothing.js", {}, 404),
        ("..%2f..%2fpyproject.toml", {}, 404),
        ("report/report.html", {}, 404),
        ("socket", {}, 403),
        ("socket", {"Origin": "https://evil.test"}, 403),
        ("socket", {"Origin": "null"}, 403),
    ],
)
async def test_others_are_refused(
    page: WebPage,
    client: aiohttp.ClientSession,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    async with client.get(page.url + path, headers=headers) as response:
        assert response.status == status


@pytest.mark.parametrize("path", ["", "wrong/", "wrong/main.js", "wrong/socket"])
async def test_without_the_secret_there_is_nothing(
    page: WebPage, client: aiohttp.ClientSession, path: str
) -> None:
    home = origin_of(page)["Origin"]
    async with client.get(f"{home}/{path}", headers={"Origin": home}) as response:
        assert response.status == 404
        assert "nspect" not in await response.text()


async def test_what_is_typed_arrives_and_what_is_told_is_seen(
    page: WebPage, view: WebView, client: aiohttp.ClientSession
) -> None:
    view.refresh(Board())
    async with client.ws_connect(page.url + "socket", headers=origin_of(page)) as socket:
        first = await socket.receive_json(timeout=SOON_S)
        assert first["board"]["state"] == ["microphone not asked for"]
        assert page.is_open
        await socket.send_str('say "Hello."')
        typed = view.typed()
        async with asyncio.timeout(SOON_S):
            assert await anext(typed) == 'say "Hello."'
        await socket.send_str("two\nlines")
        told = await socket.receive_json(timeout=SOON_S)
        assert told["lines"][0]["kind"] == "problem"
        assert "no command" in told["lines"][0]["text"]
    async with asyncio.timeout(SOON_S):
        await page.all_left()
    assert view.end is None, "a tab that closes ends nothing"


async def test_the_end_is_told_before_the_page_goes(client: aiohttp.ClientSession) -> None:
    view = WebView()
    async with open_web_page(view) as page:
        socket = await client.ws_connect(page.url + "socket", headers=origin_of(page))
        await socket.receive_json(timeout=SOON_S)
        view.finish(WebEnd("Nothing is wrong."))
    told = await socket.receive_json(timeout=SOON_S)
    assert told["end"]["outcome"] == "Nothing is wrong."
    await socket.close()


async def test_the_report_is_there_at_the_end_and_cannot_steer(
    page: WebPage, view: WebView, client: aiohttp.ClientSession, tmp_path: Path
) -> None:
    for name in ("report.html", "call.wav", "trace.jsonl", "other.html"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "link.png").symlink_to("/etc/hostname")
    view.finish(WebEnd("1 finding", (), tmp_path / "report.html"))
    async with client.get(page.url + "report/report.html") as response:
        assert await response.text() == "report.html"
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox allow-scripts")
        assert "same-origin" not in policy
    async with client.get(page.url + "report/call.wav") as response:
        assert response.status == 200
    for name in ("trace.jsonl", "other.html", "link.png", "..%2freport.html", "gone.png"):
        async with client.get(page.url + "report/" + name) as response:
            assert response.status == 404, name
