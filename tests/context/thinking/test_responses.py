"""A model behind the Responses API that thinks in the background, on our own server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness.context.errors import ReasonerFailed
from harness.context.long_work import LongWork
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


async def test_nobody_at_the_address_is_told() -> None:
    reasoner = ResponsesReasoner(LongWork(url="http://127.0.0.1:9/v1", model="gpt-5.6"))
    with pytest.raises(ReasonerFailed, match="gave no answer"):
        await thought_through(reasoner, {"question": "Which wine?"}, print, 20)
