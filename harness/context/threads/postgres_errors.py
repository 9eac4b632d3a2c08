"""Errors of PostgreSQL: what they mean for threads that are kept there, told without a login."""

from __future__ import annotations

import re

from harness.context.errors import (
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
)
from harness.context.threads.place import StoreUrl
from harness.errors import ContextError

LOST = ("08", "57P")
"""How the codes begin after which a connection is of no use."""

_AGAIN = "end the other program, or try again when it is done"
_RIGHTS = (
    "give the user the right to make a schema, and to write in it, on a server that is no copy"
)
_KINDS: tuple[tuple[str, type[ContextError], str], ...] = (
    ("28", StoreUnreachable, "look at user and password; PGPASSWORD and ~/.pgpass are read, too"),
    ("3D000", StoreUnreachable, "make the database: createdb NAME"),
    ("08", StoreUnreachable, "see whether the server runs; what could not be kept is tried again"),
    ("57P", StoreUnreachable, "see whether the server runs; what could not be kept is tried again"),
    ("55P03", StoreBusy, _AGAIN),
    ("57014", StoreBusy, _AGAIN),
    ("40", StoreBusy, _AGAIN),
    ("53300", StoreBusy, "let the server take more connections, or end some"),
    ("53100", StoreFull, "make room; what was kept before is whole"),
    ("25006", StoreReadOnly, _RIGHTS),
    ("42501", StoreReadOnly, _RIGHTS),
    ("42", StoreDamaged, "put back a copy of the schema, or name another with ?schema="),
    ("XX00", StoreDamaged, "put back a copy of the database"),
)
_NO_CODE = "see whether the server runs, and listens there"
_LOGIN = re.compile(r'\b(user|role) "[^"]*"')


def is_lost(error: Exception) -> bool:
    """Whether the connection is of no use after it."""
    code = _code(error)
    return not code or code.startswith(LOST)


def server_error(url: StoreUrl, error: Exception) -> ContextError:
    """What the driver raised, or the network did, in our words.

    Args:
        error: of the driver, with the server's code in ``sqlstate``; or one without it, of the
            network.
    """
    code = _code(error)
    kind, hint = next(
        ((kind, hint) for start, kind, hint in _KINDS if code.startswith(start)),
        (ContextError, None) if code else (StoreUnreachable, _NO_CODE),
    )
    return kind(
        f"The threads cannot be read or written: {url}.",
        expected="a database of PostgreSQL that can be reached and written, and is not held by "
        "another program for longer than 5 s",
        found=_told(error, code),
        hint=hint,
    )


def _told(error: Exception, code: str) -> str:
    """The first line: the others show rows."""
    lines = str(error).splitlines() or [type(error).__name__]
    told = _LOGIN.sub(r"the \1", lines[0])
    return f"{told} ({code})" if code else told


def _code(error: Exception) -> str:
    return getattr(error, "sqlstate", None) or ""
