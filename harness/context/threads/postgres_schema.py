"""The schema of threads in PostgreSQL, its version, and the way from each version to the next."""

from __future__ import annotations

import hashlib
from typing import Any

from harness.context.errors import StoreDamaged, StoreNewer
from harness.context.threads.place import StoreUrl

BUSY_MS = 5_000
ABANDONED_MS = 30_000
"""A process that hangs in the middle of a change keeps others from theirs no longer than this."""

MIGRATIONS = (
    """
    CREATE TABLE threads (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        "user" TEXT NOT NULL,
        data TEXT NOT NULL
    );
    CREATE INDEX threads_of_user ON threads ("user", seq);
    CREATE TABLE items (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        data TEXT NOT NULL,
        UNIQUE (thread_id, id)
    );
    CREATE INDEX items_of_thread ON items (thread_id, seq);
    CREATE TABLE attachments (
        id TEXT PRIMARY KEY,
        "user" TEXT NOT NULL,
        data TEXT NOT NULL,
        content BYTEA
    );
    CREATE TABLE feedback (
        thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        item_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        PRIMARY KEY (thread_id, item_id)
    );
    CREATE TABLE leases (
        thread_id TEXT PRIMARY KEY REFERENCES threads (id) ON DELETE CASCADE,
        holder TEXT NOT NULL,
        until_unix_s DOUBLE PRECISION NOT NULL
    );
    CREATE FUNCTION json_extract(data TEXT, path TEXT) RETURNS JSONB
    LANGUAGE SQL IMMUTABLE STRICT AS $$
        SELECT nullif(
            jsonb_path_query_first(replace(data, '\\u0000', '\\u0001')::jsonb, path::jsonpath),
            'null'
        )
    $$;
    """,
)
"""Step N leads from version N to N + 1.

``json_extract`` is SQLite's, so that both understand the same questions. JSON stays text, as it was
given: JSONB has no room for the character 0, which only what is looked up goes without.
"""

VERSION = len(MIGRATIONS)

_VERSION_TABLE = "harness_version"
_TABLES = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = $1 AND relkind IN ('r', 'p', 'v', 'm', 'f')
"""


def lock_of(schema: str) -> int:
    """The number of the advisory lock that whoever writes into a schema has meanwhile."""
    digest = hashlib.sha256(f"realtime-harness: threads in {schema}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


async def prepare(connection: Any, url: StoreUrl, migrations: tuple[str, ...] = MIGRATIONS) -> None:
    """Make the schema of a connection one of this version; an older one is brought up to it.

    Args:
        connection: of asyncpg, outside of a transaction.
        migrations: all steps.

    Raises:
        StoreDamaged, StoreNewer: the schema is somebody else's, or of a newer version.
        asyncpg.PostgresError: it may not be made, or is locked; nothing was changed.
    """
    await connection.execute(
        f"SET search_path TO {url.schema}; SET lock_timeout TO {BUSY_MS}; "
        f"SET idle_in_transaction_session_timeout TO {ABANDONED_MS}; "
        "SELECT set_config('synchronous_commit', 'on', false) "
        "WHERE current_setting('synchronous_commit') = 'off'"
    )
    if await _version(connection, url, len(migrations)) == len(migrations):
        return
    async with connection.transaction(isolation="read_committed"):
        await connection.execute("SELECT pg_advisory_xact_lock($1)", lock_of(url.schema))
        version = await _version(connection, url, len(migrations))
        if version == 0:
            await _make(connection, url)
        for step in migrations[version:]:
            await connection.execute(step)
        await connection.execute(f"UPDATE {_VERSION_TABLE} SET version = $1", len(migrations))


async def _version(connection: Any, url: StoreUrl, newest: int) -> int:
    """Of the schema; 0 where there is none, or it is empty.

    Raises:
        StoreDamaged, StoreNewer: it is somebody else's, or newer.
    """
    tables = {row["relname"] for row in await connection.fetch(_TABLES, url.schema)}
    if _VERSION_TABLE in tables:
        version = int(await connection.fetchval(f"SELECT version FROM {_VERSION_TABLE}"))
        if version > newest:
            raise StoreNewer(
                f"{url} was written by a newer version of the harness.",
                expected=f"a schema of version {newest} or less",
                found=f"version {version}",
                hint="update the harness, or name another schema with ?schema=",
            )
        return version
    if tables:
        raise StoreDamaged(
            f"The schema {url.schema} of {url} is another program's.",
            expected="a schema that the harness made, or a name that is free",
            found=f"{len(tables)} tables and views of something else",
            hint="name another schema with ?schema=",
        )
    return 0


async def _make(connection: Any, url: StoreUrl) -> None:
    """The schema, of version 0.

    Raises:
        StoreDamaged: the database is of no use.
    """
    encoding = await connection.fetchval("SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        raise StoreDamaged(
            f"{url} cannot hold every letter.",
            expected="a database with the encoding UTF8",
            found=encoding,
            hint="createdb --encoding UTF8 --template template0 NAME",
        )
    if await connection.fetchval("SELECT to_regnamespace($1) IS NULL", url.schema):
        await connection.execute(f"CREATE SCHEMA {url.schema}")
    await connection.execute(
        f"CREATE TABLE {_VERSION_TABLE} (version INTEGER NOT NULL); "
        f"INSERT INTO {_VERSION_TABLE} VALUES (0)"
    )
