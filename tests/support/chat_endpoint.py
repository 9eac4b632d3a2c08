"""A chat endpoint that answers as told: streamed, refused, slow, broken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


def delta(**fields: Any) -> dict[str, Any]:
    """A chunk of a streamed answer."""
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "delta": fields, "finish_reason": None}],
    }


def end(reason: str = "stop") -> dict[str, Any]:
    chunk = delta()
    chunk["choices"][0]["finish_reason"] = reason
    return chunk


def tool(index: int, name: str | None = None, arguments: str = "") -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return delta(tool_calls=[{"index": index, "id": f"t{index}", "function": function}])


class ChatEndpoint:
    """Answers each request with the next of `answers`.

    A list is streamed: "hang" in it waits until the client has gone, "break off" cuts the
    connection, other strings are sent as they are. A number is an HTTP status; a mapping is sent
    whole, as JSON, and a string as a page.
    """

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[list[dict[str, Any] | str] | int | dict[str, Any] | str] = []
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.left = asyncio.Event()
        """A client went away while we were hanging."""

    async def respond(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        answer = self.answers.pop(0)
        if isinstance(answer, int):
            error = {"message": f"no: {self.keys[-1]} at {self.url}", "type": "x", "code": "y"}
            return web.json_response({"error": error}, status=answer)
        if isinstance(answer, dict):
            return web.json_response(answer)
        if isinstance(answer, str):
            return web.Response(text=answer, content_type="text/html")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for chunk in answer:
            if chunk == "hang":
                try:
                    await asyncio.Event().wait()
                finally:
                    self.left.set()
            if chunk == "break off":
                assert request.transport is not None
                request.transport.abort()
                return response
            data = chunk if isinstance(chunk, str) else f"data: {json.dumps(chunk)}\n\n"
            await response.write(data.encode())
        return response


DONE = "data: [DONE]\n\n"


@asynccontextmanager
async def chat_endpoint() -> AsyncIterator[ChatEndpoint]:
    endpoint = ChatEndpoint()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", endpoint.respond)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        endpoint.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        yield endpoint
    finally:
        await runner.cleanup()
