"""Server-sent events, and clients that go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from harness.server.http.event_stream import ClientGone, send_events, while_there
from tests.support.small_server import serve


async def events() -> AsyncIterator[dict[str, Any]]:
    yield {"type": "a", "text": "é\n"}
    yield {"type": "b"}


@pytest.mark.parametrize("are_named", [True, False])
async def test_events_are_lines(are_named: bool) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        return await send_events(request, events(), are_named=are_named)

    async with (
        serve({("GET", "/"): handler}) as url,
        aiohttp.ClientSession() as client,
        client.get(url) as answer,
    ):
        assert answer.content_type == "text/event-stream"
        text = await answer.text()
    names = ["event: a\n", "event: b\n"] if are_named else ["", ""]
    assert (
        text
        == f'{names[0]}data: {{"type":"a","text":"é\\n"}}\n\n{names[1]}data: {{"type":"b"}}\n\n'
    )


async def test_work_ends_when_its_client_goes() -> None:
    began, ended, said = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def forever() -> None:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def handler(request: web.Request) -> web.Response:
        try:
            await while_there(request, forever())
        except ClientGone:
            said.set()
            raise
        return web.Response()

    async with serve({("GET", "/"): handler}) as url, aiohttp.ClientSession() as client:

        async def ask() -> None:
            await client.get(url)

        asking = asyncio.create_task(ask())
        await began.wait()
        asking.cancel()
        await ended.wait()
        await said.wait()
