"""Paths that somebody gives: their type, and what is there in words."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path

StrPath = str | os.PathLike[str]
"""`Path` is one of them; what is public takes any, and makes a `Path` of it where it comes in."""

MOST_NAMES = 6
"""Of a folder's contents, told in a message."""


def what_is_at(path: Path) -> str:
    """What somebody finds at a path, for a message: nothing, a file, a folder and what is in it."""
    if path.is_dir():
        names = sorted(found.name for found in path.iterdir())
        return f"a folder with {', '.join(names[:MOST_NAMES])}" if names else "an empty folder"
    if not path.exists():
        return "nothing"
    is_empty = path.is_file() and path.stat().st_size == 0
    return f"{'an empty file' if is_empty else 'a file'} named {path.name}"


def near_names(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """The names that may have been meant, the nearest first; an ending alone makes none near."""
    near = difflib.get_close_matches(word, sorted(set(known)), n=count)
    return [name for name in near if difflib.get_close_matches(Path(word).stem, [Path(name).stem])]
