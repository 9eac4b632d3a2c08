"""A model behind the Responses API that thinks in the background, on our own server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from openai import AsyncOpenAI

from harness.context.errors import ReasonerFailed
from harness.context.long_work import LongWork
from harness.context.thinking import responses
from harness.context.thinking.reasoner import thought_through
from harness.context.thinking.responses import ResponsesReasoner
from harness.realtime.server.assistants.script import Script
from harness.server.assistants.choice import Assistants
from harness.server.responses.run import ResponseRun
from tests.support.cut_line import CutLine, cut_line
from tests.support.local_server import API_KEY, local_server
from tests.support.waiting import until
from tests.support.written_assistants import Held

SCRIPT = Script.model_validate(
    {
        "rules": [
            {"when": {"words": ["slow"]}, "say": "At last.", "delay_ms": 600_000},
            {"when": {"words": ["silent"]}, "silent": True},
            {"when": {"words": ["wine"]}, "say": "Riesling.", "delay_ms": 200},
            {"say": "Nobody knows."},
        ]
    }
)


def wanted(server: Any, **fields: Any) -> ResponsesReasoner:
    url = str(server.client.make_url("/v1"))
    return ResponsesReasoner(LongWork(url=url, model="gpt-5.6", token_env="WINE_KEY", **fields))


async def test_it_is_asked_in_the_background_and_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINE_KEY", API_KEY)
    told: list[str] = []
    async with local_server(assistants=Assistants(script=SCRIPT)) as server:
        reasoner = wanted(server, instructions="Be brief.")
        question = {"question": "Which wine?"}
        assert await thought_through(reasoner, question, told.append, 20) == "Riesling."
    assert told == ["queued"] or told[-1] == "in_progress"


async def test_given_up_it_is_cancelled_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINE_KEY", API_KEY)
    told: list[str] = []
    async with local_server(assistants=Assistants(script=SCRIPT)) as server:
        reasoner = wanted(server)
        work = asyncio.create_task(
            thought_through(reasoner, {"question": "A slow one."}, told.append, 60)
        )
        await until(lambda: bool(told))
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work


@pytest.mark.parametrize(
    ("key", "question", "told"),
    [
        (API_KEY, "A silent one.", "no text"),
        ("sk-wrong-key-123", "Which wine?", "AuthenticationError"),
    ],
)
async def test_what_gives_no_answer_is_told(
    key: str, question: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINE_KEY", key)
    async with local_server(assistants=Assistants(script=SCRIPT)) as server:
        with pytest.raises(ReasonerFailed, match=told) as caught:
            await thought_through(wanted(server), {"question": question}, print, 20)
    assert key not in str(caught.value)


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> list[AsyncOpenAI]:
    """Those that ask."""
    made: list[AsyncOpenAI] = []
    make = responses._client

    def remembered(wanted: LongWork) -> AsyncOpenAI:
        made.append(make(wanted))
        return made[-1]

    monkeypatch.setattr(responses, "_client", remembered)
    return made


async def test_given_up_before_there_is_an_answer_the_client_is_closed(
    clients: list[AsyncOpenAI],
) -> None:
    asked, ended = asyncio.Event(), asyncio.Event()

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        asked.set()
        await ended.wait()
        writer.close()

    server = await asyncio.start_server(never_answer, "127.0.0.1")
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    reasoner = ResponsesReasoner(LongWork(url=url, model="gpt-5.6"))
    work = asyncio.create_task(thought_through(reasoner, {"question": "Why?"}, print, 60))
    await asked.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert [client.is_closed() for client in clients] == [True]
    ended.set()
    server.close()


AFTER = re.compile(r"starting_after=(\d+)")


@asynccontextmanager
async def behind_a_line(assistant: Any) -> AsyncIterator[tuple[CutLine, ResponsesReasoner]]:
    """A server's assistant that thinks, and a line there that can be cut."""
    async with local_server() as server:
        server.state.assistants._own, server.state.assistants.name = assistant, "own"
        async with cut_line("127.0.0.1", server.client.port or 0) as (line, url):
            yield (
                line,
                ResponsesReasoner(LongWork(url=f"{url}/v1", model="gpt-5.6", token_env="WINE_KEY")),
            )


async def test_where_the_connection_breaks_it_goes_on_after_the_last_event(
    clients: list[AsyncOpenAI], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINE_KEY", API_KEY)
    held, told = Held(), list[str]()
    async with behind_a_line(held) as (line, reasoner):
        work = asyncio.create_task(
            thought_through(reasoner, {"question": "Which wine?"}, told.append, 60)
        )
        await until(lambda: "in_progress" in told and held.began.is_set())
        line.cut()
        await until(lambda: told.count("connected again") == 1)
        line.cut()
        await until(lambda: told.count("connected again") == 2)
        held.go.set()
        assert await work == "One moment. Here it is."
    assert len(held.prompts) == 1
    assert sum(asked.startswith("POST") for asked in line.asked) == 1
    resumed = [int(found[1]) for asked in line.asked if (found := AFTER.search(asked))]
    assert len(resumed) == 2
    assert all(after >= 2 for after in resumed)
    assert [client.is_closed() for client in clients] == [True]


async def test_what_is_over_after_a_break_is_taken_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WINE_KEY", API_KEY)
    held, told = Held(), list[str]()
    async with behind_a_line(held) as (line, reasoner):
        work = asyncio.create_task(
            thought_through(reasoner, {"question": "Which wine?"}, told.append, 60)
        )
        await until(lambda: "in_progress" in told and held.began.is_set())
        held.go.set()
        line.cut()
        await held.ended.wait()
        assert await work == "One moment. Here it is."
    assert len(held.prompts) == 1


async def test_a_service_that_gives_no_events_again_is_polled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WINE_KEY", API_KEY)
    held, told = Held(), list[str]()
    monkeypatch.setattr(ResponseRun, "is_resumable", False)
    async with behind_a_line(held) as (line, reasoner):
        work = asyncio.create_task(
            thought_through(reasoner, {"question": "Which wine?"}, told.append, 60)
        )
        await until(lambda: "in_progress" in told and held.began.is_set())
        line.cut()
        await until(lambda: sum("stream=true" in asked for asked in line.asked) == 2)
        held.go.set()
        assert await work == "One moment. Here it is."
    assert "connected again" not in told


async def test_where_the_service_goes_away_the_client_is_closed(
    clients: list[AsyncOpenAI], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINE_KEY", API_KEY)
    monkeypatch.setattr(responses, "GONE_AFTER_S", 0)
    held, told = Held(), list[str]()
    async with behind_a_line(held) as (line, reasoner):
        work = asyncio.create_task(
            thought_through(reasoner, {"question": "Which wine?"}, told.append, 60)
        )
        await until(lambda: "in_progress" in told)
        line.cut(for_good=True)
        with pytest.raises(ReasonerFailed, match="APIConnectionError"):
            await work
    assert [client.is_closed() for client in clients] == [True]


async def test_nobody_at_the_address_is_told() -> None:
    reasoner = ResponsesReasoner(LongWork(url="http://127.0.0.1:9/v1", model="gpt-5.6"))
    with pytest.raises(ReasonerFailed, match="gave no answer"):
        await thought_through(reasoner, {"question": "Which wine?"}, print, 20)
