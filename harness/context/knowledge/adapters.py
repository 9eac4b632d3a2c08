"""Retrievers of other libraries, known by their methods: LangChain's, LlamaIndex's, or yours."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from harness.calling import called
from harness.context.errors import KnowledgeError
from harness.context.knowledge.passages import Passage, Retriever
from harness.errors import UsageError

SOURCES = ("source", "file_path", "file_name", "url", "title")
"""Keys of a document's metadata that say where it is from, in the order in which they are asked."""


def retriever_of(found: Any, *, in_thread: bool = True) -> Retriever:
    """A retriever as one of ours. One that is not async is asked in a thread.

    Args:
        found: a `Retriever`; one of LangChain's (``ainvoke``) or LlamaIndex's (``aretrieve``); or
            a function of the query and of k.
        in_thread: False asks each at once, for a loop whose time is virtual.

    Raises:
        UsageError: it is none of these.
    """
    own = getattr(found, "retrieve", None)
    if callable(own) and _takes_two(own):
        return _Called(own, in_thread)
    ask = getattr(found, "aretrieve", None) or getattr(found, "ainvoke", None)
    if callable(ask):
        return _Called(lambda query, _: ask(query), in_thread=False)
    if callable(found) and _takes_two(found):
        return _Called(found, in_thread)
    raise UsageError(
        "This is no retriever.",
        expected="an object with `async retrieve(query, k)`, one of LangChain or LlamaIndex, or "
        "a function of query and k",
        found=type(found).__name__,
    )


class _Called:
    """Whatever it is, asked; what it gives is read as passages."""

    def __init__(self, ask: Callable[[str, int], Any], in_thread: bool) -> None:
        self._ask = ask
        self._in_thread = in_thread and not inspect.iscoroutinefunction(ask)

    async def retrieve(self, query: str, k: int) -> Sequence[Passage]:
        def ask() -> Any:
            answer = self._ask(query, k)
            return answer if isinstance(answer, Awaitable) else _passages(answer, k)

        return _passages(await called(ask, {}, in_thread=self._in_thread), k)


def _passages(found: object, k: int) -> list[Passage]:
    """The first k of them: there may be no end."""
    if not isinstance(found, Iterable) or isinstance(found, str | bytes):
        raise KnowledgeError(
            "A retriever gave no passages.", expected="a list", found=type(found).__name__
        )
    return [_passage(one) for one in islice(found, k)]


def _passage(found: Any) -> Passage:
    if isinstance(found, Passage):
        return found
    score = getattr(found, "score", None)
    node = getattr(found, "node", found)  # LlamaIndex puts a document into a node with a score
    text = getattr(node, "page_content", None)
    if text is None and callable(get_content := getattr(node, "get_content", None)):
        text = get_content()
    if not isinstance(text, str):
        raise KnowledgeError(
            "A retriever gave something that is no passage.",
            expected="a Passage, or a document of LangChain or LlamaIndex",
            found=type(found).__name__,
        )
    metadata = getattr(node, "metadata", None) or {}
    source = next((str(metadata[key]) for key in SOURCES if metadata.get(key)), "")
    if score is None:
        score = metadata.get("score", metadata.get("relevance_score", 0.0))
    identity = getattr(node, "node_id", None) or getattr(node, "id", None)
    return Passage(text, source or str(identity or "unknown"), float(score or 0.0))


def _takes_two(function: Any) -> bool:
    try:
        inspect.signature(function).bind("query", 3)
    except (TypeError, ValueError):
        return False
    return True
