"""The native line: a WebRTC engine in this process holds the call; there is no page.

Its timeline is its own microphone: 20 ms of samples at an even pace, from the first one that was
sent. It calls the server as our page does: an ephemeral secret, an offer posted, an answer taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.audio.clip import CALL_RATE_HZ, MonoFloat32
from harness.audio.level import peak
from harness.client.server_api import ServerAddress, mint_secret, post_offer
from harness.clock import Clock
from harness.engines.native.peer_network import through_relay, without_ways_in
from harness.errors import NegotiationFailed, PeerError
from harness.facts.connection import (
    ConnectionAnswer,
    ConnectionClosed,
    ConnectionCreated,
    ConnectionFact,
    ConnectionOffer,
    ConnectionState,
    ConnectionTrack,
    DataChannelClosed,
    DataChannelCreated,
    DataChannelOpen,
    Stats,
)
from harness.line.connection_envelopes import CONNECTION
from harness.line.even_pace import Anchors, EvenPace
from harness.line.interface import LineCapabilities, LineReport
from harness.line.mixing_microphone import MixingMicrophone
from harness.line.without_page import LineWithoutPage
from harness.network.bad_network import BadNetwork, open_network
from harness.network.wish import NetworkWish
from harness.peer.interface import PeerConnection, PeerFactory, Samples, StateKind
from harness.realtime.wire import EVENTS_LABEL
from harness.timeline import Timeline

STATS_EVERY_S = 1.0
QUIET_PEAK = 0.001
"""-60 dBFS: no voice is below."""


class NativeLine(LineWithoutPage):
    """A peer connection as a line, and its listener. Made by `open_native_line`.

    Args:
        server: whom to call.
        session: settings, partial.
        network: what its packets pass, where one was asked for.
    """

    capabilities = LineCapabilities(engine="native", has_page=False, is_real_time=True)

    def __init__(
        self,
        make_peer: PeerFactory,
        server: ServerAddress,
        session: Mapping[str, Any],
        clock: Clock,
        network: BadNetwork | None = None,
    ) -> None:
        super().__init__("native", EVENTS_LABEL)
        self.address = server.url
        self.network = network
        self.timeline = Timeline()
        self.microphone = _PulledMicrophone(self.timeline)
        self._clock = clock
        self._server = server
        self._session = session
        self._pace = EvenPace()
        self._anchors = Anchors(self.timeline)
        self._ending = False
        self._stats: asyncio.Task[None] | None = None
        self._start_timeline()
        self._peer: PeerConnection = make_peer(self)
        most_bytes = self._peer.capabilities.max_message_bytes
        self.capabilities = replace(self.capabilities, most_message_bytes=most_bytes)

    @property
    def uncertainty_s(self) -> float:
        return self.timeline.uncertainty_s

    async def connect(self, within_s: float, report: LineReport) -> None:
        """Mint a secret, offer, post, take the answer.

        Raises:
            ServerUnreachable, ServerRefused: nobody answers, or not with an SDP answer.
            NegotiationFailed: the engine cannot use what came, or it takes too long.
        """
        try:
            async with asyncio.timeout(within_s):
                minted = await mint_secret(self._server, self._session)
                secret = str(minted["client_secret"])
                report.hide(secret)
                self._tell(ConnectionCreated(CONNECTION, {}))
                self._peer.open_channel(EVENTS_LABEL)
                self._tell(DataChannelCreated(*self._told.channel, "local"))
                self._peer.attach_microphone(self._pull)
                offer = without_ways_in(self.network, await self._peer.create_offer())
                self._tell(ConnectionOffer(CONNECTION, "local", offer))
                answer = await post_offer(str(minted["calls_url"]), secret, offer)
                self._tell(ConnectionAnswer(CONNECTION, "remote", answer))
                await self._peer.accept_answer(await through_relay(self.network, answer, report))
        except TimeoutError as error:
            raise NegotiationFailed(
                f"The call did not come up within {within_s:g} s.",
                expected="an SDP answer",
                found="none in time",
            ) from error
        self._stats = asyncio.create_task(self._report_stats(), name="native-stats")

    async def send_text(self, label: str, text: str) -> None:
        """Send a message on the data channel.

        Raises:
            PeerError: no open channel has that label, or the message is too large.
        """
        self._peer.send(label, text)
        self._told.message("sent", text, self._page_ms)

    async def hang_up(self) -> None:
        """End the call, as our page does."""
        if self._ending:
            return
        self._ending = True
        await self._stop_stats()
        await self._peer.aclose()
        self._tell(DataChannelClosed(*self._told.channel))
        self._tell(ConnectionClosed(CONNECTION))

    async def aclose(self) -> None:
        """End the call and the streams."""
        await self.hang_up()
        self._end_streams()

    # The peer connection reports

    def state_changed(self, kind: StateKind, state: str) -> None:
        self._tell(ConnectionState(CONNECTION, kind, state))

    def channel_opened(self, label: str) -> None:
        self._tell(DataChannelOpen(*self._told.channel))

    def channel_message(self, label: str, data: str | bytes) -> None:
        self._told.message("received", data, self._page_ms)

    def channel_closed(self, label: str) -> None:
        self._tell(DataChannelClosed(*self._told.channel))

    def remote_track(self, track_id: str, stream_ids: tuple[str, ...]) -> None:
        self._tell(ConnectionTrack(CONNECTION, track_id, "audio", list(stream_ids)))

    def remote_audio(self, samples: Samples) -> None:
        if not self.timeline.anchored:
            return  # before our own audio runs there is no timeline to put it on
        now_s = self.timeline.page_to_s(self._page_ms)
        if self._pace.leaves_out(len(samples), now_s, is_quiet=peak(samples) < QUIET_PEAK):
            return
        placed = self._pace.place(len(samples), now_s)
        if placed.is_seam:
            self._heard.flush()
        self._heard.add(placed.frame / CALL_RATE_HZ, placed.frame, samples)
        self.microphone.hear(samples, placed.frame / CALL_RATE_HZ)

    def failed(self, error: PeerError) -> None:
        """The connection's own state says so too; the recorder makes the loss of it."""
        self._tell(ConnectionState(CONNECTION, "connection", "failed"))

    # Inside

    @property
    def _page_ms(self) -> float:
        return self._clock.now_s() * 1000

    def _tell(self, fact: ConnectionFact) -> None:
        self._told.tell(fact, self._page_ms)

    def _start_timeline(self) -> None:
        now_s = self._clock.now_s()
        self.timeline.start(now_s * 1000)
        self.timeline.pair_python(now_s, now_s * 1000, 0.0)

    def _pull(self, frames: int) -> MonoFloat32:
        frame = self.microphone.next_frame
        self._anchors.sent(frame, self._page_ms)
        self.microphone.runs.set()
        samples = self.microphone.pull(frames)
        self._sent.add(self.timeline.frame_to_s(frame), frame, samples)
        return samples

    async def _report_stats(self) -> None:
        with suppress(PeerError):
            while True:
                await asyncio.sleep(STATS_EVERY_S)
                stats = await self._peer.stats()
                self._tell(Stats(CONNECTION, dict(stats.report)))

    async def _stop_stats(self) -> None:
        if self._stats is not None:
            self._stats.cancel()
            await asyncio.wait([self._stats])


