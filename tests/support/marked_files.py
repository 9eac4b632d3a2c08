"""The files that hold tests of a mark, found by their text: `--marked MARK` imports no other.

A process that runs only what drives Chromium need not import what does not. The text of a file
tells it: a mark, or the name of a fixture that gives one. A file whose text does not is found out
wherever all files are collected, so that none of its tests is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

DRIVE_CHROMIUM = frozenset(
    {
        "browser",
        "chromium",
        "page",
        "page_browser",
        "run_scenario",
        "shared_chromium",
        "voice_call",
        "voice_page",
    }
)
"""Fixtures that start a Chromium. A test that starts one by itself says @pytest.mark.browser."""

MARKS = ("browser", "realtime", "alone")
"""Those that `.ci/test` divides the tests by."""

_FIXTURES = rf"""\b(?:{"|".join(sorted(DRIVE_CHROMIUM))})["']?\s*[:,)]"""
"""An argument of a test or a fixture, or a name in `usefixtures`."""

_SIGNS = {mark: re.compile(rf"\bmark\.{mark}\b") for mark in MARKS}
_SIGNS["browser"] = re.compile(rf"{_SIGNS['browser'].pattern}|{_FIXTURES}")


def add_option(parser: pytest.Parser) -> None:
    parser.addoption(
        "--marked",
        choices=MARKS,
        help="collect only files that hold tests of this mark (-m still chooses the tests)",
    )


def holds_none(path: Path, mark: str | None) -> bool:
    """Whether a file need not be imported for the tests of a mark. None: every file is wanted."""
    return mark is not None and path.name.startswith("test_") and not _tells(path, mark)


@cache
def _tells(path: Path, mark: str) -> bool:
    return _SIGNS[mark].search(path.read_text(encoding="utf-8")) is not None


def check_that_none_is_lost(items: Iterable[pytest.Item]) -> None:
    """See that the text of each file tells the marks of its tests.

    Raises:
        UsageError: one does not: `--marked` would pass it over.
    """
    marked = {
        (item.path, mark) for item in items for mark in MARKS if item.get_closest_marker(mark)
    }
    if silent := sorted(f"{path}: {mark}" for path, mark in marked if not _tells(path, mark)):
        raise pytest.UsageError(
            "tests have a mark that the text of their file does not name, nor a fixture of "
            "DRIVE_CHROMIUM (tests/support/marked_files.py): " + "; ".join(silent)
        )
