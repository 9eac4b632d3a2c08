"""The HTTP retriever, against servers good and bad."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from harness.context.errors import KnowledgeError
from harness.context.knowledge.http import HttpRetriever
from harness.context.knowledge.passages import Passage


@asynccontextmanager
async def serving(answer: object) -> AsyncIterator[str]:
    asked: list[object] = []

    async def find(request: web.Request) -> web.StreamResponse:
        asked.append(await request.json())
        if answer == "nothing":
            await asyncio.Event().wait()
        if isinstance(answer, bytes):
            return web.Response(body=answer)
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.json_response(answer)

    app = web.Application()
    app.router.add_post("/find", find)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/find"))
    assert asked == [{"query": "soup", "k": 2}]


async def test_what_the_server_finds_is_given() -> None:
    found = [{"text": "Hot.", "source": "menu", "score": 0.5}, {"text": "Cold.", "source": "x"}]
    async with serving({"passages": found, "more": 1}) as url:
        assert await HttpRetriever(url).retrieve("soup", 2) == [
            Passage("Hot.", "menu", 0.5),
            Passage("Cold.", "x", 0.0),
        ]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (503, "status 503"),
        (b"<html>", "Invalid JSON"),
        ({"passages": [{"text": 1}]}, "passages.0"),
        (b" " * 2_000_001, "more than 2000000 bytes"),
        ("nothing", "TimeoutError"),
    ],
)
async def test_anything_else_is_a_named_error(answer: object, said: str) -> None:
    within_s = 0.3 if answer == "nothing" else 20
    async with serving(answer) as url:
        with pytest.raises(KnowledgeError) as caught:
            await HttpRetriever(url, within_s=within_s).retrieve("soup", 2)
    assert said in str(caught.value)


async def test_nobody_there_is_a_named_error() -> None:
    with pytest.raises(KnowledgeError, match="gave no passages"):
        await HttpRetriever("http://127.0.0.1:9/find").retrieve("soup", 2)
