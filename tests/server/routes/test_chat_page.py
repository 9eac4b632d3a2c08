"""The chat page's own routes: its key, and calls that have its thread."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any

import pytest

from harness.context.attachments import MOST_BYTES
from harness.context.definition import ContextDefinition, ContextTool
from harness.context.errors import ContextInUse
from harness.context.threads.contexts import Contexts
from harness.context.threads.database import ThreadDatabase
from harness.realtime.server.assistants.script import Script
from harness.server.assistants.choice import Assistants
from harness.server.chatkit.desk import DESK, begin_contexts
from harness.server.chatkit.visitor import LOCAL_USER
from harness.server.routes.chat_page import CALLS_PATH
from tests.server.routes.test_calls import offer_of
from tests.support.local_server import WITH_KEY, LocalServer, call_to, local_server
from tests.support.waiting import until

HAS_PACKAGE = pytest.mark.skipif(
    find_spec("chatkit") is None,
    reason="NOT RUN: the extra “chatkit” is not installed",
)
WAITER = Script.model_validate(
    {
        "rules": [
            {"when": {"words": ["know"], "known": "name is Kim"}, "say": "You are Kim."},
            {"when": {"words": ["open"]}, "call": {"name": "opening_hours"}},
            {"when": {"tool": "opening_hours"}, "say": "From nine to five."},
            {"when": {"action": "order", "result": "soup"}, "say": "One soup."},
            {"say": "Hello."},
        ]
    }
)


@asynccontextmanager
async def waiter() -> AsyncIterator[tuple[LocalServer, dict[str, str]]]:
    """A server, and the headers of a page of it."""
    async with local_server(has_real_sessions=True, assistants=Assistants(script=WAITER)) as server:
        origin = str(server.client.make_url("/")).rstrip("/")
        path = "/harness/chatkit/session"
        async with server.client.post(path, headers={"Origin": origin}) as answer:
            assert answer.status == 200
            secret = (await answer.json())["client_secret"]
        yield server, {"Authorization": f"Bearer {secret}"}


async def write(
    server: LocalServer, page: dict[str, str], text: str, thread_id: str | None = None
) -> list[dict[str, Any]]:
    """Write into a thread, or a new one; the events of the answer."""
    content = [{"type": "input_text", "text": text}]
    params: dict[str, Any] = {
        "input": {"content": content, "attachments": [], "inference_options": {}}
    }
    kind = "threads.create"
    if thread_id is not None:
        kind, params["thread_id"] = "threads.add_user_message", thread_id
    body = {"type": kind, "params": params}
    async with server.client.post("/chatkit", json=body, headers=page) as answer:
        assert answer.status == 200, await answer.text()
        return events_in(await answer.text())


def events_in(text: str) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]


async def items_of(server: LocalServer, thread_id: str) -> list[tuple[str, str]]:
    """Who, and what, in a thread."""
    rows = await server.state.chat.threads.all_items(thread_id)
    return [(row["type"], row["content"][0]["text"]) for row in rows]


@HAS_PACKAGE
async def test_what_is_written_reaches_the_call_and_what_is_said_the_thread() -> None:
    """What was written before it is known there; the next call knows what was said in it."""
    async with waiter() as (server, page):
        thread_id = (await write(server, page, "My name is Kim."))[0]["thread"]["id"]
        path = f"{CALLS_PATH}?thread={thread_id}"
        async with call_to(server, headers=page, path=path) as caller:
            await caller.event("conversation.item.added")
            written = await write(server, page, "Do you know me?", thread_id)
            kinds = [event["type"] for event in written]
            assert "thread.item.added" not in kinds, "the call answers, not the chat"
            done = await caller.event("response.output_audio_transcript.done")
            assert done["transcript"] == "You are Kim."
            await until(lambda: "output_audio_buffer.stopped" in str(caller.events()))
            call_path = f"{CALLS_PATH}/{caller.call_id}/events"
            follow = await server.client.get(call_path, headers=page)
            assert follow.content_type == "text/event-stream"
        told = events_in(await follow.text())
        assert told[0]["type"] == "thread.updated"
        assert told[0]["thread"]["id"] == thread_id
        assert [(one["type"], one["item"]["content"][0]["text"]) for one in told[1:]] == [
            ("thread.item.done", "You are Kim.")
        ]
        assert (await items_of(server, thread_id))[2:] == [
            ("user_message", "Do you know me?"),
            ("assistant_message", "You are Kim."),
        ]
        async with call_to(server, headers=page, path=path) as caller:
            await until(lambda: "You are Kim." in str(caller.events()))


async def test_a_call_without_a_thread_begins_one() -> None:
    async with waiter() as (server, page):
        async with call_to(server, headers=page, path=CALLS_PATH) as caller:
            await caller.event("session.created")
            call_path = f"{CALLS_PATH}/{caller.call_id}/events"
            follow = await server.client.get(call_path, headers=page)
        thread = events_in(await follow.text())[0]["thread"]
        assert thread["status"] == {"type": "active"}
        assert thread["items"] == {"data": [], "has_more": False}
        found = await server.state.chat.threads.all_threads(LOCAL_USER)
        assert [row["id"] for row in found] == [thread["id"]]


async def test_a_call_that_fails_leaves_no_thread_behind() -> None:
    """One that is refused, and one whose connection never comes up."""
    async with waiter() as (server, page):
        sdp = {**page, "Content-Type": "application/sdp"}
        async with server.client.post(CALLS_PATH, data="v=0", headers=sdp) as answer:
            assert answer.status >= 400
        threads = server.state.chat.threads
        assert await threads.all_threads(LOCAL_USER) == []
        offer = await offer_of()
        async with server.client.post(CALLS_PATH, data=offer, headers=sdp) as answer:
            assert answer.status == 201
        assert len(await threads.all_threads(LOCAL_USER)) == 1
        await server.state.calls.end_all("nobody came")
        await until(lambda: not server.state.chat.spoken)
        assert await threads.all_threads(LOCAL_USER) == []


async def test_threads_that_are_not_to_be_had_begin_no_call() -> None:
    """Unknown, another user's, locked; or in another call. Each is told apart, and why."""
    async with waiter() as (server, page):
        threads = server.client.app[DESK].threads if server.client.app else None
        assert threads is not None

        def thread(name: str, **status: str) -> dict[str, Any]:
            return {"id": name, "created_at": "2026-01-01T00:00:00+00:00", "status": status}

        await threads.ask(ThreadDatabase.save_thread, "eve", thread("thr_a", type="active"))
        await threads.ask(
            ThreadDatabase.save_thread,
            LOCAL_USER,
            thread("thr_b", type="locked", reason="stocktaking"),
        )
        await threads.ask(ThreadDatabase.save_thread, LOCAL_USER, thread("thr_c", type="active"))
        sdp = {**page, "Content-Type": "application/sdp"}
        async with call_to(server, headers=page, path=f"{CALLS_PATH}?thread=thr_c"):
            for name, status, words in (
                ("thr_none", 404, "thr_none"),
                ("thr_a", 404, "thr_a"),
                ("thr_b", 409, "stocktaking"),
                ("thr_c", 409, "Another call"),
            ):
                url = f"{CALLS_PATH}?thread={name}"
                async with server.client.post(url, data="v=0", headers=sdp) as answer:
                    assert answer.status == status
                    assert words in (await answer.json())["error"]["message"]


