"""A context's knowledge: its retriever, asked in bounds, as a tool and before answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from harness import plugins
from harness.context.context import Context
from harness.context.definition import SEARCH_KNOWLEDGE, Knowledge
from harness.context.errors import KnowledgeError, in_one_line
from harness.context.knowledge.adapters import retriever_of
from harness.context.knowledge.http import HttpRetriever
from harness.context.knowledge.index import FileIndex
from harness.context.knowledge.passages import Passage, Retriever, as_data, in_bounds
from harness.errors import HarnessError, UsageError
from harness.facts.contexts import ContextFact, FoundPassage, KnowledgeFailed, PassagesFound
from harness.real_loop import RealLoop
from harness.realtime.client.tools import Tool, tool_from

ABOUT = "Look into the documents of this place. Ask for what you need to know, in a few words."
FINDS_WITHIN_S = 10.0

_log = logging.getLogger(__name__)


class KnowledgeSearch:
    """Asks the retriever of one context in one call.

    Args:
        note: told what was found for which question, and what failed.
    """

    def __init__(
        self, retriever: Retriever, wanted: Knowledge, note: Callable[[ContextFact], None]
    ) -> None:
        self._retriever = retriever
        self._wanted = wanted
        self._note = note
        self._loop = RealLoop("retriever")
        self._preparing: asyncio.Task[None] | None = None

    @property
    def is_before_answers(self) -> bool:
        """Whether each answer is to know what was found for the words it answers."""
        return self._wanted.use == "before"

    @property
    def tools(self) -> list[Tool]:
        """The tool that the model calls, where it is to."""
        if self.is_before_answers:
            return []

        async def search(query: str) -> str:
            return await self.find(query)

        return [tool_from(search, name=SEARCH_KNOWLEDGE, description=self._wanted.about or ABOUT)]

    def begin(self) -> None:
        """Get ready for the first question, beside the call; nobody waits for it."""
        if isinstance(self._retriever, FileIndex):
            self._preparing = asyncio.create_task(self._prepare(self._retriever), name="knowledge")

    def close(self) -> None:
        """Ask nobody any more, and forget the index of files, where there is one."""
        if self._preparing is not None:
            self._preparing.cancel()
        self._loop.close()
        if isinstance(self._retriever, FileIndex):
            self._retriever.close()

    async def find(self, query: str) -> str:
        """What is found, for the model, marked as data; what went wrong, where it did."""
        try:
            async with asyncio.timeout(FINDS_WITHIN_S):
                found = await self._found(query)
            passages = in_bounds(found, self._wanted.passages)
        # Somebody else's code: the call goes on, whatever it raises, and does not end with it.
        except (Exception, SystemExit) as error:
            return self._failed(query, error)
        shown = [FoundPassage(source=one.source, score=round(one.score, 4), text=one.text)
                 for one in passages]  # fmt: skip
        self._note(PassagesFound(query, shown))
        if isinstance(self._retriever, FileIndex):
            for unread in self._retriever.take_unread():
                self._failed(query, unread)
        return as_data(passages)

    async def _prepare(self, index: FileIndex) -> None:
        try:
            await index.prepare()
        except Exception as error:  # the first question tells of it
            _log.info("the documents cannot be read yet: %s", error)

    async def _found(self, query: str) -> Sequence[Passage]:
        if not isinstance(self._retriever, HttpRetriever):
            return await self._retriever.retrieve(query, self._wanted.passages)
        retriever = self._retriever
        # A server answers in real time: where time is virtual, it is to take none.
        return await self._loop.run(lambda: retriever.retrieve(query, self._wanted.passages))

    def _failed(self, query: str, error: Exception | SystemExit) -> str:
        if isinstance(error, TimeoutError):
            told = f"nothing was found within {FINDS_WITHIN_S:g} s"
        elif isinstance(error, HarnessError):
            told = in_one_line(error)
        else:
            told = f"{type(error).__name__}: {error}"
        kind = type(error) if isinstance(error, HarnessError) else KnowledgeError
        self._note(KnowledgeFailed(query, kind.__name__, told))
        return as_data([])


def knowledge_of(
    context: Context, note: Callable[[ContextFact], None], *, in_thread: bool = True
) -> KnowledgeSearch | None:
    """What the context knows from; None where it knows from nothing.

    Raises:
        UsageError: its retriever is none, or is not there.
    """
    wanted = context.definition.knowledge
    if wanted is None:
        return None
    folder = context.definition.folder
    return KnowledgeSearch(_retriever(wanted, folder, in_thread), wanted, note)


def _retriever(wanted: Knowledge, folder: str | None, in_thread: bool) -> Retriever:
    if wanted.url is not None:
        return HttpRetriever(wanted.url)
    if wanted.python is not None:
        try:
            found = plugins.load(wanted.python, folder)
            if isinstance(found, HttpRetriever):
                return found
            return retriever_of(found, in_thread=in_thread)
        except (ImportError, AttributeError, ValueError) as error:
            raise UsageError(
                f"The retriever “{wanted.python}” cannot be had.",
                expected=f"module:name, {plugins.WHERE}",
                found=f"{type(error).__name__}: {error}",
            ) from error
    paths = [Path(file) for file in wanted.files]
    return FileIndex(paths, by=wanted.by or "words", in_thread=in_thread)
