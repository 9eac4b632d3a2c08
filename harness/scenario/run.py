"""Runs of scenarios, end to end.

What takes long to come up, a browser and a server's process, is begun before the rest of us is
imported: so this module, and what it imports at its top, is light. Only the scenarios are read
before: whoever mistyped something there is told at once.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.engines.prelaunch import begun_ahead
from harness.errors import UsageError
from harness.scenario.load import load_scenario

if TYPE_CHECKING:
    from harness.report.results import Results
    from harness.scenario.progress import Progress


async def run_scenarios(
    paths: Sequence[Path],
    *,
    out: Path,
    engine: str = "browser",
    native: str = "wrtc",
    page_url: str | None = None,
    server_url: str | None = None,
    headed: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> Results:
    """Run the scenarios one after the other and write their reports to ``out``.

    A scenario that breaks is reported with the verdict "error"; the others still run.

    Args:
        engine: "browser", "native" (no browser) or "simulated" (in memory, in virtual time).
        native: the WebRTC implementation of the native engine, "wrtc" or "aiortc".
        seed: for the identifiers of simulated sessions; the same seed repeats a run.

    Raises:
        UsageError: a scenario, its audio or a value is wrong; no conversation was begun.
        HarnessError: no browser or server at all.
        ArtifactError: the reports cannot be written.
    """
    if not paths:
        raise UsageError("No scenario was given.", hint="harness run fixtures/scenarios/rover.yaml")
    scenarios = [load_scenario(path) for path in paths]
    async with begun_ahead(
        server=engine in ("browser", "native") and page_url is None and server_url is None,
        browser=engine == "browser",
        headless=not headed,
    ) as ahead:
        # In a thread, so that what was begun is driven on meanwhile.
        await asyncio.to_thread(importlib.import_module, "harness.scenario.conversations")
        from harness.scenario.conversations import converse
        from harness.scenario.engines import EngineOptions

        options = EngineOptions(engine, native, page_url, server_url, headed, seed)
        return await converse(scenarios, out, options, progress, ahead)
