"""Retrievers of other libraries, by their methods."""

from __future__ import annotations

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


@pytest.mark.parametrize("answer", ["text", 1, [object()], None])
async def test_what_is_no_passage_is_told(answer: Any) -> None:
    with pytest.raises(KnowledgeError, match="gave"):
        await retriever_of(lambda query, k: answer).retrieve("soup", 2)


def test_what_is_no_retriever_is_told() -> None:
    with pytest.raises(UsageError, match="no retriever"):
        retriever_of(object())
