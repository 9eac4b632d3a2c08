"""The benchmark of contexts, on a few items."""

from __future__ import annotations

from pathlib import Path

from harness.bench.contexts import killed


async def test_what_a_killed_process_had_kept_is_counted(tmp_path: Path) -> None:
    figures = await killed(tmp_path / "contexts.db", saves=20, most_at_once=20)
    assert figures["items_lost"] == figures["items_out_of_order"] == 0
    assert figures["items_acknowledged"] >= 20
    assert figures["kills"] >= 1
