"""Server-sent events as an answer, and the moment when a client is gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeVar

from aiohttp import web

LOOK_EVERY_S = 0.25
"""How often a client that waits is looked at: is it still there?"""

Result = TypeVar("Result")


class ClientGone(Exception):
    """The client has closed its connection."""


async def while_there(request: web.Request, work: Awaitable[Result]) -> Result:
    """The result of some work; it is cancelled when the client goes.

    Raises:
        ClientGone: it did.
    """
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            if is_gone(request):
                raise ClientGone
            await asyncio.wait([task], timeout=LOOK_EVERY_S)
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def is_gone(request: web.Request) -> bool:
    """Whether the connection is closed."""
    return request.transport is None or request.transport.is_closing()


async def send_events(
    request: web.Request, events: AsyncIterator[dict[str, Any]], *, are_named: bool
) -> web.StreamResponse:
    """Answer with events as they come.

    Args:
        are_named: each has an ``event:`` line with its type.

    Raises:
        ClientGone: nobody reads any more.
    """
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
    )
    await response.prepare(request)
    try:
        await while_there(request, _send(response, events, are_named))
        await response.write_eof()
    except ConnectionError as error:
        raise ClientGone from error
    return response


async def _send(
    response: web.StreamResponse, events: AsyncIterator[dict[str, Any]], are_named: bool
) -> None:
    async for event in events:
        name = f"event: {event['type']}\n" if are_named else ""
        data = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        await response.write(f"{name}data: {data}\n\n".encode())
