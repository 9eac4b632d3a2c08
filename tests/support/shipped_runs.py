"""Shipped scenarios, run once in the simulated engine for all tests that read what they left."""

from __future__ import annotations

import asyncio
import fcntl
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.report.results import Results
from harness.resources import fixtures_dir
from harness.scenario.run import run_scenarios

SHIPPED = sorted((fixtures_dir() / "scenarios").glob("*.yaml"))


@dataclass(frozen=True)
class ShippedRuns:
    """What a run left; read it, and change nothing in its folder."""

    results: Results
    folder: Path


def shipped_runs(shared: Path, speech_cache: Path) -> ShippedRuns:
    """Run them, or take what another process of the same session has left.

    No coroutine: one that waits when the time of a test is over is never told of it, and what it
    has set in the environment stays.

    Args:
        shared: a folder that all processes of the session have.
        speech_cache: where what is spoken is kept.
    """
    folder = shared / "shipped-runs"
    folder.mkdir(exist_ok=True)
    with (shared / "shipped-runs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "results.json"
        if not done.exists():
            with pytest.MonkeyPatch.context() as environment:
                environment.setenv("HARNESS_CACHE", str(speech_cache))
                environment.setenv("HARNESS_VOICE_ENGINE", "kokoro")
                asyncio.run(run_scenarios(SHIPPED, out=folder, engine="simulated"))
        return ShippedRuns(Results.model_validate_json(done.read_text("utf-8")), folder)
