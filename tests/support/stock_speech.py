"""A microphone and ears for programs that send and get PCM16 at 24 kHz as messages."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

from harness.audio import pcm16
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample_clip
from harness.speech.tools import real_tools

RATE_HZ = 24_000
BATCH_BYTES = RATE_HZ // 25 * 2
"""40 ms of PCM16."""
BATCH_EVERY_S = 0.01
"""Four times as fast as a real microphone: the server goes by samples, and tests have no time."""

Send = Callable[[bytes], Awaitable[Any]]


class SteadyMicrophone:
    """Sends without a pause, as long as the block lasts: what is to be said, else silence."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[bytes] = deque()
        self._task: asyncio.Task[None] | None = None

    def say(self, fixture: str) -> None:
        """Speak a recorded fixture from now on."""
        clip = resample_clip(find_fixture(fixture).load().clip, RATE_HZ)
        data = pcm16.encode(clip.samples)
        pieces = [data[at : at + BATCH_BYTES] for at in range(0, len(data), BATCH_BYTES)]
        self._waiting.extend(piece.ljust(BATCH_BYTES, b"\0") for piece in pieces)

    async def __aenter__(self) -> SteadyMicrophone:
        self._task = asyncio.get_running_loop().create_task(self._run())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.wait([self._task])
        if kind is None and not self._task.cancelled():
            self._task.result()  # why it ended before its time

    async def _run(self) -> None:
        while True:
            piece = self._waiting.popleft() if self._waiting else bytes(BATCH_BYTES)
            await self._send(piece)
            await asyncio.sleep(BATCH_EVERY_S)


async def words_in(pcm: bytes) -> str:
    """What recognition hears in PCM16 at 24 kHz."""
    tools = real_tools()
    return await tools.offload(tools.recogniser.recognise, pcm16.decode(pcm), RATE_HZ)
