"""The client's microphone: clips and live sources, mixed, at the pace of the connection.

The connection pulls 20 ms at a time. A microphone that is off sends silence, and what is being
said goes on unheard, as with a person who speaks into a muted microphone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterable, Callable
from pathlib import Path

import numpy as np

from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.audio.fixtures import library
from harness.audio.resample import StreamResampler, resample_clip
from harness.audio.wav import load_clip
from harness.errors import NotConnected
from harness.paths import StrPath

AHEAD_FRAMES = CALL_RATE_HZ // 5
"""A live source is read at most 200 ms ahead."""


class _Source:
    """Samples waiting to be said, and who waits for them to be."""

    def __init__(self, gain: float) -> None:
        self.gain = gain
        self.is_whole = False
        """No more samples follow."""
        self.waiting_frames = 0
        self._blocks: deque[MonoFloat32] = deque()
        self._changed = asyncio.Event()
        self._problem: NotConnected | None = None

    def add(self, samples: MonoFloat32) -> None:
        if len(samples):
            self._blocks.append(samples)
            self.waiting_frames += len(samples)

    def mix_into(self, mixed: MonoFloat32) -> None:
        """Add the next samples, as many as are there."""
        at = 0
        while self._blocks and at < len(mixed):
            block = self._blocks.popleft()
            part, rest = block[: len(mixed) - at], block[len(mixed) - at :]
            mixed[at : at + len(part)] += part * np.float32(self.gain)
            at += len(part)
            if len(rest):
                self._blocks.appendleft(rest)
        self.waiting_frames -= at
        self._changed.set()

    @property
    def is_over(self) -> bool:
        return self.is_whole and not self._blocks

    def abandon(self, problem: NotConnected | None) -> None:
        self.is_whole = True
        self._blocks.clear()
        self.waiting_frames = 0
        self._problem = problem
        self._changed.set()

    async def drained(self, to_frames: int = 0) -> None:
        """Wait until no more than so many samples are waiting."""
        while self.waiting_frames > to_frames:
            self._changed.clear()
            await self._changed.wait()
        if self._problem is not None:
            raise self._problem


class Microphone:
    """The client's voice. On from the start.

    Args:
        on_change: told True or False whenever it is switched.
        is_live: whether a connection pulls, or will again: saying something needs one.
    """

    def __init__(self, on_change: Callable[[bool], None], is_live: Callable[[], bool]) -> None:
        self._on_change = on_change
        self._is_live = is_live
        self._is_on = True
        self._sources: list[_Source] = []

    @property
    def is_on(self) -> bool:
        """Whether what is said is sent; off, silence is."""
        return self._is_on

    def on(self) -> None:
        """Send what is said from now on."""
        self.switch(True)

    def off(self) -> None:
        """Send silence from now on."""
        self.switch(False)

    def toggle(self) -> bool:
        """Switch, and say whether it is on now."""
        self.switch(not self._is_on)
        return self._is_on

    async def play(self, clip: AudioClip | StrPath, gain: float = 1.0) -> None:
        """Say a clip, an audio file of any usual kind, or a shipped fixture by its name.

        Returns when the last sample has gone.

        Several at once are mixed. A cancelled one falls silent.

        Raises:
            FixtureError: the file cannot be used.
            NotConnected: no call is open, or it ended meanwhile.
        """
        if not isinstance(clip, AudioClip):
            clip = await asyncio.to_thread(_loaded, clip)
        source = self._start(gain)
        source.add(resample_clip(clip, CALL_RATE_HZ).samples)
        source.is_whole = True
        await self._until_said(source)

    async def feed(
        self,
        blocks: AsyncIterable[MonoFloat32],
        sample_rate_hz: int = CALL_RATE_HZ,
        gain: float = 1.0,
    ) -> None:
        """Say what a live source gives, until it ends; a device, a file, a synthesiser.

        It is read at most 200 ms ahead, and silence fills what it does not deliver in time.

        Args:
            blocks: mono samples, float32, full scale ±1.0, in blocks of any size.
            sample_rate_hz: of the samples; other rates than 48 kHz are converted.

        Raises:
            NotConnected: no call is open, or it ended meanwhile.
        """
        source = self._start(gain)
        converter = StreamResampler(sample_rate_hz, CALL_RATE_HZ)
        try:
            async for block in blocks:
                source.add(converter.process(np.asarray(block, np.float32)))
                await source.drained(AHEAD_FRAMES)
            source.add(converter.process(np.zeros(0, np.float32), is_last=True))
            source.is_whole = True
        finally:
            if not source.is_whole:
                self._drop(source)
        await self._until_said(source)

    def stop_all(self) -> None:
        """Fall silent at once; whoever waits for the end of what is said goes on."""
        self._abandon_all(None)

    def pull(self, frames: int) -> MonoFloat32:
        """The next samples to send at 48 kHz; exactly ``frames`` of them."""
        mixed = np.zeros(frames, np.float32)
        for source in list(self._sources):
            source.mix_into(mixed)
            if source.is_over:
                self._sources.remove(source)
        return mixed if self._is_on else np.zeros(frames, np.float32)

    def end(self) -> None:
        """No connection will pull any more: whoever waits is told."""
        self._abandon_all(NotConnected("The call ended while something was being said."))

    def switch(self, is_on: bool) -> None:
        """On or off, as given."""
        if is_on != self._is_on:
            self._is_on = is_on
            self._on_change(is_on)

    def _start(self, gain: float) -> _Source:
        if not self._is_live():
            raise NotConnected("Nobody listens: the call is not open.", hint="`connect` first")
        source = _Source(gain)
        self._sources.append(source)
        return source

    async def _until_said(self, source: _Source) -> None:
        try:
            await source.drained()
        finally:
            self._drop(source)

    def _drop(self, source: _Source) -> None:
        if source in self._sources:
            self._sources.remove(source)

    def _abandon_all(self, problem: NotConnected | None) -> None:
        for source in self._sources:
            source.abandon(problem)
        self._sources.clear()


def _loaded(name: StrPath) -> AudioClip:
    if isinstance(name, str) and name in library() and not Path(name).exists():
        return library()[name].load().clip
    return load_clip(name).clip
