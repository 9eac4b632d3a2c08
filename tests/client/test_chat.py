"""The ChatKit client against the server of this package, and against broken ones."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

pytest.importorskip("chatkit", reason="NOT RUN: the extra “chatkit” is not installed")

from harness.client.chat import ChatClient
from harness.errors import ServerRefused, ServerUnreachable
from harness.realtime.server.assistants.script import Script
from harness.server.assistants.choice import Assistants
from tests.support.local_server import API_KEY, LocalServer, local_server
from tests.support.small_server import serve
from tests.support.thread_rows import said_row, thread_row
from tests.support.written_assistants import Held

CARD = {"type": "Card", "children": [{"type": "Text", "value": "Two"}]}
SCRIPT = Script.model_validate(
    {
        "rules": [
            {"when": {"words": ["card"]}, "say": "Here.", "widget": CARD},
            {"when": {"words": ["table"]}, "call": {"name": "book"}},
            {"when": {"tool": "book"}, "say": "Booked."},
            {"when": {"action": "grow"}, "widget": {**CARD, "size": "lg"}},
            {"when": {"action": "more"}, "say": "More."},
        ]
    }
)


@asynccontextmanager
async def chatting() -> AsyncIterator[tuple[ChatClient, LocalServer]]:
    async with (
        local_server(assistants=Assistants(script=SCRIPT)) as server,
        ChatClient(str(server.client.make_url("/chatkit")), API_KEY) as chat,
    ):
        yield chat, server


async def test_a_conversation_with_a_tool_a_widget_and_an_action() -> None:
    async with chatting() as (chat, _):
        turn = chat.start("The card, please.")
        asked, said, card = await turn.collect()
        assert (asked.text, said.text, card.type) == ("The card, please.", "Here.", "widget")
        thread_id = turn.thread_id
        assert thread_id is not None
        (more,) = await chat.press(thread_id, "more", {"n": 1}, item_id=card.id).collect()
        assert more.text == "More."
        grown = await chat.press_quietly(thread_id, "grow", item_id=card.id)
        assert grown is not None
        assert grown.data["widget"]["size"] == "lg"
        _, call = await chat.say(thread_id, "A table.", quoted="Two").collect()
        assert call.data["name"] == "book"
        (booked,) = await chat.give_result(thread_id, None).collect()
        assert booked.text == "Booked."
        again = await chat.retry(thread_id, asked.id).collect()
        assert [item.type for item in again] == ["assistant_message", "widget"]
        await chat.like(thread_id, [again[0].id])
        await chat.rename(thread_id, "Tables")
        (thread,) = await chat.threads()
        assert thread["title"] == (await chat.thread(thread_id))["title"] == "Tables"
        assert [item.id for item in await chat.items(thread_id, asked.id)] == [
            item.id for item in again
        ]
        await chat.delete(thread_id)
        with pytest.raises(ServerRefused) as caught:
            await chat.thread(thread_id)
        assert caught.value.status == 404


async def test_a_file_goes_along() -> None:
    async with chatting() as (chat, _):
        name = await chat.attach("menu.txt", b"Soup", "text/plain")
        asked, *_ = await chat.start("See.", attachments=[name]).collect()
        assert asked.data["attachments"][0]["name"] == "menu.txt"
        await chat.detach(name)
        with pytest.raises(ServerRefused):
            await chat.detach(name)


async def test_leaving_a_turn_cancels_it() -> None:
    held = Held()
    async with chatting() as (chat, server):
        server.state.assistants._own, server.state.assistants.name = held, "own"
        async with chat.start("Think.") as turn:
            async for event in turn:
                update = event.data.get("update", {})
                if update.get("type", "").endswith("text_delta"):
                    break
        await held.ended.wait()


def line(**event: Any) -> bytes:
    return f"data: {json.dumps(event)}\n\n".encode()


async def test_what_a_broken_connection_kept_back_is_read_afterwards() -> None:
    """Two items were told; the thread has a third, of a kind that nobody knows."""
    rows = [said_row(f"msg_{number}") for number in range(2)]
    unknown = {**said_row("new"), "type": "hologram"}

    async def endpoint(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        if body["type"] == "items.list":
            assert body["params"]["after"] == "msg_1"
            return web.json_response({"data": [unknown], "has_more": False})
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(line(type="thread.created", thread=thread_row()))
        for row in rows:
            await response.write(line(type="thread.item.done", item=row))
        assert request.transport is not None
        request.transport.close()
        return response

    async with serve({("POST", "/"): endpoint}) as url, ChatClient(url + "/") as chat:
        turn = chat.start("Hello.")
        events = [event async for event in turn]
        assert [event.is_recovered for event in events] == [False, False, False, True]
        assert list(turn.items) == ["msg_0", "msg_1", "new"]
        assert turn.is_broken
        with pytest.raises(ServerUnreachable, match="broke off"):
            await chat.start("Hello.").collect()


async def test_errors_say_what_was_refused() -> None:
    async def no(_: web.Request) -> web.Response:
        return web.json_response({"error": {"message": "Not today.", "code": "x"}}, status=403)

    async with serve({("POST", "/"): no}) as url, ChatClient(url + "/") as chat:
        with pytest.raises(ServerRefused, match="Not today") as caught:
            await chat.start("Hello.").collect()
        assert (caught.value.status, caught.value.code) == (403, "x")
    async with ChatClient(url + "/") as chat:
        for attempt in (chat.start("Hello.").collect(), chat.thread("thr_1")):
            with pytest.raises(ServerUnreachable):
                await attempt
