"""The connection to what keeps threads: the few things that each kind of database does its way."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

Values = tuple[Any, ...]


class StoreConnection(Protocol):
    """A database that understands the questions of `ThreadDatabase`: ``?`` stands for a value.

    Raises:
        ContextError: from every method: the database cannot be used; says why.
    """

    def write(self, query: str, values: Values) -> int:
        """Change something, for good when this returns; how many rows were changed."""

    def read(self, query: str, values: Values) -> list[Values]:
        """The rows that are asked for."""

    def at_once(self) -> AbstractContextManager[None]:
        """What the block reads and writes, nobody else writes meanwhile; all of it, or nothing."""

    def close(self) -> None:
        """End it."""
