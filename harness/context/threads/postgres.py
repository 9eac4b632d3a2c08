"""Threads in a database of PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any, TypeVar

from harness.context.threads.connection import Values
from harness.context.threads.place import StoreUrl
from harness.context.threads.postgres_errors import is_lost, server_error
from harness.context.threads.postgres_schema import lock_of, prepare
from harness.errors import UsageError
from harness.real_loop import RealLoop

CONNECTS_WITHIN_S = 10.0
ANSWERS_WITHIN_S = 30.0
CLOSES_WITHIN_S = 2.0

T = TypeVar("T")


class PostgresConnection:
    """See `StoreConnection`. Writers of one schema take turns, in whatever process they are.

    A connection that broke is made again for the next question. What was being changed in it is
    not done again: only who asked knows whether it may be done twice.

    Raises:
        ContextError: the database cannot be used; says why, and names no user.
        UsageError: the driver is not installed.
    """

    def __init__(self, url: StoreUrl) -> None:
        self._url = url
        self._driver = _driver()
        self._begin = f"BEGIN ISOLATION LEVEL READ COMMITTED; {_take_turn(url.schema)}"
        self._loop = RealLoop("postgres")
        self._connection: Any = None
        self._is_in_block = False
        try:
            self._ask(_nothing)
        except BaseException:
            self._loop.close()
            raise

    def write(self, query: str, values: Values) -> int:
        """See `StoreConnection`."""
        if self._is_in_block:
            return self._ask(lambda connection: _changed(connection, query, values))
        with self.at_once():
            return self.write(query, values)

    def read(self, query: str, values: Values) -> list[Values]:
        """See `StoreConnection`."""
        return self._ask(lambda connection: _rows(connection, query, values), may_repeat=True)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """See `StoreConnection`."""
        try:
            self._ask(lambda connection: connection.execute(self._begin), may_repeat=True)
        except BaseException:
            self._roll_back()
            raise
        self._is_in_block = True
        try:
            yield
            self._ask(_commit)
        except BaseException:
            self._is_in_block = False
            self._roll_back()
            raise
        self._is_in_block = False

    def close(self) -> None:
        """End the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(*self._failures()):
                self._loop.wait(lambda: connection.close(timeout=CLOSES_WITHIN_S))
        self._loop.close()

    def _roll_back(self) -> None:
        """What the server has not undone by itself; a connection that cannot is given up."""
        connection = self._connection
        if connection is None or connection.is_closed() or not connection.is_in_transaction():
            return
        try:
            self._loop.wait(lambda: connection.execute("ROLLBACK"))
        except self._failures():
            connection.terminate()
            self._connection = None

    def _ask(self, work: Callable[[Any], Coroutine[Any, Any, T]], *, may_repeat: bool = False) -> T:
        was_open = self._connection is not None

        async def asked() -> T:
            return await work(await self._ready())

        try:
            return self._loop.wait(asked)
        except self._failures() as error:
            if is_lost(error) and self._connection is not None:
                self._connection.terminate()
                self._connection = None
                if may_repeat and was_open and not self._is_in_block:
                    return self._ask(work)
            # The driver's own words may name the user.
            raise server_error(self._url, error) from None

    async def _ready(self) -> Any:
        """The connection, made where there is none, or none any more."""
        if self._connection is not None and self._connection.is_closed():
            self._connection = None
        if self._connection is None:
            if self._is_in_block:
                raise ConnectionResetError("the connection broke in the middle of a change")
            connection = await self._driver.connect(
                self._url.dsn, timeout=CONNECTS_WITHIN_S, command_timeout=ANSWERS_WITHIN_S
            )
            try:
                await prepare(connection, self._url)
            except BaseException:
                connection.terminate()
                raise
            self._connection = connection
        return self._connection

    def _failures(self) -> tuple[type[Exception], ...]:
        driver = self._driver
        of_driver = (driver.PostgresError, driver.InterfaceError, driver.InternalClientError)
        return (*of_driver, OSError, TimeoutError)


def _driver() -> ModuleType:
    try:
        import asyncpg
    except ImportError as error:
        raise UsageError(
            "Threads in PostgreSQL need a driver that is not installed.",
            expected="the optional part of the harness that has it",
            hint="pip install 'realtime-harness[postgres]'",
        ) from error
    return asyncpg  # type: ignore[no-any-return]


def _take_turn(schema: str) -> str:
    return f"SELECT pg_advisory_xact_lock({lock_of(schema)})"


@cache
def _numbered(query: str) -> str:
    """A question with ``$1`` for its first value, and so on."""
    first, *rest = query.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


async def _nothing(_connection: Any) -> None:
    """All there is to do is done when there is a connection."""


async def _changed(connection: Any, query: str, values: Values) -> int:
    status: str = await connection.execute(_numbered(query), *values)
    return int(status.rpartition(" ")[2])


async def _rows(connection: Any, query: str, values: Values) -> list[Values]:
    return [tuple(row) for row in await connection.fetch(_numbered(query), *values)]


async def _commit(connection: Any) -> None:
    """Keep the changes.

    Raises:
        ConnectionResetError: the server had undone them.
    """
    if await connection.execute("COMMIT") != "COMMIT":
        raise ConnectionResetError("the server had given the change up before")
