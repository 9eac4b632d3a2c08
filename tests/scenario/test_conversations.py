"""Scenarios end to end: their folders, and reports that are written while the engine ends."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from harness.clock import MonotonicClock
from harness.errors import ServerStartError
from harness.scenario import conversations
from harness.scenario.conversations import _folder, _report_while_ending, _Run
from harness.scenario.engines import EngineOptions
from harness.scenario.progress import NoProgress


def test_scenarios_of_one_name_get_folders_of_their_own() -> None:
    out = Path("out")
    first = _folder(out, "s", [])
    second = _folder(out, "s", [first])
    assert (first, second) == (out / "s", out / "s-2")


async def test_an_engine_that_ends_badly_has_its_report_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[_Run] = []
    monkeypatch.setattr(conversations, "_report", lambda run, options: written.append(run))
    run = _Run(Path("out"), NoProgress(), MonotonicClock(), [])
    engines = AsyncExitStack()

    async def ends_badly() -> None:
        await asyncio.sleep(0)
        raise ServerStartError("stuck")

    engines.push_async_callback(ends_badly)
    with pytest.raises(ServerStartError, match="stuck"):
        await _report_while_ending(run, EngineOptions(), engines)
    assert written == [run]
    assert run.is_reporting
