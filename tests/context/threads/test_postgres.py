"""A real server of PostgreSQL: locks, broken connections, and what is told of them.

What all stores do is in `test_database.py` and `test_contexts.py`.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator

import pytest

from harness.context.errors import StoreBusy, StoreReadOnly, StoreUnreachable
from harness.context.threads import postgres as module
from harness.context.threads import postgres_schema
from harness.context.threads.database import ThreadDatabase
from harness.context.threads.place import StoreUrl, place_of, store_url
from harness.context.threads.postgres import PostgresConnection
from harness.errors import ContextError, UsageError
from tests.support.postgres_server import PASSWORD, USER, PostgresServer
from tests.support.thread_rows import asked_row, thread_row

INSERT = 'INSERT INTO threads (id, "user", data) VALUES (?, ?, ?)'


@pytest.fixture
def url(postgres: PostgresServer) -> StoreUrl:
    return store_url(postgres.url())


@pytest.fixture
def connection(url: StoreUrl) -> Iterator[PostgresConnection]:
    one = PostgresConnection(url)
    yield one
    one.close()


def end_connections(connection: PostgresConnection, url: StoreUrl) -> None:
    """As a server does that restarts; the connection knows it when this returns."""
    (pid,) = connection.read("SELECT pg_backend_pid()", ())[0]
    other = PostgresConnection(url)
    other.read("SELECT pg_terminate_backend(CAST(? AS INTEGER), 5000)", (pid,))
    other.close()


def test_one_writer_at_a_time_and_a_second_one_waits(
    connection: PostgresConnection, url: StoreUrl
) -> None:
    second = PostgresConnection(url)
    waiting = threading.Thread(target=second.write, args=(INSERT, ("thr_2", "kim", "{}")))
    asks = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with connection.at_once():
        waiting.start()
        while not connection.read(asks, ()):
            pass
        connection.write(INSERT, ("thr_1", "kim", "{}"))
    waiting.join()
    ids = "SELECT id FROM threads ORDER BY seq"
    assert second.read(ids, ()) == [("thr_1",), ("thr_2",)]
    second.close()


def test_a_writer_that_is_kept_waiting_too_long_is_told(
    connection: PostgresConnection, url: StoreUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_schema, "BUSY_MS", 20)
    second = PostgresConnection(url)
    with connection.at_once():
        with pytest.raises(StoreBusy, match="lock"):
            second.write(INSERT, ("thr_1", "kim", "{}"))
        assert second.read("SELECT id FROM threads", ()) == []  # who reads is not held up
    assert second.write(INSERT, ("thr_1", "kim", "{}")) == 1
    second.close()


def test_stores_in_one_database_do_not_see_each_other(
    connection: PostgresConnection, postgres: PostgresServer
) -> None:
    other = PostgresConnection(store_url(postgres.url()))
    with connection.at_once():
        connection.write(INSERT, ("thr_1", "kim", "{}"))
        other.write(INSERT, ("thr_1", "eve", "{}"))
    assert other.read("SELECT threads.user FROM threads", ()) == [("eve",)]
    other.close()


def test_a_connection_that_broke_is_made_again(url: StoreUrl) -> None:
    database = ThreadDatabase(url)
    database.save_thread("kim", thread_row())
    connection = database.connection
    assert isinstance(connection, PostgresConnection)
    end_connections(connection, url)
    assert database.thread("thr_1") == thread_row()
    end_connections(connection, url)
    database.save_item("thr_1", asked_row("msg_0"))

    def save_while_it_breaks() -> None:
        with database.at_once():
            database.save_item("thr_1", asked_row("msg_1"))
            end_connections(connection, url)
            database.save_item("thr_1", asked_row("msg_2"))

    with pytest.raises(StoreUnreachable):
        save_while_it_breaks()
    database.save_item("thr_1", asked_row("msg_3"))
    kept = database.items("thr_1", None, 9, is_descending=False).data
    assert [row["id"] for row in kept] == ["msg_0", "msg_3"]
    database.close()


def test_a_mistake_spoils_no_later_question(connection: PostgresConnection) -> None:
    def save_twice() -> None:
        with connection.at_once():
            connection.write(INSERT, ("thr_1", "kim", "{}"))
            connection.write(INSERT, ("thr_1", "kim", "{}"))

    with pytest.raises(ContextError, match="23505"):
        save_twice()
    assert connection.read("SELECT id FROM threads", ()) == []
    with pytest.raises(ContextError, match="22021"):
        connection.write(INSERT, ("thr_\x00", "kim", "{}"))
    assert connection.write(INSERT, ("thr_1", "kim", "{}")) == 1


def test_what_the_server_gave_up_is_not_said_to_be_kept(connection: PostgresConnection) -> None:
    def save_whatever_happens() -> None:
        with connection.at_once(), contextlib.suppress(ContextError):
            connection.write("SELECT 1 / 0", ())

    with pytest.raises(StoreUnreachable, match="given the change up"):
        save_whatever_happens()
    assert connection.read("SELECT id FROM threads", ()) == []


def test_a_server_that_lets_us_not_in_is_told_without_the_login(postgres: PostgresServer) -> None:
    wrong = "wrong-password"
    with pytest.raises(StoreUnreachable, match="28P01") as caught:
        ThreadDatabase(place_of(postgres.url(password=wrong)))
    told = f"{caught.value}{caught.value.__cause__}"
    assert str(postgres.folder) in told
    assert not [secret for secret in (wrong, PASSWORD, USER) if secret in told]


def test_a_server_that_is_not_there_is_told(postgres: PostgresServer) -> None:
    for url, found in (
        (f"postgresql://kim:{PASSWORD}@/postgres?host=/nowhere", "No such file"),
        (postgres.url().replace("/postgres?", "/none?"), "3D000"),
    ):
        with pytest.raises(StoreUnreachable, match=found) as caught:
            ThreadDatabase(place_of(url))
        assert PASSWORD not in str(caught.value)


async def test_a_user_that_may_not_write_is_told(postgres: PostgresServer) -> None:
    await postgres.sql(f"CREATE USER reader PASSWORD '{PASSWORD}'")
    url = postgres.url().replace(f"{USER}:", "reader:")
    with pytest.raises(StoreReadOnly, match="42501"):
        ThreadDatabase(place_of(url))


def test_a_driver_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(UsageError, match=r"realtime-harness\[postgres\]"):
        module.PostgresConnection(store_url("postgresql:///voice"))
