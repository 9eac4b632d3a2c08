"""A peer connection in a page of Chromium: the browser's own WebRTC, held by Python.

The host negotiates: the offer comes out as text, the answer goes in. Everything passes through
Chromium's DevTools, so the page needs no server and no network of its own.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
from typing import Any

import numpy as np

from harness.audio import pcm16
from harness.browser.launch import Chromium
from harness.errors import BrowserError, NegotiationFailed, PeerError, PeerLost
from harness.peer.adapter import EngineAdapter, snapshot_of
from harness.peer.interface import (
    FRAME_FRAMES,
    PeerCapabilities,
    PeerFactory,
    PeerListener,
    Pull,
    StatsSnapshot,
)
from harness.peer.pacing import run_paced
from harness.peer.page_link import PageLine
from harness.peer.sdp import check_description

MOST_MESSAGE_BYTES = 262_144
MOST_WAITING_COMMANDS = 5_000
"""A page that does not take this many has stopped working."""

_CAPABILITIES = PeerCapabilities(
    engine="browser",
    max_message_bytes=MOST_MESSAGE_BYTES,
    counts_concealment=True,
    reports_closed_far_end=True,
)


def page_factory(chromium: Chromium) -> PeerFactory:
    """The factory of connections in pages of this Chromium, one page each."""
    return lambda listener: PageConnection(listener, chromium)


class _PageChannel:
    """One data channel of the page, as Python knows it."""

    def __init__(self, label: str, connection: PageConnection) -> None:
        self.label = label
        self.readyState = "connecting"
        self.waiting_bytes = 0
        self.page_bytes = 0
        self._connection = connection

    @property
    def bufferedAmount(self) -> int:
        """Bytes on their way to the page, and in it."""
        return self.waiting_bytes + self.page_bytes

    def send(self, data: str | bytes) -> None:
        """Have the page send a message."""
        raw = data.encode() if isinstance(data, str) else data
        if len(raw) > MOST_MESSAGE_BYTES:
            raise ValueError(f"the message is too large: {len(raw)} bytes")
        self.waiting_bytes += len(raw)
        if isinstance(data, str):
            self._connection._order("text", self.label, data)
        else:
            self._connection._order("binary", self.label, base64.b64encode(raw).decode("ascii"))

    def close(self) -> None:
        """Have the page close it."""
        self._connection._order("close", self.label)


class PageConnection(EngineAdapter):
    """`PeerConnection` in a page of Chromium. The page opens with the first negotiation."""

    def __init__(self, listener: PeerListener, chromium: Chromium) -> None:
        super().__init__(listener)
        self._page = PageLine(chromium, self._told, self._page_gone)
        self._opening: asyncio.Task[None] | None = None
        self._state = "new"
        self._pull: Pull | None = None
        self._commands: list[tuple[str, ...]] = []
        self._ordered = asyncio.Event()
        self._labels: list[str] = []

    @property
    def capabilities(self) -> PeerCapabilities:
        return _CAPABILITIES

    @property
    def connection_state(self) -> str:
        return "closed" if self._closed else self._state

    # Negotiation

    def open_channel(self, label: str) -> None:
        self._require_open()
        self._labels.append(label)

    async def create_offer(self) -> str:
        self._require_open()
        offer = str(await self._ask("make an offer", "createOffer"))
        self._negotiated(offer)
        return offer

    async def accept_answer(self, sdp: str) -> None:
        check_description(sdp, "answer")
        await self._ask("take the answer", "acceptAnswer", sdp)

    async def accept_offer(self, sdp: str) -> str:
        check_description(sdp, "offer")
        answer = str(await self._ask("take the offer", "acceptOffer", sdp))
        self._negotiated(answer)
        return answer

    async def add_candidate(self, candidate: str, mid: str) -> None:
        await self._ask("take the candidate", "addCandidate", candidate, mid)

    async def _ask(self, what: str, method: str, *arguments: Any) -> Any:
        self._require_open()
        await self._engine(self._opened_page(), "open a page")
        return await self._engine(self._page.call(method, *arguments), what)

    async def _opened_page(self) -> None:
        """The page, opened once; cancelling who waits for it leaves nothing half open."""
        if self._opening is None:
            self._opening = asyncio.create_task(self._page.open(), name="opening a page")
        await asyncio.shield(self._opening)
        self._require_open()
        while self._labels:
            label = self._labels.pop(0)
            self._adopt(_PageChannel(label, self))
            await self._page.call("openChannel", label)

    def _negotiated(self, sdp: str) -> None:
        if self._closed or not sdp:
            raise NegotiationFailed("The connection was closed while it was negotiated.")
        if not self._tasks:
            self._spawn(self._carry_orders(), "line to the page")
            self._spawn(run_paced(self._send_frame, self._schedule), "outgoing audio")

    # To the page

    def _order(self, *command: str) -> None:
        if len(self._commands) > MOST_WAITING_COMMANDS:
            raise PeerError("The page does not take what is sent.", expected="a page that works")
        self._commands.append(command)
        self._ordered.set()

    async def _carry_orders(self) -> None:
        """Carry out what was ordered, in order; what gathers meanwhile goes together."""
        while True:
            await self._ordered.wait()
            self._ordered.clear()
            commands, self._commands = self._commands, []
            waiting = {label: channel.waiting_bytes for label, channel in self._channels.items()}
            try:
                await self._page.call("run", commands)
            except BrowserError as error:
                return self._page_gone(error.message)
            for label, was_waiting in waiting.items():
                if label in self._channels:
                    self._channels[label].waiting_bytes -= was_waiting

    def attach_microphone(self, pull: Pull) -> None:
        self._pull = pull

    def detach_microphone(self) -> None:
        self._pull = None

    def _send_frame(self) -> None:
        """The page is silent by itself: silence need not be carried there."""
        if self._pull is not None:
            self._order("feed", pcm16.to_base64(self._pull(FRAME_FRAMES)))

    # From the page

    def _told(self, message: list[Any]) -> None:
        if self._closed:
            return
        kind, *facts = message
        match kind:
            case "heard":
                pcm, frames = facts
                self._listener.remote_audio(
                    pcm16.from_base64(pcm) if pcm else np.zeros(frames, np.float32)
                )
            case "text":
                self._channel_message(facts[0], facts[1])
            case "binary":
                self._channel_message(facts[0], base64.b64decode(facts[1]))
            case "state":
                self._state_told(*facts)
            case "track":
                self._listener.remote_track(facts[0], tuple(facts[1]))
            case "error":
                self._listener.failed(PeerError("The page of the call failed.", found=facts[0]))
            case _:
                self._channel_told(kind, *facts)

    def _channel_told(self, kind: str, label: str, *facts: Any) -> None:
        if kind == "channel":
            self._adopt(_PageChannel(label, self))
        elif kind == "closed":
            self._channel_closed(label)
        elif label in self._channels:
            channel = self._channels[label]
            if kind == "open":
                channel.readyState = "open"
                self._channel_opened(label)
            elif kind == "buffered":
                channel.page_bytes = int(facts[0])

    def _state_told(self, kind: Any, state: str) -> None:
        if kind == "connection":
            self._state = state
        self._state_moved(kind, state)

    def _page_gone(self, why: str) -> None:
        if not self._closed and self._state != "failed":
            self._state = "failed"
            self._listener.failed(PeerLost("The page of the call is gone.", found=why))

    def _watch_channel(self, label: str, channel: Any) -> None:
        """Nothing to do: the page tells."""

    async def stats(self) -> StatsSnapshot:
        self._require_open()
        report = await self._ask("count", "stats")
        return snapshot_of(dict(report), self._schedule)

    async def _close_engine(self) -> None:
        if self._opening is not None:
            with contextlib.suppress(BrowserError):
                await asyncio.shield(self._opening)
        await self._page.aclose()
