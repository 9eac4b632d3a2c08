"""The tools of a context where the server does them: in a call of the chat page, and in writing."""

from __future__ import annotations

from collections.abc import Callable

from harness.context.context import Context, Row
from harness.context.work.call_tools import CallTools
from harness.context.work.late_results import LateResults
from harness.errors import HarnessError
from harness.facts.contexts import ContextFact, KnowledgeFailed, McpFailed, ThinkingEnded


class ContextTools:
    """What may be called, who does it, and what comes late of it.

    Args:
        context: with the definition whose tools are at work.
        now: gives the time of the call or the answer.
        failed: told what a tool came to, where it came to nothing.

    Raises:
        UsageError: a Python function or a retriever cannot be had.
    """

    def __init__(
        self, context: Context, now: Callable[[], float], failed: Callable[[str], None]
    ) -> None:
        self.context = context
        self._now, self._failed = now, failed
        self._tools = CallTools(context, self._note)
        self._late = LateResults(self._note, now)

    @property
    def is_before_answers(self) -> bool:
        """Whether each answer waits for a search."""
        return self._tools.is_before_answers

    async def ask_servers(self) -> None:
        """Ask the tool servers what they offer; it goes on without those that fail."""
        try:
            await self._tools.open()
        except HarnessError as error:
            self._failed(in_words(error))

    async def rows_at_end(self, is_kept: Callable[[str], bool], unix_s: float) -> list[Row]:
        """Give long work the time that it may still have; what came of it, for the thread.

        Args:
            is_kept: whether an item of the conversation is in the thread by now.
        """
        try:
            await self._tools.aclose()
        except Exception as error:  # somebody else's program: the thread is kept, whatever it does
            self._failed(f"{type(error).__name__}: {error}")
        return self._late.rows(self.context, is_kept, unix_s)

    def _note(self, fact: ContextFact) -> None:
        if isinstance(fact, KnowledgeFailed | McpFailed):
            self._failed(fact.message)
        elif isinstance(fact, ThinkingEnded) and fact.status == "failed":
            self._failed(fact.text)


def in_words(error: HarnessError) -> str:
    """What a person is told of it on the page."""
    return " ".join(filter(None, (error.message, error.hint)))
