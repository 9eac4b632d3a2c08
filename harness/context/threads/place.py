"""The place where threads are kept: a file of SQLite, or a database of PostgreSQL by its URL."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from harness.errors import UsageError
from harness.paths import StrPath

SCHEMES = ("postgresql://", "postgres://")
DEFAULT_SCHEMA = "realtime_harness"
SHOWN = ("host", "port", "schema")
"""What of a URL's query may be shown: the rest holds passwords, and where keys lie."""

_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)?(?::[0-9]+)?")
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class StoreUrl:
    """A database of PostgreSQL. What is shown of it has no user, password or key in it."""

    dsn: str = field(repr=False)
    """For the driver, with all that is secret."""

    shown: str
    schema: str = DEFAULT_SCHEMA
    """Of the database; the tables are in it, and nobody else's are."""

    def __str__(self) -> str:
        return self.shown


Place = Path | StoreUrl


def place_of(given: StrPath) -> Place:
    """A file, or a database where it is the URL of one.

    Raises:
        UsageError: it is a URL of PostgreSQL that cannot be read; the URL is not shown.
    """
    text = os.fspath(given)
    return store_url(text) if text.startswith(SCHEMES) else Path(text)


def store_url(text: str) -> StoreUrl:
    """Read the URL of a database, as libpq has them, with a ``schema`` beside.

    Raises:
        UsageError: it cannot be read. What could be part of a password is never taken for a host.
    """
    try:
        parts = urlsplit(text)
        options = parse_qsl(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise _unreadable("brackets or options that are no pairs of name and value") from None
    login, _, hosts = parts.netloc.rpartition("@")
    if "@" in login or "@" in parts.path or "#" in text:
        raise _unreadable("“@”, “/” or “#” where none can be")
    if not all(_HOST.fullmatch(host) for host in hosts.split(",")):
        raise _unreadable("no name and port of a host")
    schema = dict(options).get("schema", DEFAULT_SCHEMA)
    if not _SCHEMA.fullmatch(schema):
        raise _unreadable("a schema whose name is not of small letters, digits and “_”")
    told = urlencode([pair for pair in options if pair[0] in SHOWN], safe="/")
    rest = urlencode([pair for pair in options if pair[0] != "schema"])
    return StoreUrl(
        parts._replace(query=rest).geturl(),
        f"postgresql://{hosts}{parts.path}" + (f"?{told}" if told else ""),
        schema,
    )


def _unreadable(found: str) -> UsageError:
    return UsageError(
        "The URL of the database cannot be read. It is not shown: there may be a password in it.",
        expected="postgresql://USER@HOST:PORT/DATABASE, with %40 for an “@” in a name",
        found=found,
        hint="leave the password out, and put it into PGPASSWORD or ~/.pgpass",
    )
