"""A batch of runs that belong to a suite: each has a folder, and a report, of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.report.results import Results


def never() -> bool:
    """For a batch that runs to its end."""
    return False


@dataclass(frozen=True)
class Batch:
    """How the runs of a batch are kept, and who is told of them.

    Whoever makes it holds the folder that they are in (`own_folder`).
    """

    folders: Sequence[str]
    """Of each run, in the order of the scenarios; below the folder of the suite."""

    ended: Callable[[int, Results], None]
    """Told the place of a run, from 0, and its results, once its report is written."""

    stops: Callable[[], bool] = never
    """Asked before each run: whether this one and those behind it are not begun."""
