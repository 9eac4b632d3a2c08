"""Contexts that are kept: begun, found, changed and ended, in a file or in memory."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.context import context as life
from harness.context.context import KEY, Context, Row
from harness.context.definition import ContextDefinition
from harness.context.errors import (
    ContextDamaged,
    ContextExists,
    ContextInUse,
    ContextNotFound,
)
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.kept_threads import ALL, KeptThreads
from harness.context.threads.pictures import FoundPictures
from harness.context.threads.place import place_of
from harness.paths import StrPath

LEASE_S = 30.0
"""How long a call that says nothing any more keeps a context from others."""

Change = Callable[[Context], Context]


@dataclass(frozen=True, slots=True)
class ContextPage:
    """A page of a list of contexts."""

    data: list[Context]
    has_more: bool

    after: str | None
    """The cursor of the next page: the id of the last one here."""


class Contexts:
    """The contexts of one file or database, or of this process alone.

        contexts = Contexts("contexts.db")
        context = await contexts.open(load_context("restaurant.yaml").definition)
        await contexts.set_state(context, {"favourite": "window"})
        await contexts.aclose()

    What a method wrote is on the disk when it returns. Several processes may use one file at once.
    Nobody finds what is another user's.

    Args:
        path: the SQLite file, made where it is not there, or the URL of a PostgreSQL database,
            ``postgresql://…``; None for memory.
        unix_time_s: gives the time, in seconds since 1970.
        threads: what keeps them, where a server has one open already.
        in_thread: False works on the file in the event loop's own thread, which is held up
            meanwhile: for a loop whose time is virtual.

    Raises:
        ContextError: from every method: the file cannot be used (`StoreBusy`, `StoreFull`,
            `StoreReadOnly`, `StoreNewer`, `StoreDamaged`, `StoreUnreachable`), was closed
            (`StoreClosed`), or a rule is broken, see each.
        UsageError: the URL cannot be read; or, from every method, PostgreSQL's driver is missing.
    """

    def __init__(
        self,
        path: StrPath | None = None,
        *,
        unix_time_s: Callable[[], float] = time.time,
        threads: KeptThreads | None = None,
        in_thread: bool = True,
    ) -> None:
        place = None if path is None else place_of(path)
        self.threads = threads or KeptThreads(place, in_thread=in_thread)
        self.unix_time_s = unix_time_s

    async def create(self, definition: ContextDefinition, user: str | None = None) -> Context:
        """Begin a context.

        Raises:
            ContextExists: there is one of that name and owner.
            UsageError: it is a user's, and none is named.
        """
        new = life.created(definition, user, self.unix_time_s())

        def create(database: ThreadDatabase) -> Context:
            with database.at_once():
                if database.user_of(new.id) is not None:
                    raise ContextExists(
                        f"The context “{new.name}” is there already.",
                        expected="a name that is free",
                        hint="open it, or delete it before",
                    )
                database.save_thread(new.user, life.to_row(new))
            return new

        return await self.threads.ask(create)

    async def open(self, definition: ContextDefinition, user: str | None = None) -> Context:
        """The context of that definition; begun where there is none.

        One that was begun by another definition of the same name goes on with this one; its state
        and its thread stay. A locked one is given as it is.

        Raises:
            UsageError: it is a user's, and none is named.
            ContextEnded, ContextExpired: it is over, and the definition is another.
        """
        unix_s = self.unix_time_s()
        new = life.created(definition, user, unix_s)

        def find(database: ThreadDatabase) -> Context:
            with database.at_once():
                row = database.thread(new.id, new.user)
                if row is None:
                    found = new
                else:
                    found = life.from_row(row)
                    if found.status != "locked":  # nothing changes in it, by a call that it refuses
                        found = life.redefined(found, definition, unix_s)
                database.save_thread(found.user, life.to_row(found))
            return found

        return await self.threads.ask(find)

    async def load(self, name: str, user: str | None = None) -> Context:
        """A context as it stands.

        Args:
            name: its name, or its id.
            user: whose it is; None for the application's own.

        Raises:
            ContextNotFound: there is none of that owner.
            ContextDamaged: what is kept of it cannot be understood.
        """
        owner = user or life.APPLICATION

        def load(database: ThreadDatabase) -> Context:
            for thread_id in (life.context_id(name, owner), name):
                row = database.thread(thread_id, owner)
                if row is not None and KEY in (row.get("metadata") or {}):
                    return life.from_row(row)
            raise _not_found(name)

        return await self.threads.ask(load)

    async def list(
        self, user: str | None = None, *, after: str | None = None, limit: int = 20
    ) -> ContextPage:
        """A page of an owner's contexts, the newest first; those that are damaged are left out.

        Args:
            user: whose; None for the application's own.
            after: the cursor of the page before.

        Raises:
            ContextNotFound: there is no context `after`.
        """
        owner = user or life.APPLICATION
        try:
            rows = await self.threads.ask(
                ThreadDatabase.threads, owner, after, limit, is_descending=True, having=KEY
            )
        except KeyError as error:
            raise _not_found(str(after)) from error
        return ContextPage([c for c in map(_whole, rows.data) if c], rows.has_more, rows.after)

    async def set_state(self, context: Context, state: Mapping[str, Any]) -> Context:
        """Keep values between calls; None takes one out.

        Raises:
            ContextLocked, ContextEnded, ContextExpired: nothing may change in it.
        """
        unix_s = self.unix_time_s()
        return await self._change(context, lambda one: life.with_state(one, state, unix_s))

    async def redefine(self, context: Context, definition: ContextDefinition) -> Context:
        """Give a context another definition, of the same name; its state and thread stay.

        Raises:
            ContextEnded, ContextExpired: it is over.
        """
        unix_s = self.unix_time_s()
        return await self._change(context, lambda one: life.redefined(one, definition, unix_s))

    async def lock(self, context: Context, reason: str | None = None) -> Context:
        """Let nothing be added until it is unlocked; raises as `redefine`."""
        unix_s = self.unix_time_s()
        return await self._change(context, lambda one: life.locked(one, reason, unix_s))

    async def unlock(self, context: Context) -> Context:
        """Let it be used again; raises as `redefine`."""
        unix_s = self.unix_time_s()
        return await self._change(context, lambda one: life.unlocked(one, unix_s))

    async def close(self, context: Context, reason: str | None = None) -> Context:
        """End it for good; what is in it can still be read."""
        unix_s = self.unix_time_s()
        return await self._change(context, lambda one: life.closed(one, reason, unix_s))

    async def delete(self, context: Context) -> None:
        """Forget it with all that is in it.

        Raises:
            ContextNotFound: it is gone already.
        """
        if not await self.threads.ask(ThreadDatabase.delete_thread, context.id):
            raise _not_found(context.name)

    async def delete_expired(self) -> int:
        """Forget what has expired, of every owner; how many there were."""
        unix_s = self.unix_time_s()

        def expire(database: ThreadDatabase) -> int:
            rows = database.threads(None, None, ALL, is_descending=False, having=KEY).data
            over = [c.id for c in map(_whole, rows) if c and c.is_expired(unix_s)]
            return sum(database.delete_thread(thread_id) for thread_id in over)

        return await self.threads.ask(expire)

    async def items(self, context: Context) -> Sequence[Row]:
        """What is in its thread, the oldest first: items of the ChatKit protocol, as JSON."""
        return await self.threads.all_items(context.id)

    async def pictures(
        self, rows: Iterable[Row], most_bytes: int, *, in_thread: bool = True
    ) -> FoundPictures:
        """Pictures of the messages among these items, for a model to see: of the newest eight.

        Args:
            most_bytes: of one; larger ones are made smaller.
            in_thread: False does that in the event loop's own thread.
        """
        return await self.threads.pictures(rows, most_bytes, in_thread=in_thread)

    async def save_items(self, context: Context, rows: Iterable[Row]) -> None:
        """Keep items, at the end of the thread or in their places; all of them, or none.

        Raises:
            ContextNotFound: the context was deleted meanwhile.
            ContextLocked, ContextEnded, ContextExpired: nothing may be added.
        """
        unix_s, wanted = self.unix_time_s(), list(rows)

        def save(database: ThreadDatabase) -> None:
            with database.at_once():
                life.refuse_locked(_require(database, context), unix_s)
                for row in wanted:
                    database.save_item(context.id, row)

        await self.threads.ask(save)

    async def save_attachment(self, context: Context, row: Row, content: bytes) -> None:
        """Keep a file that a message of the thread has, or will have.

        Args:
            row: what is known of it, see `harness.context.attachments`.

        Raises:
            ContextNotFound: the context was deleted meanwhile.
            ContextLocked, ContextEnded, ContextExpired: nothing may be added.
        """
        unix_s = self.unix_time_s()

        def save(database: ThreadDatabase) -> None:
            with database.at_once():
                life.refuse_locked(_require(database, context), unix_s)
                database.save_attachment(context.user, row)
                database.save_content(row["id"], content)

        await self.threads.ask(save)

    async def delete_item(self, context: Context, item_id: str) -> None:
        """Forget an item; nothing where there is none."""
        await self.threads.ask(ThreadDatabase.delete_item, context.id, item_id)

    # Calls

    async def begin_call(self, context: Context, holder: str) -> Context:
        """Take the context for a call, which keeps it as long as it calls `keep_call`.

        Args:
            holder: who: see `holder`.

        Raises:
            ContextInUse: another call has it.
            ContextNotFound: it was deleted meanwhile.
            ContextLocked, ContextEnded, ContextExpired: no call may begin.
        """
        unix_s = self.unix_time_s()

        def begin(database: ThreadDatabase) -> Context:
            with database.at_once():
                begun = life.with_call(_require(database, context), unix_s)
                other = database.lease_of(context.id, unix_s)
                if other is not None and _has_died(other):
                    database.end_lease(context.id, other)
                if not database.take_lease(context.id, holder, unix_s, unix_s + LEASE_S):
                    raise _in_use(context)
                database.save_thread(begun.user, life.to_row(begun))
            return begun

        return await self.threads.ask(begin)

    async def keep_call(self, context: Context, holder: str) -> bool:
        """Keep the context for `LEASE_S` more; False where another call has it by now."""
        unix_s = self.unix_time_s()
        try:
            return await self.threads.ask(
                ThreadDatabase.take_lease, context.id, holder, unix_s, unix_s + LEASE_S
            )
        except KeyError:
            return False

    async def end_call(self, context: Context, holder: str) -> None:
        """Give the context free."""
        await self.threads.ask(ThreadDatabase.end_lease, context.id, holder)

    async def aclose(self) -> None:
        """Close the file, or the connection, for good: a method that is called later raises."""
        await self.threads.aclose()

    async def _change(self, context: Context, change: Change) -> Context:
        def work(database: ThreadDatabase) -> Context:
            with database.at_once():
                changed = change(_require(database, context))
                database.save_thread(changed.user, life.to_row(changed))
            return changed

        return await self.threads.ask(work)


def new_holder() -> str:
    """A name for a call: the machine, the process, and chance."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(6)}"


def _has_died(holder: str) -> bool:
    """Whether a call's process is on this machine, and no more."""
    host, _, rest = holder.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not rest.isdigit():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass  # somebody else's, and alive
    return False


def _require(database: ThreadDatabase, context: Context) -> Context:
    row = database.thread(context.id, context.user)
    if row is None:
        raise _not_found(context.name)
    return life.from_row(row)


def _whole(row: Row) -> Context | None:
    try:
        return life.from_row(row)
    except ContextDamaged:
        return None


def _not_found(name: str) -> ContextNotFound:
    return ContextNotFound(
        f"There is no context “{name}”.",
        expected="a name or an id of a context that is yours",
        hint="contexts.list() has those that there are",
    )


def _in_use(context: Context) -> ContextInUse:
    return ContextInUse(
        f"Another call has the context “{context.name}”.",
        expected="one call at a time",
        found="a call that goes on, or whose process ended less than "
        f"{LEASE_S:g} s ago on another machine",
        hint="`calls: wait` in its definition lets a second call wait",
    )