class _PulledMicrophone(MixingMicrophone):
    """Ready once the engine takes samples: the timeline begins there."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__(timeline)
        self.runs = asyncio.Event()

    async def ready(self, within_s: float = 10.0) -> None:
        """Wait until samples are sent.

        Raises:
            NegotiationFailed: not within the time.
        """
        try:
            async with asyncio.timeout(within_s):
                await self.runs.wait()
        except TimeoutError as error:
            raise NegotiationFailed(
                "The WebRTC engine did not begin to send audio.",
                expected=f"the first samples within {within_s:g} s",
                found="none",
            ) from error


@asynccontextmanager
async def open_native_line(
    make_peer: PeerFactory,
    server: ServerAddress,
    session: Mapping[str, Any],
    clock: Clock,
    network: NetworkWish | None = None,
    out: Path | None = None,
) -> AsyncIterator[NativeLine]:
    """A peer connection that will hold the call; see `NativeLine`.

    Args:
        make_peer: makes the connection.
        server: whom to call.
        session: the session's settings, partial.
        clock: what the timeline is paired with.
        network: what packets meet on their way; None: nothing stands between.
        out: where packets are kept, where that is asked for; nowhere where absent.
    """
    opening = nullcontext() if network is None else open_network(network, out)
    async with opening as relay:
        line = NativeLine(make_peer, server, session, clock, relay)
        try:
            yield line
        finally:
            await line.aclose()
