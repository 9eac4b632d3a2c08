"""Errors of a file of contexts, by what SQLite says."""

from __future__ import annotations

import inspect
import sqlite3
from pathlib import Path

import pytest

from harness.context import errors
from harness.context.errors import (
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    in_one_line,
    store_error,
)
from harness.errors import ContextError, HarnessError


def test_all_are_errors_of_contexts() -> None:
    for name, cls in inspect.getmembers(errors, inspect.isclass):
        if cls.__module__ == errors.__name__:
            assert issubclass(cls, ContextError), name
            assert cls.__doc__, name


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SQLITE_BUSY", StoreBusy),
        ("SQLITE_BUSY_SNAPSHOT", StoreBusy),
        ("SQLITE_FULL", StoreFull),
        ("SQLITE_READONLY_DBMOVED", StoreReadOnly),
        ("SQLITE_CORRUPT", StoreDamaged),
        ("SQLITE_CONSTRAINT", ContextError),
    ],
)
def test_each_has_its_name(code: str, kind: type[ContextError]) -> None:
    error = sqlite3.OperationalError("so it is")
    error.sqlite_errorname = code
    told = store_error(Path("contexts.db"), error)
    assert type(told) is kind
    assert "contexts.db" in told.message
    assert told.found == "so it is"


def test_an_error_without_a_code_is_told_too() -> None:
    told = store_error(None, sqlite3.ProgrammingError("closed"))
    assert type(told) is ContextError
    assert "the threads in memory" in told.message


def test_an_error_may_be_told_in_one_line() -> None:
    error = HarnessError("No call.", expected="a call", found="nothing", hint="try again")
    assert in_one_line(error) == "No call. (expected a call; found nothing)"
    assert in_one_line(HarnessError("No call.")) == "No call."
