"""A call of hours in simulated time: what is kept of it in memory, and what its report needs."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample_clip
from harness.bench.fed_line import open_fed_line
from harness.bench.processes import child_environment, cpu_s, own_memory_bytes
from harness.call.call import Call
from harness.call.opening import CallInfo, CallOptions, open_on_line
from harness.clock import MonotonicClock
from harness.errors import PeerError
from harness.speech.interface import Recogniser
from harness.speech.nanotts import NanoTtsSynthesiser
from harness.speech.quiet import SilenceSkippingDetector
from harness.speech.silero import SileroDetector
from harness.speech.spans import voiced_spans
from harness.speech.tools import SpeechTools, inline
from harness.virtual_time import LoopClock, in_virtual_time

SAID, ANSWERED = "booking-table-for-two", "booking-my-name"
TURN_S = 12.0
"""A sentence, its answer and a pause: 300 turns an hour."""

LOOK_EVERY_S = 300.0
WARM_S = 1800.0
"""What is kept at most is reached by then: a minute of sound, some thousand events."""


@dataclass(frozen=True, slots=True)
class LongCall:
    """What one call came to."""

    seconds: float
    turns: int
    memory_mb: tuple[float, ...]
    """Of this process, each `LOOK_EVERY_S`."""

    cpu_s: float
    """Of this process, for all of it; the made-up page is part of it."""

    disk_mb: float


class FixedRecogniser:
    """Hears the same words in everything: recognition is not what is measured here."""

    name = "fixed"

    def recognise(self, samples: MonoFloat32, sample_rate_hz: int) -> str:
        """The words."""
        return "my name is"


def _tell_nobody(now_s: float) -> None:
    """Nobody asked how far the call is."""


async def hold(
    folder: Path, seconds: float, reached: Callable[[float], None] = _tell_nobody
) -> LongCall:
    """Hold a call for so many simulated seconds, with its trace and recordings in a folder.

    Args:
        reached: told each `LOOK_EVERY_S` how far the call is, in its own seconds.

    Raises:
        HarnessError: the call did not come to its end, or an answer was not heard.
    """
    return await in_virtual_time(lambda: _hold(folder, seconds, reached))


async def _hold(folder: Path, seconds: float, reached: Callable[[float], None]) -> LongCall:
    clip = resample_clip(find_fixture(ANSWERED).load().clip, 48_000)
    memory_mb: list[float] = []
    turns = 0
    before_s = cpu_s([os.getpid()])
    async with open_on_line(
        Call,
        open_fed_line(clip),
        CallInfo(engine="fed"),
        _tools(),
        out=folder,
        options=CallOptions(name="long"),
        clock=LoopClock(),
        wall=MonotonicClock(),
    ) as call:
        while call.now_s < seconds:
            if call.now_s >= len(memory_mb) * LOOK_EVERY_S:
                gc.collect()
                memory_mb.append(own_memory_bytes(os.getpid()) / 2**20)
                reached(call.now_s)
            turns += 1
            await call.say(SAID)
            if not (await call.answer()).recognised:
                raise PeerError("An answer of the made-up page was not heard.", found=f"{turns}")
            await call.until(turns * TURN_S)
        await call.hang_up()
    used_s = cpu_s([os.getpid()]) - before_s
    return LongCall(call.now_s, turns, tuple(memory_mb), used_s, _disk_mb(folder))


def slope_mb_per_hour(memory_mb: Sequence[float]) -> float | None:
    """Growth of memory after `WARM_S`, by least squares; None without three readings."""
    first = round(WARM_S / LOOK_EVERY_S)
    after = list(memory_mb[first:])
    if len(after) < 3:
        return None
    hours = [number * LOOK_EVERY_S / 3600 for number in range(len(after))]
    return statistics.linear_regression(hours, after).slope


REPORT = """
import json, resource, sys, time
from pathlib import Path
from harness.report.write import write_reports
began = time.monotonic()
results = write_reports(Path(sys.argv[1]), [Path(sys.argv[1])], listen=False)
peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
turns = len(results.scenarios[0].turns)
print(json.dumps({"s": time.monotonic() - began, "peak_mb": peak_kb / 1024, "turns": turns}))
"""


async def report_of(folder: Path) -> dict[str, Any]:
    """What `harness report` needs for a call: ``s``, ``peak_mb``, and the ``turns`` it found."""
    command = [sys.executable, "-c", REPORT, str(folder)]
    done = await asyncio.to_thread(
        subprocess.run, command, env=child_environment(), capture_output=True, text=True, check=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _tools() -> SpeechTools:
    detector = SileroDetector()

    def find_speech(clip: AudioClip) -> list[Any]:
        return voiced_spans(clip, detector)

    recogniser: Recogniser = FixedRecogniser()
    return SpeechTools(
        recogniser,
        NanoTtsSynthesiser(),
        lambda: SilenceSkippingDetector(SileroDetector()),
        find_speech,
        inline,
    )


def _disk_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6
