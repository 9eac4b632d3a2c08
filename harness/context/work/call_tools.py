"""The tools of a context in one call: Python functions, knowledge, servers, widgets, long work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

from harness.context.approval import Approve
from harness.context.context import Context
from harness.context.knowledge.knowledge import KnowledgeSearch, knowledge_of
from harness.context.mcp.tools import ToolServers
from harness.context.settings import python_tools
from harness.context.widget_tool import widget_tool
from harness.context.work.thoughts import Thoughts
from harness.facts.contexts import ContextFact
from harness.realtime.client.tools import Tool

Note = Callable[[ContextFact], None]


class CallTools:
    """What the model may call, and who does it. `open` it, and close it when the call ends.

    Args:
        note: told what was found, done, and failed.
        approve: asked before a call that needs somebody's yes.
        numbers: of long work; of two in one call, both take the same.
        in_thread: False for a loop whose time is virtual.

    Raises:
        UsageError: a Python function or a retriever cannot be had.
    """

    def __init__(
        self,
        context: Context,
        note: Note,
        approve: Approve | None = None,
        *,
        numbers: Iterator[int] | None = None,
        in_thread: bool = True,
    ) -> None:
        self._context = context
        self._own = python_tools(context)
        if context.definition.widgets:
            self._own.append(widget_tool())
        self.search: KnowledgeSearch | None = knowledge_of(context, note, in_thread=in_thread)
        self._servers = ToolServers(context.definition.mcp, note, approve)
        self.thoughts = Thoughts(context, note, numbers or count(1), in_thread=in_thread)
        self._long = self.thoughts.tools
        self._served: list[Tool] = []

    async def open(self) -> None:
        """Ask the tool servers for their tools, and let the documents be read meanwhile.

        Servers that fail are noted.

        Raises:
            MissingExtra: the MCP package is not installed.
            UsageError: a tool that needs approval is none of its server's.
        """
        if self.search is not None:
            self.search.begin()
        by_hand = [tool.name for tool in self._context.definition.tools if tool.name is not None]
        taken = {*by_hand, *(tool.name for tool in self.tools)}
        self._served = await self._servers.tools(taken)

    @property
    def tools(self) -> list[Tool]:
        """All that somebody does."""
        found = [] if self.search is None else self.search.tools
        return [*self._own, *self._long, *found, *self._served]

    @property
    def instructions(self) -> str:
        """What the prompts of tool servers say that the context uses."""
        return self._servers.instructions

    @property
    def is_before_answers(self) -> bool:
        """Whether each answer waits for a search."""
        return self.search is not None and self.search.is_before_answers

    async def aclose(self) -> None:
        """End all of them; long work has the time that it may still have."""
        try:
            await self.thoughts.finish()
        finally:
            try:
                await self._servers.aclose()
            finally:
                if self.search is not None:
                    self.search.close()
