"""A model behind the Responses API that thinks in the background, on our own server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from openai import AsyncOpenAI, OpenAIError
from openai.resources.responses import AsyncResponses

from harness.context.errors import ReasonerFailed
from harness.context.long_work import LongWork
from harness.context.thinking import responses
from harness.context.thinking.reasoner import thought_through
from harness.context.thinking.responses import ResponsesReasoner
from harness.realtime.server.assistants.script import Script
from harness.server.assistants.choice import Assistants
from tests.support.local_server import API_KEY, local_server
from tests.support.waiting import until

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


async def test_it_is_asked_in_the_background_and_polled(monkeypatch: pytest.MonkeyPatch) -> None:
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


async def test_where_the_service_goes_away_the_client_is_closed(
    clients: list[AsyncOpenAI], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINE_KEY", API_KEY)

    async def gone(*_: Any, **__: Any) -> None:
        raise OpenAIError("gone")

    async with local_server(assistants=Assistants(script=SCRIPT)) as server:
        monkeypatch.setattr(AsyncResponses, "retrieve", gone)
        with pytest.raises(ReasonerFailed, match="gone"):
            await thought_through(wanted(server), {"question": "A slow one."}, print, 20)
    assert [client.is_closed() for client in clients] == [True]


async def test_nobody_at_the_address_is_told() -> None:
    reasoner = ResponsesReasoner(LongWork(url="http://127.0.0.1:9/v1", model="gpt-5.6"))
    with pytest.raises(ReasonerFailed, match="gave no answer"):
        await thought_through(reasoner, {"question": "Which wine?"}, print, 20)
