"""Choice of a context: which one a call has, whose it is, and where it is kept."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from harness.context.approval import Approve
from harness.context.context import Context
from harness.context.definition import ContextDefinition
from harness.context.load import LoadedContext, load_context
from harness.context.threads.contexts import Contexts
from harness.errors import UsageError
from harness.paths import StrPath

WhichContext = StrPath | ContextDefinition | LoadedContext | Context
"""A YAML file, what was read from one, a definition made in Python, or one that was begun."""


@dataclass(frozen=True, slots=True)
class ContextChoice:
    """A context with its place: `open_call(context=ContextChoice("a.yaml", "contexts.db"))`."""

    what: WhichContext

    kept_in: Contexts | StrPath | None = field(default=None, repr=False)  # may hold a password
    """The contexts it is one of, their SQLite file or the URL of their PostgreSQL database; None:
    in memory, gone with the call."""

    user: str | None = None
    """Whose it is, where its definition says that each user has one."""

    approve: Approve | None = field(default=None, repr=False)
    """Agrees to calls of tools that need somebody's yes, see `needs_approval` of a tool server;
    None: they are not made."""

    def __post_init__(self) -> None:
        """Refuse what would be found out in the middle of a call.

        Raises:
            UsageError: this is no context, or nothing that could agree.
        """
        if not isinstance(
            self.what, str | os.PathLike | ContextDefinition | LoadedContext | Context
        ):
            raise UsageError(
                "This is no context.",
                expected="a YAML file, a ContextDefinition, or a Context that was begun",
                found=f"{self.what!r}"[:100],
                hint="ContextDefinition(name=…, instructions=…) makes one in Python",
            )
        if self.approve is not None and not callable(self.approve):
            raise UsageError(
                "`approve` cannot be asked.",
                expected="a function of a ToolRequest that gives True or False, plain or async",
                found=f"{self.approve!r}"[:100],
                hint="for names: approve=lambda request: request.tool in {…}",
            )


AnyContext = ContextChoice | WhichContext


def chosen(wanted: AnyContext) -> ContextChoice:
    """The choice as such; a context alone is kept in memory.

    Raises:
        UsageError: it is none.
        ScenarioError: its file cannot be read, or is no context.
    """
    choice = wanted if isinstance(wanted, ContextChoice) else ContextChoice(wanted)
    if isinstance(choice.what, str | os.PathLike):
        return replace(choice, what=load_context(choice.what))
    return choice


@asynccontextmanager
async def contexts_of(choice: ContextChoice, *, in_thread: bool = True) -> AsyncIterator[Contexts]:
    """What keeps the chosen context; closed with the block, unless it was given."""
    if isinstance(choice.kept_in, Contexts):
        yield choice.kept_in
        return
    contexts = Contexts(choice.kept_in, in_thread=in_thread)
    try:
        yield contexts
    finally:
        await contexts.aclose()


async def found(choice: ContextChoice, contexts: Contexts) -> Context:
    """The chosen context, begun where there is none yet.

    Raises:
        ContextError: it is over, or the file cannot be used.
        UsageError: it is a user's, and none is named.
        ScenarioError: its file cannot be read, or is no context.
    """
    what = chosen(choice).what
    if isinstance(what, Context):
        return what
    definition = what.definition if isinstance(what, LoadedContext) else what
    assert isinstance(definition, ContextDefinition)  # no path any more
    return await contexts.open(definition, choice.user)
