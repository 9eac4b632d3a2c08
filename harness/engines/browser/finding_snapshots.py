"""Snapshots of the page as findings show, one of each kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from harness.facts.browser import SnapshotTaken
from harness.findings.finding import Finding

Take = Callable[[str], Awaitable[SnapshotTaken | None]]
"""Takes one, for the finding of this name; gives None where that cannot be."""


class FindingSnapshots:
    """Takes a snapshot where a finding shows first.

    Args:
        take: takes one.
        note: told what was kept.
    """

    def __init__(self, take: Take, note: Callable[[SnapshotTaken], None]) -> None:
        self._take = take
        self._note = note
        self._taken: set[str] = set()

    async def take(self, found: Iterable[Finding]) -> None:
        """One for each that has none yet."""
        for finding in found:
            if finding.name in self._taken:
                continue
            self._taken.add(finding.name)
            kept = await self._take(finding.name)
            if kept is not None:
                self._note(kept)
