"""The official package's store interface, on threads that are kept here."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from chatkit.store import NotFoundError, Store, StoreItemType, default_generate_id
from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata
from pydantic import BaseModel, TypeAdapter, ValidationError

from harness.context.attachments import served_by
from harness.context.threads.database import Row, ThreadDatabase
from harness.context.threads.kept_threads import KeptThreads
from harness.server.chatkit.visitor import Visitor

ID_CHARS = 24
MOST_IN_A_PAGE = 100
ITEM: TypeAdapter[ThreadItem] = TypeAdapter(ThreadItem)
ATTACHMENT: TypeAdapter[Attachment] = TypeAdapter(Attachment)

_log = logging.getLogger(__name__)


class KeptStore(Store[Visitor]):
    """Threads, items and attachments of visitors, each theirs alone.

    What another visitor has is not found, as if it were not there.
    """

    def __init__(self, threads: KeptThreads) -> None:
        self.threads = threads

    def generate_thread_id(self, context: Visitor) -> str:
        """A new id of a thread."""
        return _longer("thread")

    def generate_item_id(
        self, item_type: StoreItemType, thread: ThreadMetadata, context: Visitor
    ) -> str:
        """A new id of an item."""
        return _longer(item_type)

    # Threads

    async def load_thread(self, thread_id: str, context: Visitor) -> ThreadMetadata:
        """A thread.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        row = await self.threads.ask(ThreadDatabase.thread, thread_id, context.user)
        if row is None:
            raise NotFoundError(f"No thread found with id '{thread_id}'.")
        return ThreadMetadata.model_validate(row)

    async def save_thread(self, thread: ThreadMetadata, context: Visitor) -> None:
        """Keep a thread as it is now.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        row = _row(ThreadMetadata.model_validate(thread.model_dump()))
        try:
            await self.threads.ask(ThreadDatabase.save_thread, context.user, row)
        except KeyError as error:
            raise NotFoundError(f"No thread found with id '{thread.id}'.") from error

    async def load_threads(
        self, limit: int, after: str | None, order: str, context: Visitor
    ) -> Page[ThreadMetadata]:
        """A page of the threads.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        try:
            rows = await self.threads.ask(
                ThreadDatabase.threads,
                context.user,
                after,
                _within(limit),
                is_descending=order == "desc",
            )
        except KeyError as error:
            raise NotFoundError(f"No thread found with id '{after}'.") from error
        threads = [ThreadMetadata.model_validate(row) for row in rows.data]
        return Page(data=threads, has_more=rows.has_more, after=rows.after)

    async def delete_thread(self, thread_id: str, context: Visitor) -> None:
        """Forget a thread with its items.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        await self._require_own(thread_id, context)
        await self.threads.ask(ThreadDatabase.delete_thread, thread_id)

    # Items

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Visitor
    ) -> Page[ThreadItem]:
        """A page of a thread's items.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        await self._require_own(thread_id, context)
        try:
            rows = await self.threads.ask(
                ThreadDatabase.items,
                thread_id,
                after,
                _within(limit),
                is_descending=order == "desc",
            )
        except KeyError as error:
            raise NotFoundError(f"No item found with id '{after}'.") from error
        items = [item for row in rows.data if (item := _item(row, context)) is not None]
        return Page(data=items, has_more=rows.has_more, after=rows.after)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Visitor) -> None:
        """Keep an item at the end of its thread.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        await self._require_own(thread_id, context)
        await self.threads.ask(ThreadDatabase.save_item, thread_id, _row(item))

    async def save_item(self, thread_id: str, item: ThreadItem, context: Visitor) -> None:
        """Keep an item as it is now, in its place."""
        await self.add_thread_item(thread_id, item, context)

    async def load_item(self, thread_id: str, item_id: str, context: Visitor) -> ThreadItem:
        """An item.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        await self._require_own(thread_id, context)
        row = await self.threads.ask(ThreadDatabase.item, thread_id, item_id)
        item = None if row is None else _item(row, context)
        if item is None:
            raise NotFoundError(f"No item found with id '{item_id}'.")
        return item

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Visitor) -> None:
        """Forget an item.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        await self._require_own(thread_id, context)
        await self.threads.ask(ThreadDatabase.delete_item, thread_id, item_id)

    # Attachments

    async def save_attachment(self, attachment: Attachment, context: Visitor) -> None:
        """Keep what is known of an attachment.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        try:
            await self.threads.ask(ThreadDatabase.save_attachment, context.user, _row(attachment))
        except KeyError as error:
            raise NotFoundError(f"No attachment found with id '{attachment.id}'.") from error

    async def load_attachment(self, attachment_id: str, context: Visitor) -> Attachment:
        """What is known of an attachment.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        row = await self.threads.ask(ThreadDatabase.attachment, attachment_id, context.user)
        if row is None:
            raise NotFoundError(f"No attachment found with id '{attachment_id}'.")
        return ATTACHMENT.validate_python(served_by(row, context.base_url))

    async def delete_attachment(self, attachment_id: str, context: Visitor) -> None:
        """Forget an attachment and its content.

        Raises:
            NotFoundError: there is none that is the visitor's.
        """
        await self.load_attachment(attachment_id, context)
        await self.threads.ask(ThreadDatabase.delete_attachment, attachment_id)

    async def _require_own(self, thread_id: str, context: Visitor) -> None:
        if await self.threads.ask(ThreadDatabase.user_of, thread_id) != context.user:
            raise NotFoundError(f"No thread found with id '{thread_id}'.")


def _item(row: Row, visitor: Visitor) -> ThreadItem | None:
    """An item; None for one of a kind that this version of the package does not know."""
    try:
        return ITEM.validate_python(served_by(row, visitor.base_url))
    except ValidationError:
        _log.warning("an item of the kind “%s” is kept, and not shown", row.get("type"))
        return None


def _within(limit: int) -> int:
    """How many a page has: what clients ask for reaches here unchecked."""
    return max(1, min(limit, MOST_IN_A_PAGE))


def _row(thing: BaseModel) -> Row:
    row: dict[str, Any] = thing.model_dump(mode="json", by_alias=True, exclude_none=True)
    return row


def _longer(kind: StoreItemType) -> str:
    """The package's ids have 32 bits: too few for what is never to be overwritten."""
    prefix = default_generate_id(kind).partition("_")[0]
    return f"{prefix}_{secrets.token_hex(ID_CHARS // 2)}"