@HAS_PACKAGE
@pytest.mark.parametrize("query", ["", "?thread="])
async def test_a_call_without_a_thread_makes_one(query: str) -> None:
    path = f"{CALLS_PATH}{query}"
    async with waiter() as (server, page), call_to(server, headers=page, path=path):
        (thread_id,) = server.state.chat.spoken
        threads = server.state.chat.threads
        assert await threads.ask(ThreadDatabase.thread, thread_id) is not None


async def test_a_page_is_told_what_it_may_upload() -> None:
    async with local_server() as server:
        origin = str(server.client.make_url("/")).rstrip("/")
        path = "/harness/chatkit/session"
        async with server.client.post(path, headers={"Origin": origin}) as answer:
            uploads = (await answer.json())["uploads"]
    assert uploads == {"most_bytes": MOST_BYTES, "most_files": 10}


@HAS_PACKAGE
async def test_an_action_in_a_call_is_answered_there() -> None:
    async with waiter() as (server, page):
        thread_id = (await write(server, page, "Hello?"))[0]["thread"]["id"]
        path = f"{CALLS_PATH}?thread={thread_id}"
        async with call_to(server, headers=page, path=path) as caller:
            await caller.event("conversation.item.added")
            action = {"type": "order", "payload": {"dish": "soup"}}
            params = {"thread_id": thread_id, "action": action}
            body = {"type": "threads.custom_action", "params": params}
            async with server.client.post("/chatkit", json=body, headers=page) as answer:
                assert "assistant_message" not in await answer.text()
            done = await caller.event("response.output_audio_transcript.done")
            assert done["transcript"] == "One soup."


