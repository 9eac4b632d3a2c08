"""A remote peer that answers a marker with a sound, a programmed time later.

For measuring what a path costs: the page sends a marker, and hears the answer; what lies between
them and was not programmed is the path. `python -m harness.engines.browser.answering_peer BACKEND`
serves the page and takes its calls, says its address on standard output, and ends with its standard
input. In a process of its own, as the local server is: in the harness's its audio would starve.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import numpy as np
from aiohttp import web

from harness.audio.clip import MonoFloat32
from harness.errors import PeerError, ServerStartError
from harness.peer.backends import peer_factory
from harness.peer.interface import SAMPLE_RATE_HZ, PeerConnection, StateKind

UP_WITHIN_S = 20.0
PACKAGE_HOME = str(Path(__file__).resolve().parents[3])
MARKER_LEVEL = 0.1
"""A marker begins with the first sample above this, behind a stretch without one."""

QUIET_S = 0.15
"""So long that stretch is, where nothing else is sent than markers."""

KEPT_TIMES = 50
"""The pace of a stream is read from so many of its last pieces: half a second or more."""

PAGE = """<!doctype html><meta charset="utf-8"><title>path cost</title><script>
window.startCall = async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const connection = (window.connection = new RTCPeerConnection());
  const speaker = (window.speaker = new Audio());
  connection.ontrack = ({ streams }) => { speaker.srcObject = streams[0]; void speaker.play(); };
  for (const track of stream.getTracks()) connection.addTrack(track, stream);
  await connection.setLocalDescription(await connection.createOffer());
  while (connection.iceGatheringState !== "complete") {
    await new Promise((done) => connection.addEventListener("icegatheringstatechange", done));
  }
  const response = await fetch("/offer", { method: "POST", body: connection.localDescription.sdp });
  if (!response.ok) throw new Error(await response.text());
  await connection.setRemoteDescription({ type: "answer", sdp: await response.text() });
  while (connection.connectionState !== "connected") {
    if (connection.connectionState === "failed") throw new Error("the peer connection failed");
    await new Promise((done) => connection.addEventListener("connectionstatechange", done));
  }
};
window.bufferCounts = async () => {
  for (const entry of (await window.connection.getStats()).values()) {
    const { type, jitterBufferDelay: delay, jitterBufferEmittedCount: count } = entry;
    if (type === "inbound-rtp") return [delay, count];
  }
  return [0, 0];
};
</script>
"""


class Pace:
    """When the samples of a stream are due, from when its pieces came. Pure.

    A piece is taken late, never early; single delays do not count.
    """

    def __init__(self) -> None:
        self.frames = 0
        self._origins_s: deque[float] = deque(maxlen=KEPT_TIMES)

    def piece(self, now_s: float, frames: int) -> None:
        """So many frames were handed over now."""
        self._origins_s.append(now_s - self.frames / SAMPLE_RATE_HZ)
        self.frames += frames

    def time_s(self, frame: float) -> float:
        """When a frame was, or will be, handed over."""
        return statistics.median(self._origins_s) + frame / SAMPLE_RATE_HZ

    def frame_at(self, t_s: float) -> int:
        """The frame that is handed over then."""
        return round((t_s - statistics.median(self._origins_s)) * SAMPLE_RATE_HZ)


class Answering:
    """Hears markers; each is answered later, to the sample. Pure: time is handed in.

    Args:
        answer: 48 kHz, shape (frames,).
        after_s: from a marker's first sample, handed over, to the answer's, taken.
        quiet_s: how long it is quiet before a marker; longer than pauses within what follows it.
    """

    def __init__(self, answer: MonoFloat32, after_s: float, quiet_s: float = QUIET_S) -> None:
        self._in, self._out = Pace(), Pace()
        self._quiet_frames = 0
        self._begins: list[int] = []
        self.answer = answer
        self.after_s = after_s
        self.quiet_s = quiet_s

    def heard(self, samples: MonoFloat32, now_s: float) -> None:
        """The next samples came, 48 kHz, shape (frames,)."""
        first = self._in.frames
        self._in.piece(now_s, len(samples))
        loud = np.flatnonzero(np.abs(samples) > MARKER_LEVEL)
        if not len(loud):
            self._quiet_frames += len(samples)
            return
        quiet_s = (self._quiet_frames + int(loud[0])) / SAMPLE_RATE_HZ
        if quiet_s >= self.quiet_s and self._out.frames:
            begins_s = self._in.time_s(first + loud[0]) + self.after_s
            self._begins.append(self._out.frame_at(begins_s))
        self._quiet_frames = len(samples) - 1 - int(loud[-1])

    def pull(self, frames: int, now_s: float) -> MonoFloat32:
        """The next samples to send, 48 kHz, shape (frames,)."""
        first = self._out.frames
        self._out.piece(now_s, frames)
        block = np.zeros(frames, np.float32)
        for begin in self._begins:
            low, high = max(first, begin), min(first + frames, begin + len(self.answer))
            if low < high:
                block[low - first : high - first] += self.answer[low - begin : high - begin]
        self._begins = [each for each in self._begins if each + len(self.answer) > first]
        return block


class AnsweringPeer:
    """The remote end of one page's call at a time."""

    def __init__(self, backend: str) -> None:
        self._make_peer = peer_factory(backend)
        self._peer: PeerConnection | None = None
        self._answering = Answering(np.zeros(0, np.float32), 0.0)

    async def take_offer(self, request: web.Request) -> web.Response:
        """`POST /offer`: the SDP answer."""
        await self.aclose()
        answering = self._answering
        self._answering = Answering(answering.answer, answering.after_s, answering.quiet_s)
        self._peer = self._make_peer(self)
        self._peer.attach_microphone(lambda n: self._answering.pull(n, time.monotonic()))
        try:
            return web.Response(text=await self._peer.accept_offer(await request.text()))
        except PeerError as error:
            return web.Response(status=400, text=str(error))

    async def take_answer(self, request: web.Request) -> web.Response:
        """`POST /answer?after_s=…&quiet_s=…`: float32 samples, what is answered from now on."""
        samples = np.frombuffer(await request.read(), np.float32)
        self._answering.answer = samples
        self._answering.after_s = float(request.query["after_s"])
        self._answering.quiet_s = float(request.query["quiet_s"])
        return web.Response()

    async def aclose(self) -> None:
        """End the call."""
        if self._peer is not None:
            await self._peer.aclose()
            self._peer = None

    # PeerListener

    def state_changed(self, kind: StateKind, state: str) -> None:
        """The page looks at its own."""

    def channel_opened(self, label: str) -> None:
        """The page opens none."""

    def channel_message(self, label: str, data: str | bytes) -> None:
        """The page sends none."""

    def channel_closed(self, label: str) -> None:
        """The page opens none."""

    def remote_track(self, track_id: str, stream_ids: tuple[str, ...]) -> None:
        """There is one track."""

    def remote_audio(self, samples: MonoFloat32) -> None:
        """Listen for markers in them (48 kHz)."""
        self._answering.heard(samples, time.monotonic())

    def failed(self, error: PeerError) -> None:
        """Shows as answers that do not come."""


@asynccontextmanager
async def open_answering_peer(backend: str) -> AsyncIterator[str]:
    """Run one in a process of its own for the length of the block; its page's address.

    Raises:
        ServerStartError: it does not come up.
    """
    path = os.pathsep.join(filter(None, [PACKAGE_HOME, os.environ.get("PYTHONPATH")]))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "harness.engines.browser.answering_peer", backend),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert process.stdin is not None
    try:
        yield await _address(process)
    finally:
        process.stdin.close()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await process.wait()
        finally:  # also where whoever waits for its end is cancelled
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    url = b""
    with suppress(TimeoutError):
        async with asyncio.timeout(UP_WITHIN_S):
            url = await process.stdout.readline()
    if not url:
        raise ServerStartError("The peer that measures the path did not come up.")
    return url.decode().strip()


async def serve(backend: str) -> None:
    """Serve the page and its calls on a free port of the loopback interface, till input ends."""
    peer = AnsweringPeer(backend)
    app = web.Application()
    app.router.add_get("/", _page)
    app.router.add_post("/offer", peer.take_offer)
    app.router.add_post("/answer", peer.take_answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await peer.aclose()
    await runner.cleanup()


async def _page(_: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
