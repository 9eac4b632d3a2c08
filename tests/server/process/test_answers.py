"""A server that answers, one that is stuck, and none."""

from __future__ import annotations

import asyncio

from harness.server.process.answers import answers
from tests.support.small_server import html, serve


async def test_a_server_that_says_anything_answers() -> None:
    async with serve({("GET", "/"): html("x")}) as url:
        assert await answers(url)


async def test_one_that_is_stuck_and_one_that_is_gone_do_not() -> None:
    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await held.wait()
        writer.close()

    held = asyncio.Event()
    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    assert not await answers(url, within_s=0.05)
    held.set()
    server.close()
    await server.wait_closed()
    assert not await answers(url, within_s=0.05)
