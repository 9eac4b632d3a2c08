"""Contexts that a call holds: taken for it, kept from others while it lasts, and given free."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.context.context import Context
from harness.context.errors import ContextInUse
from harness.context.threads.choice import ContextChoice, contexts_of, found
from harness.context.threads.contexts import LEASE_S, Contexts, new_holder
from harness.errors import ContextError

ASKS_AGAIN_S = 0.5
"""While another call has the context, and it says that a second one waits."""


@dataclass(frozen=True, slots=True)
class HeldContext:
    """A context that a call has for itself, and what keeps it."""

    contexts: Contexts
    context: Context
    """As it stood when the call began."""


@asynccontextmanager
async def held_context(
    choice: ContextChoice, within_s: float, *, in_thread: bool = True
) -> AsyncIterator[HeldContext]:
    """The chosen context, from here to the block's end.

    Args:
        within_s: how long another call is waited for, where the context says that calls wait.

    Raises:
        ContextInUse: another call has it.
        ContextLocked, ContextEnded, ContextExpired: no call may begin with it.
        ContextError: the file cannot be used.
        UsageError: it is a user's, and none is named.
    """
    async with contexts_of(choice, in_thread=in_thread) as contexts:
        context = await found(choice, contexts)
        holder = new_holder()
        context = await _taken(contexts, context, holder, within_s)
        keeping = asyncio.create_task(_keep(contexts, context, holder), name="context-lease")
        try:
            yield HeldContext(contexts, context)
        finally:
            keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeping
            with contextlib.suppress(ContextError):  # it ends by itself
                await contexts.end_call(context, holder)


async def _taken(contexts: Contexts, context: Context, holder: str, within_s: float) -> Context:
    loop = asyncio.get_running_loop()
    until_s = loop.time() + within_s
    while True:
        try:
            return await contexts.begin_call(context, holder)
        except ContextInUse:
            if context.definition.calls == "refuse" or loop.time() >= until_s:
                raise
        await asyncio.sleep(ASKS_AGAIN_S)


async def _keep(contexts: Contexts, context: Context, holder: str) -> None:
    while True:
        await asyncio.sleep(LEASE_S / 3)
        with contextlib.suppress(ContextError):  # tried again before the lease is over
            await contexts.keep_call(context, holder)
