"""ChatKit's REST API, asked by the official client as it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from openai import AsyncOpenAI, BadRequestError, NotFoundError

from harness.context.threads.database import ThreadDatabase
from tests.support.local_server import API_KEY, WITH_KEY, LocalServer, local_server
from tests.support.thread_rows import CALL_ROW, asked_row, item_row, said_row, thread_row


@asynccontextmanager
async def asked() -> AsyncIterator[tuple[AsyncOpenAI, LocalServer]]:
    async with (
        local_server() as server,
        AsyncOpenAI(
            base_url=str(server.client.make_url("/v1")), api_key=API_KEY, max_retries=0
        ) as client,
    ):
        yield client, server


async def test_a_session_is_made_and_cancelled() -> None:
    async with asked() as (client, _):
        chatkit = client.beta.chatkit
        session = await chatkit.sessions.create(
            user="kim",
            workflow={"id": "wf_1", "state_variables": {"table": 7}},
            expires_after={"anchor": "created_at", "seconds": 60},
        )
        assert (session.status, session.user) == ("active", "kim")
        assert session.client_secret.startswith("ek_")
        assert session.workflow.state_variables == {"table": 7}
        assert session.chatkit_configuration.file_upload.max_files == 10
        assert (await chatkit.sessions.cancel(session.id)).status == "cancelled"
        with pytest.raises(NotFoundError):
            await chatkit.sessions.cancel("cksess_0")
        with pytest.raises(BadRequestError) as caught:
            await chatkit.sessions.create(user="", workflow={"id": "wf_1"})
        assert caught.value.param == "user"


async def test_threads_are_listed_shown_and_deleted() -> None:
    async with asked() as (client, server):
        threads, kept = client.beta.chatkit.threads, server.state.chat.threads
        for number in range(3):
            row = thread_row(f"thr_{number}", title=f"Number {number}")
            await kept.ask(ThreadDatabase.save_thread, "kim" if number else "eve", row)
        for row in (asked_row(), CALL_ROW, said_row(), item_row("w", "widget", widget={})):
            await kept.ask(ThreadDatabase.save_item, "thr_1", row)
        assert [one.id async for one in threads.list(limit=1)] == ["thr_2", "thr_1", "thr_0"]
        assert [one.id async for one in threads.list(user="eve")] == ["thr_0"]
        shown = await threads.retrieve("thr_1")
        assert (shown.title, shown.user, shown.status.type) == ("Number 1", "kim", "active")
        items = [one async for one in threads.list_items("thr_1", limit=2, order="asc")]
        assert [one.type for one in items] == [
            "chatkit.user_message",
            "chatkit.client_tool_call",
            "chatkit.assistant_message",
            "chatkit.widget",
        ]
        assert (await threads.delete("thr_1")).deleted
        with pytest.raises(NotFoundError):
            await threads.retrieve("thr_1")


async def test_the_key_and_the_beta_are_asked_for() -> None:
    async with local_server() as server:
        path = "/v1/chatkit/threads"
        async with server.client.get(path, headers=WITH_KEY) as answer:
            assert (await answer.json())["error"]["code"] == "invalid_beta"
            assert answer.status == 400
        async with server.client.get(path, headers={"OpenAI-Beta": "chatkit_beta=v1"}) as answer:
            assert answer.status == 401
        both = {**WITH_KEY, "OpenAI-Beta": "chatkit_beta=v1"}
        async with server.client.get(path + "?limit=x", headers=both) as answer:
            assert (await answer.json())["error"]["param"] == "limit"
