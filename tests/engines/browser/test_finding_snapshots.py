"""Snapshots as findings show."""

from __future__ import annotations

from harness.engines.browser.finding_snapshots import FindingSnapshots
from harness.facts.browser import SnapshotTaken
from harness.findings.page import MainThreadBlocked, ScriptError


async def test_each_kind_of_finding_has_one() -> None:
    taken: list[str] = []
    noted: list[SnapshotTaken] = []

    async def take(name: str) -> SnapshotTaken | None:
        taken.append(name)
        return None if name == "main_thread_blocked" else SnapshotTaken(name, "a.png", "a.dom.txt")

    snapshots = FindingSnapshots(take, noted.append)
    await snapshots.take([ScriptError("a", 1.0), MainThreadBlocked("b", 2.0)])
    await snapshots.take([ScriptError("c", 3.0), MainThreadBlocked("d", 4.0)])
    assert taken == ["script_error", "main_thread_blocked"]
    assert noted == [SnapshotTaken("script_error", "a.png", "a.dom.txt")]
