"""Retrievers of other libraries, by their methods."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from types import SimpleNamespace as Thing
from typing import Any

import pytest

from harness.context.errors import KnowledgeError
from harness.context.knowledge.adapters import retriever_of
from harness.context.knowledge.passages import Passage
from harness.errors import UsageError


class Ours:
    async def retrieve(self, query: str, k: int) -> list[Passage]:
        return [Passage(query, "ours", float(k))]


class LangChain:
    """As `langchain_core.retrievers.BaseRetriever`."""

    async def ainvoke(self, input: str, config: Any = None, **kwargs: Any) -> list[Any]:
        first = Thing(page_content=f"{input} 1", metadata={"source": "a.md"}, id="1")
        return [first, Thing(page_content="2", metadata={}, id="doc-2")]


class LlamaIndex:
    """As `llama_index.core.retrievers.BaseRetriever`: has ``retrieve`` of a query alone, too."""

    def retrieve(self, query: str) -> list[Any]:
        raise AssertionError("the event loop would wait")

    async def aretrieve(self, query: str) -> list[Any]:
        node = Thing(get_content=lambda: query, metadata={"file_name": "b.md"}, node_id="n")
        return [Thing(node=node, score=0.7)]


def plain(query: str, k: int) -> list[Passage]:
    return [Passage(query, "plain")] * (k + 5)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (Ours(), [Passage("soup", "ours", 2.0)]),
        (LangChain(), [Passage("soup 1", "a.md"), Passage("2", "doc-2")]),
        (LlamaIndex(), [Passage("soup", "b.md", 0.7)]),
        (plain, [Passage("soup", "plain")] * 2),
    ],
)
async def test_each_is_asked_in_its_own_way(given: Any, found: list[Passage]) -> None:
    assert list(await retriever_of(given).retrieve("soup", 2)) == found


async def test_one_that_is_not_async_holds_up_nobody() -> None:
    """It waits for what happens in the event loop meanwhile."""
    here, go_on = asyncio.get_running_loop(), threading.Event()

    def slow(query: str, k: int) -> Iterator[Passage]:
        here.call_soon_threadsafe(go_on.set)
        while go_on.wait(20):
            yield Passage(query, "there is no end of them")

    assert len(await retriever_of(slow).retrieve("soup", 2)) == 2
    assert len(await retriever_of(slow, in_thread=False).retrieve("soup", 3)) == 3


@pytest.mark.parametrize("answer", ["text", 1, [object()], None])
async def test_what_is_no_passage_is_told(answer: Any) -> None:
    with pytest.raises(KnowledgeError, match="gave"):
        await retriever_of(lambda query, k: answer).retrieve("soup", 2)


def test_what_is_no_retriever_is_told() -> None:
    with pytest.raises(UsageError, match="no retriever"):
        retriever_of(object())
