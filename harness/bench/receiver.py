"""A bare remote peer for one page: it answers the page's offer and keeps the audio it receives."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import numpy as np
from aiohttp import web

from harness.audio.clip import MonoFloat32
from harness.errors import PeerError
from harness.peer.backends import peer_factory
from harness.peer.interface import PeerConnection, StateKind, StatsSnapshot

PAGE = """<!doctype html><meta charset="utf-8"><title>microphone bench</title><script>
window.startCall = async (constraints) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: constraints });
  const connection = (window.connection = new RTCPeerConnection());
  for (const track of stream.getTracks()) connection.addTrack(track, stream);
  await connection.setLocalDescription(await connection.createOffer());
  while (connection.iceGatheringState !== "complete") {
    await new Promise((done) => connection.addEventListener("icegatheringstatechange", done));
  }
  const response = await fetch("/offer", { method: "POST", body: connection.localDescription.sdp });
  if (!response.ok) throw new Error(await response.text());
  await connection.setRemoteDescription({ type: "answer", sdp: await response.text() });
};
window.sentBytes = async () => {
  for (const entry of (await window.connection.getStats()).values()) {
    if (entry.type === "outbound-rtp") return entry.bytesSent;
  }
  return 0;
};
</script>
"""


class Receiver:
    """Keeps every sample of the last call, in order; listens to one connection at a time."""

    def __init__(self, engine: str) -> None:
        self._make_peer = peer_factory(engine)
        self._pieces: list[MonoFloat32] = []
        self._frames = 0
        self._peer: PeerConnection | None = None
        self._more = asyncio.Event()
        self.url = ""

    @property
    def frames(self) -> int:
        """Samples received so far, 48 kHz."""
        return self._frames

    async def wait_audio(self) -> None:
        """Wait for the next samples."""
        self._more.clear()
        await self._more.wait()

    def samples(self) -> MonoFloat32:
        """All samples received, 48 kHz mono."""
        return np.concatenate([*self._pieces, np.zeros(0, np.float32)])

    async def stats(self) -> StatsSnapshot:
        """The connection's numbers.

        Raises:
            PeerError: there is no connection.
        """
        if self._peer is None:
            raise PeerError("No page has called yet.", expected="an offer")
        return await self._peer.stats()

    async def aclose(self) -> None:
        """End the call."""
        if self._peer is not None:
            await self._peer.aclose()
            self._peer = None

    async def answer(self, request: web.Request) -> web.Response:
        """`POST /offer`: the SDP answer."""
        await self.aclose()
        self._pieces, self._frames = [], 0
        self._peer = self._make_peer(self)
        try:
            return web.Response(text=await self._peer.accept_offer(await request.text()))
        except PeerError as error:
            return web.Response(status=400, text=str(error))

    # PeerListener

    def state_changed(self, kind: StateKind, state: str) -> None:
        """Not needed: what counts is the audio."""

    def channel_opened(self, label: str) -> None:
        """The page opens none."""

    def channel_message(self, label: str, data: str | bytes) -> None:
        """The page sends none."""

    def channel_closed(self, label: str) -> None:
        """The page opens none."""

    def remote_track(self, track_id: str, stream_ids: tuple[str, ...]) -> None:
        """There is one track."""

    def remote_audio(self, samples: MonoFloat32) -> None:
        """Keep the samples (48 kHz)."""
        self._pieces.append(samples.copy())
        self._frames += len(samples)
        self._more.set()

    def failed(self, error: PeerError) -> None:
        """Shows as audio that does not come."""


@contextlib.asynccontextmanager
async def open_receiver(engine: str) -> AsyncIterator[Receiver]:
    """A receiver with its page at `url`, on a free port of the loopback interface."""
    receiver = Receiver(engine)
    app = web.Application()
    app.router.add_get("/", _page)
    app.router.add_post("/offer", receiver.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        yield receiver
    finally:
        await receiver.aclose()
        await runner.cleanup()


async def _page(_: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")
