"""The database of threads: their items, attachments and feedback, as JSON objects."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from harness.context.errors import ContextDamaged
from harness.context.threads.connection import StoreConnection, Values
from harness.context.threads.place import Place, StoreUrl
from harness.context.threads.sqlite import SqliteConnection

Row = dict[str, Any]
"""An object of the ChatKit protocol, as JSON; it has an ``id``."""

DAMAGED = "damaged"
"""The type of what is kept and cannot be read."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of a list."""

    data: list[Row]
    has_more: bool

    @property
    def after(self) -> str | None:
        """The cursor of the next page."""
        return self.data[-1]["id"] if self.has_more else None


@dataclass(frozen=True, slots=True)
class AttachmentBounds:
    """How many attachments there may be, and their bytes together."""

    count: int
    size: int


class ThreadDatabase:
    """Threads of users; a user sees their own alone. Not for two threads of a process at once.

    What a method wrote is on the disk when it returns: no end of the process loses it. What it asks
    is in the SQL that SQLite and PostgreSQL share.

    Args:
        place: the file, or the database of PostgreSQL; None for memory, gone with the process.

    Raises:
        ContextError: the file or database cannot be used; says why. From every method, too.
        UsageError: PostgreSQL is wanted, and its driver is not installed.
    """

    def __init__(self, place: Place | None = None) -> None:
        self.connection = _connection_to(place)

    def close(self) -> None:
        """Close the file, or the connection."""
        self.connection.close()

    # Threads

    def save_thread(self, user: str, thread: Row) -> None:
        """Keep a thread, a new one or as it is now.

        Raises:
            KeyError: it is another user's.
        """
        changed = self.connection.write(
            'INSERT INTO threads (id, "user", data) VALUES (?, ?, ?) '
            "ON CONFLICT (id) DO UPDATE SET data = excluded.data "
            "WHERE threads.user = excluded.user",
            (thread["id"], user, _text(thread)),
        )
        if not changed:
            raise KeyError(thread["id"])

    def thread(self, thread_id: str, user: str | None = None) -> Row | None:
        """A thread of a user; None for the user: of anybody."""
        found = self._one(
            "SELECT data FROM threads "
            "WHERE id = ? AND (CAST(? AS TEXT) IS NULL OR threads.user = ?)",
            (thread_id, user, user),
        )
        return None if found is None else _thread(thread_id, found[0])

    def user_of(self, thread_id: str) -> str | None:
        """Whose thread it is."""
        found = self._one("SELECT threads.user FROM threads WHERE id = ?", (thread_id,))
        return None if found is None else str(found[0])

    def threads(
        self,
        user: str | None,
        after: str | None,
        limit: int,
        *,
        is_descending: bool,
        having: str | None = None,
    ) -> Rows:
        """A page of a user's threads, by age.

        Args:
            having: only those with this key in their metadata.

        Raises:
            KeyError: there is no thread `after`.
        """
        place = self._place("SELECT seq FROM threads WHERE id = ?", (after,), after)
        path = f"$.metadata.{having}"
        return self._page(
            "SELECT id, data FROM threads WHERE (CAST(? AS TEXT) IS NULL OR threads.user = ?) "
            "AND (CAST(? AS TEXT) IS NULL OR json_extract(data, ?) IS NOT NULL)",
            (user, user, having, path),
            place,
            limit,
            is_descending,
        )

    def delete_thread(self, thread_id: str) -> bool:
        """Forget a thread with all that is in it; whether there was one."""
        return self.connection.write("DELETE FROM threads WHERE id = ?", (thread_id,)) > 0

    def at_once(self) -> AbstractContextManager[None]:
        """What the block reads and writes, nobody else writes meanwhile; all of it, or nothing."""
        return self.connection.at_once()

    # Leases

    def take_lease(self, thread_id: str, holder: str, unix_s: float, until_unix_s: float) -> bool:
        """Take a thread for oneself, or keep it; False where another has it until later.

        Raises:
            KeyError: there is no such thread.
        """
        if self.user_of(thread_id) is None:
            raise KeyError(thread_id)
        query = (
            "INSERT INTO leases (thread_id, holder, until_unix_s) VALUES (?, ?, ?) "
            "ON CONFLICT (thread_id) DO UPDATE SET holder = excluded.holder, "
            "until_unix_s = excluded.until_unix_s WHERE leases.holder = excluded.holder "
            "OR leases.until_unix_s <= ?"
        )
        return self.connection.write(query, (thread_id, holder, until_unix_s, unix_s)) > 0

    def lease_of(self, thread_id: str, unix_s: float) -> str | None:
        """Who has a thread for themselves now."""
        query = "SELECT holder FROM leases WHERE thread_id = ? AND until_unix_s > ?"
        found = self._one(query, (thread_id, unix_s))
        return None if found is None else str(found[0])

    def end_lease(self, thread_id: str, holder: str) -> None:
        """Give a thread free; nothing where another has it."""
        query = "DELETE FROM leases WHERE thread_id = ? AND holder = ?"
        self.connection.write(query, (thread_id, holder))

    # Items

    def save_item(self, thread_id: str, item: Row) -> None:
        """Keep an item at the end of its thread, or in its place if it is known.

        Raises:
            KeyError: there is no such thread.
        """
        changed = self.connection.write(
            "INSERT INTO items (thread_id, id, data) "
            "SELECT id, ?, ? FROM threads WHERE id = ? "
            "ON CONFLICT (thread_id, id) DO UPDATE SET data = excluded.data",
            (item["id"], _text(item), thread_id),
        )
        if not changed:
            raise KeyError(thread_id)

    def item(self, thread_id: str, item_id: str) -> Row | None:
        """An item of a thread."""
        found = self._one(
            "SELECT data FROM items WHERE thread_id = ? AND id = ?", (thread_id, item_id)
        )
        return None if found is None else _whole(item_id, found[0])

    def items(self, thread_id: str, after: str | None, limit: int, *, is_descending: bool) -> Rows:
        """A page of a thread's items, by age.

        Raises:
            KeyError: there is no item `after`.
        """
        query = "SELECT seq FROM items WHERE id = ? AND thread_id = ?"
        place = self._place(query, (after, thread_id), after)
        query = "SELECT id, data FROM items WHERE thread_id = ?"
        return self._page(query, (thread_id,), place, limit, is_descending)

    def delete_item(self, thread_id: str, item_id: str) -> bool:
        """Forget an item; whether there was one."""
        query = "DELETE FROM items WHERE thread_id = ? AND id = ?"
        return self.connection.write(query, (thread_id, item_id)) > 0

    # Attachments and feedback

    def save_attachment(self, user: str, attachment: Row) -> None:
        """Keep what is known of an attachment; its content stays.

        Raises:
            KeyError: it is another user's.
        """
        changed = self.connection.write(
            'INSERT INTO attachments (id, "user", data) VALUES (?, ?, ?) '
            "ON CONFLICT (id) DO UPDATE SET data = excluded.data "
            "WHERE attachments.user = excluded.user",
            (attachment["id"], user, _text(attachment)),
        )
        if not changed:
            raise KeyError(attachment["id"])

    def announce_attachment(
        self, user: str, attachment: Row, of_a_user: AttachmentBounds, of_all: AttachmentBounds
    ) -> bool:
        """Keep a new attachment, if it is within both bounds with its ``metadata.size`` bytes.

        Whether it is kept. Counted is what was announced, whether it has come or not.
        """
        size = attachment["metadata"]["size"]
        query = (
            'INSERT INTO attachments (id, "user", data) SELECT ?, ?, ? WHERE '
            f"(SELECT count(*) < ? AND {_SIZE} + ? <= ? FROM attachments "
            "WHERE attachments.user = ?) AND "
            f"(SELECT count(*) < ? AND {_SIZE} + ? <= ? FROM attachments)"
        )
        own = (of_a_user.count, size, of_a_user.size, user)
        values = (attachment["id"], user, _text(attachment), *own)
        return self.connection.write(query, (*values, of_all.count, size, of_all.size)) > 0

    def attachment_use(self, user: str | None = None) -> tuple[int, int]:
        """How many attachments a user has, and their bytes; None: all users together."""
        query = (
            f"SELECT count(*), {_SIZE} FROM attachments "
            "WHERE CAST(? AS TEXT) IS NULL OR attachments.user = ?"
        )
        found = self._one(query, (user, user))
        assert found is not None
        return int(found[0]), int(found[1])

    def forget_unsent(self, before_unix_s: float) -> int:
        """Forget what was announced before a time and never came; how many there were."""
        query = (
            "DELETE FROM attachments WHERE content IS NULL "
            "AND CAST(json_extract(data, '$.metadata.announced_at') AS DOUBLE PRECISION) < ?"
        )
        return self.connection.write(query, (before_unix_s,))

    def attachment(self, attachment_id: str, user: str | None = None) -> Row | None:
        """What is known of a user's attachment; None for the user: of anybody's."""
        found = self._one(
            "SELECT data FROM attachments "
            "WHERE id = ? AND (CAST(? AS TEXT) IS NULL OR attachments.user = ?)",
            (attachment_id, user, user),
        )
        return None if found is None else json.loads(found[0])

    def save_content(self, attachment_id: str, content: bytes) -> bool:
        """Keep an attachment's bytes; whether there is such an attachment."""
        query = "UPDATE attachments SET content = ? WHERE id = ?"
        return self.connection.write(query, (content, attachment_id)) > 0

    def content(self, attachment_id: str) -> bytes | None:
        """An attachment's bytes, once they came."""
        found = self._one("SELECT content FROM attachments WHERE id = ?", (attachment_id,))
        return None if found is None or found[0] is None else bytes(found[0])

    def delete_attachment(self, attachment_id: str) -> bool:
        """Forget an attachment; whether there was one."""
        return self.connection.write("DELETE FROM attachments WHERE id = ?", (attachment_id,)) > 0

    def save_feedback(self, thread_id: str, item_ids: Iterable[str], kind: str) -> None:
        """Keep what a user thinks of items; the last word counts.

        Raises:
            KeyError: there is no such thread.
        """
        if self.user_of(thread_id) is None:
            raise KeyError(thread_id)
        for item_id in item_ids:
            self.connection.write(
                "INSERT INTO feedback (thread_id, item_id, kind) VALUES (?, ?, ?) "
                "ON CONFLICT (thread_id, item_id) DO UPDATE SET kind = excluded.kind",
                (thread_id, item_id, kind),
            )

    def feedback(self, thread_id: str) -> dict[str, str]:
        """What the user thinks, by item."""
        query = "SELECT item_id, kind FROM feedback WHERE thread_id = ?"
        return dict(self.connection.read(query, (thread_id,)))

    # SQL

    def _one(self, query: str, values: Values) -> Values | None:
        found = self.connection.read(query, values)
        return found[0] if found else None

    def _place(self, query: str, values: tuple[Any, ...], cursor: str | None) -> int | None:
        if cursor is None:
            return None
        found = self._one(query, values)
        if found is None:
            raise KeyError(cursor)
        return int(found[0])

    def _page(
        self,
        query: str,
        values: tuple[Any, ...],
        place: int | None,
        limit: int,
        is_descending: bool,
    ) -> Rows:
        beyond, order = ("<", "DESC") if is_descending else (">", "ASC")
        if place is not None:
            query, values = f"{query} AND seq {beyond} ?", (*values, place)
        query = f"{query} ORDER BY seq {order} LIMIT ?"
        found = self.connection.read(query, (*values, limit + 1))
        return Rows(
            [_whole(str(row_id), data) for row_id, data in found[:limit]], len(found) > limit
        )


def _connection_to(place: Place | None) -> StoreConnection:
    if isinstance(place, StoreUrl):
        from harness.context.threads.postgres import PostgresConnection  # only where it is wanted

        return PostgresConnection(place)
    return SqliteConnection(place)


_SIZE = (
    "CAST(coalesce(sum(coalesce(CAST(json_extract(data, '$.metadata.size') AS BIGINT), "
    "length(content))), 0) AS BIGINT)"
)
"""Bytes of attachments, as they were announced."""


def _thread(thread_id: str, data: str) -> Row:
    row = _whole(thread_id, data)
    if row.get("type") == DAMAGED:
        raise ContextDamaged(
            f"The thread {thread_id} cannot be read.",
            expected="JSON, as it was written",
            found=repr(data[:60]),
            hint="delete it, or put back a copy of the file",
        )
    return row


def _whole(row_id: str, data: str) -> Row:
    """What was kept; of what somebody has spoilt, that it is `DAMAGED`: the rest is still there."""
    try:
        row = json.loads(data)
    except (ValueError, RecursionError):
        row = None
    return row if isinstance(row, dict) else {"id": row_id, "type": DAMAGED}


def _text(value: Row) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
