"""Folders that calls were taken out to: one a file, with what is in that file and nothing older.

Such a folder has the index of what was put there; so the next time it is known what to remove, and
a folder of somebody else's is left alone.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Collection
from pathlib import Path

from harness.errors import ArtifactError
from harness.exchange.index import INDEX_NAME, Index, read_index


def free_folder(wanted: Path, taken: Collection[Path]) -> Path:
    """The folder of that name, or with a number behind it, that a call may be taken out to.

    Args:
        wanted: as it is called where nothing is in the way.
        taken: those that others got.
    """
    numbered = (wanted.with_name(f"{wanted.name}-{number}") for number in itertools.count(2))
    return next(
        place
        for place in itertools.chain([wanted], numbered)
        if place not in taken and _may_be_filled(place)
    )


def remove_earlier(folder: Path) -> None:
    """Remove what a file of a call put there before; what else is there stays. The folder is made.

    Raises:
        OSError: it cannot be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    earlier = _index_in(folder)
    if earlier is None:
        return
    for packed in earlier.files:
        place = folder.joinpath(*packed.path.parts)
        if place.parent.resolve().is_relative_to(folder.resolve()):
            place.unlink(missing_ok=True)
            if place.parent != folder:
                with contextlib.suppress(OSError):  # something else is in it
                    place.parent.rmdir()
    (folder / INDEX_NAME).unlink()


def mark(folder: Path, index: Index) -> None:
    """Note what is going to be put there.

    Raises:
        OSError: it cannot be.
    """
    (folder / INDEX_NAME).write_text(index.to_json(), encoding="utf-8")


def _may_be_filled(folder: Path) -> bool:
    if not folder.exists():
        return not folder.is_symlink()
    return folder.is_dir() and (not any(folder.iterdir()) or _index_in(folder) is not None)


def _index_in(folder: Path) -> Index | None:
    try:
        return read_index((folder / INDEX_NAME).read_text("utf-8"), str(folder))
    except (OSError, ValueError, ArtifactError):
        return None
