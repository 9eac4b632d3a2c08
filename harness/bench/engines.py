"""The WebRTC engines side by side: each measured alone, in a fresh process."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from harness.bench.engine_figures import ENGINES
from harness.bench.processes import child_environment, require_proc
from harness.errors import PeerError
from harness.peer.backends import DEFAULT_ENGINE

MEASURED_WITHIN_S = 180.0


async def measure(engines: Sequence[str] = ENGINES) -> dict[str, Any]:
    """The figures of `harness bench engines`; takes about two minutes.

    Returns:
        ``browser``, ``simulated`` and ``native`` (with ``wrtc`` and ``aiortc`` in it): the
        figures of `harness.bench.engine_figures.measure_engine` each; ``default_native``, and
        ``cores`` of this machine. CPU of ``simulated`` is for a second of its own time, which
        passes much faster than ours, and for both ends.

    Raises:
        UsageError: this system has no /proc to read.
        PeerError: an engine could not be measured; the message holds what it said.
    """
    require_proc()
    figures = {engine: await _in_process(engine) for engine in engines}
    native = {name: figures.pop(name) for name in ("wrtc", "aiortc") if name in figures}
    return {
        **figures,
        "native": native,
        "default_native": DEFAULT_ENGINE,
        "cores": os.cpu_count(),
    }


async def _in_process(engine: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "harness.bench.engine_figures", engine),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=child_environment(),
    )
    try:
        async with asyncio.timeout(MEASURED_WITHIN_S):
            output, complaint = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        said = [line.strip() for line in complaint.decode("utf-8", "replace").splitlines()[-4:]]
        raise PeerError(f"The engine “{engine}” was not measured.", found=" | ".join(said))
    found: dict[str, Any] = json.loads(output)
    return found
