"""One connection of a client, from its offer to its end: a peer connection and its events channel.

A client that reconnects uses several, one after the other. What an old one still has to say
reaches nobody.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from harness.client.signalling import Negotiation
from harness.errors import ClosedWhileConnecting, NegotiationFailed, PeerError, PeerLost
from harness.peer.interface import (
    PeerConnection,
    PeerFactory,
    Pull,
    Samples,
    StateKind,
    StatsSnapshot,
)
from harness.realtime.wire import EVENTS_LABEL

_log = logging.getLogger(__name__)


class LinkOwner(Protocol):
    """Who is told what comes over a link."""

    def peer_state(self, kind: StateKind, state: str) -> None:
        """A state of the peer connection moved."""

    def channel_state(self, label: str, state: str) -> None:
        """A data channel is "open" or "closed"."""

    def received(self, data: str | bytes) -> None:
        """One message of the events channel."""

    def on_samples(self, samples: Samples) -> None:
        """The next samples of the remote peer's audio: 48 kHz mono."""

    def lost(self, error: PeerError) -> None:
        """The open link broke or was ended by the remote peer. Told once."""


class Link:
    """One peer connection with its events channel. `open` once, then `aclose`."""

    def __init__(self, make_peer: PeerFactory, owner: LinkOwner) -> None:
        self.call_id: str | None = None
        self._owner: LinkOwner | None = owner
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._is_open = False
        self._peer: PeerConnection = make_peer(self)

    @property
    def is_open(self) -> bool:
        """Whether messages can be sent."""
        return self._is_open

    async def open(self, negotiate: Negotiation, pull: Pull, within_s: float) -> None:
        """Negotiate, and wait until the events channel is open.

        Raises:
            NegotiationFailed: it did not open, or not in time.
            ServerError: the server could not be asked, or refused.
        """
        try:
            async with asyncio.timeout(within_s):
                self._peer.open_channel(EVENTS_LABEL)
                self.call_id = await negotiate(self._peer)
                await asyncio.shield(self._opened)
                # Not earlier: what is pulled before the remote peer is there would be lost.
                self._peer.attach_microphone(pull)
        except TimeoutError as error:
            raise NegotiationFailed(
                "The call was not open in time.",
                expected=f"an open data channel “{EVENTS_LABEL}” within {within_s:g} s",
                found=f"connection state {self._peer.connection_state}",
            ) from error

    def send(self, text: str) -> None:
        """Queue one event.

        Raises:
            PeerError: the channel is not open, or refuses the message.
        """
        self._peer.send(EVENTS_LABEL, text)

    async def stats(self) -> StatsSnapshot:
        """The connection's numbers; see `PeerConnection.stats`."""
        return await self._peer.stats()

    async def aclose(self) -> None:
        """End the connection. From here on its owner hears nothing. May be repeated."""
        self._owner, self._is_open = None, False
        if not self._opened.done():
            self._opened.set_exception(
                ClosedWhileConnecting("The connection was closed before it was open.")
            )
        self._opened.exception()  # seen, whether or not anybody waits
        await self._peer.aclose()

    # The peer connection reports

    def state_changed(self, kind: StateKind, state: str) -> None:
        if self._owner is not None:
            self._owner.peer_state(kind, state)

    def channel_opened(self, label: str) -> None:
        if self._owner is None:
            return
        if label == EVENTS_LABEL:
            self._is_open = True
        self._owner.channel_state(label, "open")
        if label == EVENTS_LABEL and not self._opened.done():
            self._opened.set_result(None)

    def channel_message(self, label: str, data: str | bytes) -> None:
        if self._owner is not None and label == EVENTS_LABEL:
            self._owner.received(data)

    def channel_closed(self, label: str) -> None:
        if self._owner is None:
            return
        self._owner.channel_state(label, "closed")
        if label == EVENTS_LABEL:
            ended = PeerLost(
                "The remote peer ended the call.", found=f"its data channel “{label}” closed"
            )
            self._broke(ended)

    def remote_track(self, track_id: str, stream_ids: tuple[str, ...]) -> None:
        _log.debug("remote track %s", track_id)

    def remote_audio(self, samples: Samples) -> None:
        if self._owner is not None:
            self._owner.on_samples(samples)

    def failed(self, error: PeerError) -> None:
        self._broke(error)

    def _broke(self, error: PeerError) -> None:
        if not self._opened.done():
            self._opened.set_exception(error)
            self._opened.exception()
        elif self._is_open and self._owner is not None:
            self._is_open = False
            self._owner.lost(error)