async def test_only_a_page_of_the_server_gets_its_key() -> None:
    """And nobody without one a call, or what is said in it."""
    async with local_server() as server:
        headers = {"Origin": "http://evil.example"}
        async with server.client.post("/harness/chatkit/session", headers=headers) as answer:
            assert answer.status == 403
        async with server.client.post(CALLS_PATH, data="v=0") as answer:
            assert answer.status == 401
        async with server.client.get(f"{CALLS_PATH}/rtc_u0_x/events") as answer:
            assert answer.status == 401
        async with server.client.get(f"{CALLS_PATH}/rtc_u0_x/events", headers=WITH_KEY) as answer:
            assert answer.status == 404


async def test_the_page_is_there() -> None:
    async with local_server() as server, server.client.get("/chat") as answer:
        assert answer.content_type == "text/html"
        # What a widget names elsewhere is not loaded.
        assert answer.headers["Content-Security-Policy"] == "img-src 'self' data:"
        assert "<title>Chat</title>" in await answer.text()


def opening_hours() -> str:
    """When we are open."""
    return "nine to five"


HOURS = ContextTool(python=f"{__name__}:opening_hours")
ORDER = ContextTool(name="order")
SHOP = ContextDefinition(
    name="shop", owner="user", instructions="Sell shoes.", tools=[HOURS, ORDER]
)


@pytest.mark.parametrize("is_named", [True, False])
async def test_a_contexts_tools_are_at_work_where_the_server_was_told_of_it(is_named: bool) -> None:
    """What waits for somebody's hand is not offered, and nobody else has the context meanwhile."""
    async with waiter() as (server, page):
        desk = server.state.chat
        contexts = Contexts(threads=desk.threads)
        desk.contexts = {"shop": SHOP}
        await begin_contexts(desk)
        if not is_named:
            desk.contexts = {}
        kept = await contexts.load("shop", LOCAL_USER)
        path = f"{CALLS_PATH}?thread={kept.id}"
        async with call_to(server, headers=page, path=path) as caller:
            updated = await caller.event("session.updated")
            assert updated["session"]["instructions"].endswith("Sell shoes.")
            offered = [tool["name"] for tool in updated["session"].get("tools") or ()]
            assert offered == (["opening_hours"] if is_named else [])
            assert (await contexts.load("shop", LOCAL_USER)).calls == 1
            with pytest.raises(ContextInUse):
                await contexts.begin_call(kept, "a run")
        await until(lambda: not desk.spoken)
        await contexts.begin_call(kept, "a run")
        status, _ = await refused(server, page, path)
        assert status == 409


@HAS_PACKAGE
async def test_a_written_answer_uses_the_contexts_tools() -> None:
    async with waiter() as (server, page):
        desk = server.state.chat
        desk.contexts = {"shop": SHOP}
        await begin_contexts(desk)
        kept = await Contexts(threads=desk.threads).load("shop", LOCAL_USER)
        events = await write(server, page, "When are you open?", kept.id)
        done = [one["item"] for one in events if one["type"] == "thread.item.done"]
        assert [one.get("output") for one in done[1:]] == ["nine to five", None]
        assert done[-1]["content"][0]["text"] == "From nine to five."


async def test_a_damaged_context_is_refused_by_name() -> None:
    async with waiter() as (server, page):
        desk = server.state.chat
        row = {**THREAD_OF_NOBODY, "metadata": {"context": {"definition": 1}}}
        await desk.threads.ask(ThreadDatabase.save_thread, LOCAL_USER, row)
        status, message = await refused(server, page, f"{CALLS_PATH}?thread={row['id']}")
        assert status == 409
        assert "cannot be read" in message


THREAD_OF_NOBODY = {
    "id": "thr_half",
    "created_at": "2026-01-01T00:00:00+00:00",
    "status": {"type": "active"},
}


async def refused(server: LocalServer, page: dict[str, str], path: str) -> tuple[int, str]:
    """The status of a call that is not had, and why."""
    headers = {**page, "Content-Type": "application/sdp"}
    offer = await offer_of()
    async with server.client.post(path, data=offer, headers=headers) as answer:
        return answer.status, (await answer.json())["error"]["message"]
