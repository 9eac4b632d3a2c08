"""The page about changes: what it says has moved has moved there, and the version is the newest."""

from __future__ import annotations

import re
from pathlib import Path

import harness
from harness.moved import MODULES, SYMBOLS

PAGE = (Path(harness.__file__).parent / "docs" / "changes.md").read_text(encoding="utf-8")
MOVED = re.findall(r"^  \| (`harness\..*?) \| (`harness\..*?) \|$", PAGE, re.MULTILINE)


def names(cell: str) -> list[str]:
    """The full names in a cell; what follows the first one stands beside it."""
    first, *others = re.findall(r"`([\w.]+)`", re.sub(r" \(.*?\)", "", cell))
    parent = first.rpartition(".")[0]
    return [first, *(one if one.startswith("harness.") else f"{parent}.{one}" for one in others)]


def test_what_has_moved_is_where_the_page_says() -> None:
    pairs = [pair for was, now in MOVED for pair in zip(names(was), names(now), strict=True)]
    assert len(pairs) > 20
    known = MODULES | SYMBOLS
    assert not {was: (now, known.get(was)) for was, now in pairs if known.get(was) != now}


def test_every_symbol_that_left_its_module_is_on_the_page() -> None:
    listed = {name for was, _ in MOVED for name in names(was)}
    assert set(SYMBOLS) <= listed
