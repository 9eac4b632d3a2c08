"""The conversation: an ordered list of items and its rules, the same on both ends."""

from __future__ import annotations

from collections.abc import Iterator

from harness.errors import ProtocolError
from harness.realtime.items import Item

ROOT = "root"
"""As previous_item_id: insert at the front."""


class Conversation:
    """Items in order. Ids are unique; an item keeps its place until it is deleted."""

    def __init__(self) -> None:
        self._order: list[str] = []
        self._items: dict[str, Item] = {}

    def __iter__(self) -> Iterator[Item]:
        return iter([self._items[item_id] for item_id in self._order])

    def __len__(self) -> int:
        return len(self._order)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._items

    @property
    def item_ids(self) -> list[str]:
        """Ids in conversation order."""
        return list(self._order)

    @property
    def last_item_id(self) -> str | None:
        """The id of the last item; None in an empty conversation."""
        return self._order[-1] if self._order else None

    def get(self, item_id: str, param: str = "item_id") -> Item:
        """The item.

        Raises:
            ProtocolError: no such item (code ``item_not_found``).
        """
        if item_id not in self._items:
            raise ProtocolError(
                f"Item with item_id '{item_id}' not found.", code="item_not_found", param=param
            )
        return self._items[item_id]

    def insert(self, item: Item, previous_item_id: str | None = None) -> str | None:
        """Put an item in, and say which item stands before it now (None: it is the first).

        Args:
            item: with its ``id``.
            previous_item_id: None appends, "root" puts it first, an id puts it after that item.

        Raises:
            ProtocolError: the id is taken (``item_already_exists``), or previous_item_id is
                unknown (``item_not_found``). Nothing has changed then.
        """
        item_id: str = item["id"]
        if item_id in self._items:
            raise ProtocolError(
                f"Item with id '{item_id}' already exists in the conversation.",
                code="item_already_exists",
                param="item.id",
            )
        index = self._index_after(previous_item_id)
        self._order.insert(index, item_id)
        self._items[item_id] = item
        return self._order[index - 1] if index else None

    def replace(self, item: Item) -> str | None:
        """Set an item's new state where it stands; gives the id before it.

        Raises:
            ProtocolError: no such item (``item_not_found``).
        """
        self.get(item["id"])
        self._items[item["id"]] = item
        return self.previous_id(item["id"])

    def delete(self, item_id: str) -> None:
        """Take an item out.

        Raises:
            ProtocolError: no such item (``item_not_found``).
        """
        self.get(item_id)
        self._order.remove(item_id)
        del self._items[item_id]

    def previous_id(self, item_id: str) -> str | None:
        """The id before this item; None for the first, and for an item that is not there."""
        if item_id not in self._items:
            return None
        index = self._order.index(item_id)
        return self._order[index - 1] if index else None

    def _index_after(self, previous_item_id: str | None) -> int:
        if previous_item_id is None:
            return len(self._order)
        if previous_item_id in self._items:
            return self._order.index(previous_item_id) + 1
        if previous_item_id == ROOT:
            return 0
        raise ProtocolError(
            f"Previous item with id '{previous_item_id}' not found.",
            code="item_not_found",
            param="previous_item_id",
        )
