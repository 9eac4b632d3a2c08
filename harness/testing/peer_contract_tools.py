"""Tools of the contract suite: two ends that call each other, tones, and listening."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from harness.peer.interface import (
    FRAME_FRAMES,
    SAMPLE_RATE_HZ,
    PeerConnection,
    PeerFactory,
    Samples,
)
from harness.testing.recording_listener import RecordingListener

LABEL = "events"
TONE_RMS = 0.5 / float(np.sqrt(2))
LEFT_WITHIN_S = 5.0
"""How long what a closed connection started may take to end."""


@dataclass(frozen=True)
class Side:
    """One end of a call, and what it was told."""

    peer: PeerConnection
    listener: RecordingListener


@dataclass(frozen=True)
class Ends:
    """Who calls whom."""

    make_caller: PeerFactory
    make_callee: PeerFactory


class Tone:
    """A sine of -9 dBFS with a continuous phase, as a microphone."""

    def __init__(self, frequency_hz: float) -> None:
        self._frequency_hz = frequency_hz
        self._position = 0

    def __call__(self, frames: int) -> Samples:
        at = np.arange(self._position, self._position + frames)
        self._position += frames
        wave = 0.5 * np.sin(2 * np.pi * self._frequency_hz * at / SAMPLE_RATE_HZ)
        return wave.astype(np.float32)


@asynccontextmanager
async def one_side(make_peer: PeerFactory) -> AsyncIterator[Side]:
    """A connection that nobody has called yet; closed at the end."""
    listener = RecordingListener()
    peer = make_peer(listener)
    try:
        yield Side(peer, listener)
    finally:
        await peer.aclose()


@asynccontextmanager
async def connected(ends: Ends, *labels: str) -> AsyncIterator[tuple[Side, Side]]:
    """Caller and callee with open channels between them."""
    labels = labels or (LABEL,)
    async with one_side(ends.make_caller) as caller, one_side(ends.make_callee) as callee:
        for label in labels:
            caller.peer.open_channel(label)
        answer = await callee.peer.accept_offer(await caller.peer.create_offer())
        await caller.peer.accept_answer(answer)
        for side in (caller, callee):
            await side.listener.until(_is_up(side, labels))
        yield caller, callee


def _is_up(side: Side, labels: tuple[str, ...]) -> Callable[[], bool]:
    return lambda: (
        set(labels) <= set(side.listener.opened) and side.peer.connection_state == "connected"
    )


def without_candidates(sdp: str) -> tuple[str, list[tuple[str, str]]]:
    """The description without its ICE candidates, and they with the name of their section."""
    kept: list[str] = []
    candidates: list[str] = []
    mid = ""
    for line in sdp.splitlines():
        if line.startswith("a=candidate:"):
            candidates.append(line.removeprefix("a="))
        elif line != "a=end-of-candidates":
            kept.append(line)
        if line.startswith("a=mid:") and not mid:
            mid = line.removeprefix("a=mid:")
    # Every section is carried by the first one's transport (BUNDLE).
    found = [(candidate, mid) for candidate in dict.fromkeys(candidates)]
    return "".join(f"{line}\r\n" for line in kept), found


def loudest_hz(samples: Samples) -> float:
    """The frequency with the most power, in Hz; of at least one sample."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * SAMPLE_RATE_HZ / len(samples)


def rms(samples: Samples) -> float:
    """Root mean square; 0 for no samples."""
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0


def steady_rms(samples: Samples) -> float:
    """The level most of the time: the median of 20 ms pieces, which a hole or two do not move."""
    pieces = len(samples) // FRAME_FRAMES
    return float(np.median([rms(piece) for piece in np.array_split(samples, pieces)]))


async def hear(side: Side, seconds: float) -> Samples:
    """The next so many seconds of what a side receives; they are waited for.

    Raises:
        TimeoutError: they did not come in 10 s.
    """
    start = len(side.listener.samples())
    wanted = start + int(seconds * SAMPLE_RATE_HZ)
    await side.listener.until(lambda: side.listener.received_frames >= wanted)
    return side.listener.samples()[start:wanted]


async def hear_until(
    side: Side, fits: Callable[[Samples], bool], piece_s: float = 0.1, within_s: float = 10.0
) -> None:
    """Listen piece by piece until one fits.

    Raises:
        AssertionError: none did in time; says how loud and how high the last one was.
    """
    last = np.zeros(FRAME_FRAMES, np.float32)
    try:
        async with asyncio.timeout(within_s):
            while True:
                last = await hear(side, piece_s)
                if fits(last):
                    return
    except TimeoutError:
        level_dbfs = 20 * np.log10(max(rms(last), 1e-9))
        raise AssertionError(
            f"last heard: {loudest_hz(last):.0f} Hz, {level_dbfs:.0f} dBFS"
        ) from None


class Footprint:
    """The tasks, threads and file handles there are now, to compare with later."""

    def __init__(self) -> None:
        self._tasks = asyncio.all_tasks()
        self._threads = set(threading.enumerate())
        self._handles = _open_handles()

    async def check_nothing_left(self, spare_handles: int = 0) -> None:
        """Wait until tasks and handles are as they were.

        Args:
            spare_handles: file handles more than before that are no leak (an engine's own pool).

        Raises:
            AssertionError: something stayed; says what.
        """
        try:
            async with asyncio.timeout(LEFT_WITHIN_S):
                while self._left(spare_handles):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.02)
        except TimeoutError:
            if left := self._left(spare_handles):  # it may have gone since the last look
                raise AssertionError(f"left behind: {left}") from None

    def _left(self, spare_handles: int) -> list[str]:
        tasks = asyncio.all_tasks() - self._tasks
        left = [f"task {task.get_name()}" for task in tasks if task is not asyncio.current_task()]
        threads = set(threading.enumerate()) - self._threads
        left += [f"thread {t.name}" for t in threads if "asyncio" not in t.name]
        more = _open_handles() - self._handles
        return left + ([f"{more} file handles"] if more > spare_handles else [])


def _open_handles() -> int:
    """Open file handles of this process; 0 where the system does not list them."""
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0
