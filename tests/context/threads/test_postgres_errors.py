"""Errors of a PostgreSQL server, by its codes."""

from __future__ import annotations

import pytest

from harness.context.errors import (
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
)
from harness.context.threads.place import store_url
from harness.context.threads.postgres_errors import is_lost, server_error
from harness.errors import ContextError

URL = store_url("postgresql://kim:s3cret@db.example/voice")


def of_server(code: str, text: str = "so it is") -> Exception:
    error = RuntimeError(text)
    error.sqlstate = code  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize(
    ("code", "kind", "lost"),
    [
        ("28P01", StoreUnreachable, False),
        ("3D000", StoreUnreachable, False),
        ("57P01", StoreUnreachable, True),
        ("08006", StoreUnreachable, True),
        ("55P03", StoreBusy, False),
        ("57014", StoreBusy, False),
        ("40P01", StoreBusy, False),
        ("53100", StoreFull, False),
        ("42501", StoreReadOnly, False),
        ("25006", StoreReadOnly, False),
        ("42P01", StoreDamaged, False),
        ("XX001", StoreDamaged, False),
        ("22021", ContextError, False),
    ],
)
def test_each_has_its_name(code: str, kind: type[ContextError], lost: bool) -> None:
    told = server_error(URL, of_server(code))
    assert type(told) is kind
    assert told.found == f"so it is ({code})"
    assert "postgresql://db.example/voice" in told.message
    assert is_lost(of_server(code)) is lost


@pytest.mark.parametrize("error", [ConnectionRefusedError("refused"), TimeoutError()])
def test_a_network_that_fails_is_a_server_that_cannot_be_reached(error: Exception) -> None:
    assert type(server_error(URL, error)) is StoreUnreachable
    assert is_lost(error)


def test_no_user_and_no_row_is_told() -> None:
    refused = of_server("28P01", 'password authentication failed for user "kim"')
    many = of_server("53300", 'too many connections for role "kim"')
    row = of_server("23514", "new row is wrong\nDETAIL: Failing row contains (kim, My name is).")
    for error in (refused, many, row):
        told = str(server_error(URL, error))
        assert "kim" not in told
        assert "s3cret" not in told
