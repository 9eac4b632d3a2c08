"""The pages with known faults, and the healthy ones."""

from __future__ import annotations

from aiohttp import ClientSession

from harness.bench.findings_pages import page_cases, served_pages
from harness.client.server_api import ServerAddress
from harness.resources import fixtures_dir

PAGES = fixtures_dir() / "pages"


class NoServer:
    """Nobody calls it here."""

    url = "http://127.0.0.1:9"
    api_key = "sk-nobody-has-this"


def test_each_folder_is_told_of_and_each_page_is_there() -> None:
    cases = page_cases()
    planted = {case.name for case in cases if case.finds}
    assert planted == {path.name for path in (PAGES / "planted").iterdir() if path.is_dir()}
    assert all((PAGES / case.path / "index.html").is_file() for case in cases)


def test_there_are_enough_of_both() -> None:
    cases = page_cases()
    assert sum(bool(case.finds) for case in cases) >= 30
    assert sum(not case.finds for case in cases) >= 10
    assert len({name for case in cases for name in case.finds}) >= 30


async def test_pages_are_served_and_nothing_beside_them() -> None:
    server: ServerAddress = NoServer()
    async with served_pages(server) as address, ClientSession() as http:
        async with http.get(f"{address}planted/element-muted/") as answer:
            assert "ordinary-call.js" in await answer.text()
        async with http.get(f"{address}ordinary-call.js") as answer:
            assert answer.content_type in ("text/javascript", "application/javascript")
        async with http.get(f"{address}turn") as answer:
            assert (await answer.json())["urls"].startswith("turn:127.0.0.1:")
        for path in ("nowhere/", "%2e%2e/%2e%2e/pyproject.toml"):
            async with http.get(f"{address}{path}") as answer:
                assert answer.status == 404
