"""The schema of threads in a real PostgreSQL: made once, brought up to date, refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.context.errors import StoreDamaged, StoreNewer
from harness.context.threads import postgres as module
from harness.context.threads import postgres_schema
from harness.context.threads.place import StoreUrl, store_url
from harness.context.threads.postgres import PostgresConnection
from harness.context.threads.postgres_schema import MIGRATIONS, VERSION, lock_of, prepare
from harness.errors import ContextError
from tests.support.postgres_server import PostgresServer


@pytest.fixture
def url(postgres: PostgresServer) -> StoreUrl:
    return store_url(postgres.url())


def versions(url: StoreUrl) -> list[tuple[object, ...]]:
    connection = PostgresConnection(url)
    found = connection.read("SELECT version FROM harness_version", ())
    connection.close()
    return found


def test_many_that_come_first_make_it_once(url: StoreUrl) -> None:
    with ThreadPoolExecutor(4) as pool:
        for connection in pool.map(lambda _: PostgresConnection(url), range(4)):
            connection.close()
    assert versions(url) == [(VERSION,)]


def test_an_older_one_is_brought_up_to_date_with_what_is_in_it(
    url: StoreUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = PostgresConnection(url)
    old.write('INSERT INTO threads (id, "user", data) VALUES (?, ?, ?)', ("thr_1", "kim", "{}"))
    old.close()
    more = (*MIGRATIONS, "ALTER TABLE threads ADD COLUMN note TEXT NOT NULL DEFAULT 'new'")

    async def prepared(connection: object, url: StoreUrl) -> None:
        await prepare(connection, url, more)

    monkeypatch.setattr(module, "prepare", prepared)
    newer = PostgresConnection(url)
    assert newer.read("SELECT id, note FROM threads", ()) == [("thr_1", "new")]
    newer.close()
    assert versions(url) == [(VERSION + 1,)]
    monkeypatch.undo()
    with pytest.raises(StoreNewer, match="newer version"):
        PostgresConnection(url)


def test_a_step_that_fails_changes_nothing(url: StoreUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    PostgresConnection(url).close()
    steps = (*MIGRATIONS, "DROP TABLE feedback; SELECT 1 / 0")

    async def prepared(connection: object, url: StoreUrl) -> None:
        await prepare(connection, url, steps)

    monkeypatch.setattr(module, "prepare", prepared)
    with pytest.raises(ContextError, match="22012"):
        PostgresConnection(url)
    monkeypatch.undo()
    assert versions(url) == [(VERSION,)]


async def test_a_schema_of_another_program_is_left_alone(
    postgres: PostgresServer, url: StoreUrl
) -> None:
    await postgres.sql(f"CREATE SCHEMA {url.schema}")
    await postgres.sql(f"CREATE TABLE {url.schema}.songs (name TEXT)")
    with pytest.raises(StoreDamaged, match="another program"):
        PostgresConnection(url)
    tables = f"SELECT tablename FROM pg_tables WHERE schemaname = '{url.schema}'"
    assert [row[0] for row in await postgres.sql(tables)] == ["songs"]


async def test_a_schema_that_somebody_made_for_us_is_taken(
    postgres: PostgresServer, url: StoreUrl
) -> None:
    await postgres.sql(f"CREATE SCHEMA {url.schema}")
    assert versions(url) == [(VERSION,)]


async def test_what_is_written_is_on_the_disk_whatever_the_server_does_by_itself(
    postgres: PostgresServer, url: StoreUrl
) -> None:
    await postgres.sql("ALTER ROLE keeper SET synchronous_commit TO off")
    try:
        connection = PostgresConnection(url)
        assert connection.read("SHOW synchronous_commit", ()) == [("on",)]
        connection.close()
    finally:
        await postgres.sql("ALTER ROLE keeper RESET synchronous_commit")


def test_each_schema_has_a_lock_of_its_own_that_is_the_same_everywhere() -> None:
    assert lock_of("desk") != lock_of("shop")
    assert lock_of("desk") == -4427065471758684339
    assert postgres_schema.BUSY_MS == 5_000
