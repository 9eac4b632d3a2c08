"""A relay of UDP packets between a client and a call, which can stop passing some or all of them.

The answer names the relay's addresses instead of the call's own (`sdp_faults.relayed`), so every
packet of the call passes here. What ends a connection without a word, or lets audio through and
no data, is done by not passing packets: no engine can do it, and none notices.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterable
from contextlib import suppress

MOST_CANDIDATES = 8
MOST_CLIENT_ADDRESSES = 16
LARGEST_PACKET = 65_536
PACKETS_AT_ONCE = 64

DTLS_APPLICATION_DATA = 23
"""Content type of a DTLS 1.2 record (RFC 6347 section 4.1); data channels are inside."""

Address = tuple[str, int]

_log = logging.getLogger(__name__)


class Relay:
    """Passes packets until it is told not to. Made by `open_relay`; end it with `close`."""

    def __init__(self) -> None:
        self.is_cut = False
        """Nothing passes any more."""
        self.blocks_data = False
        """Audio passes, data channels do not."""
        self.fronts: dict[Address, Address] = {}
        """Where clients send to, for each address of the call."""
        self._sockets: list[socket.socket] = []
        self._backs: dict[tuple[Address, Address], socket.socket] = {}
        self._loop = asyncio.get_running_loop()

    def stand_before(self, target: Address) -> None:
        """Listen beside an address of the call.

        Raises:
            OSError: no socket can be had there.
        """
        front = self._socket(target[0])
        self.fronts[target] = front.getsockname()[:2]
        self._loop.add_reader(front, self._from_client, front, target)

    def close(self) -> None:
        """Give all sockets back."""
        self.is_cut = True
        for one in self._sockets:
            self._loop.remove_reader(one)
            one.close()
        self._sockets.clear()
        self._backs.clear()

    def _socket(self, host: str) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sockets.append(made)
        made.setblocking(False)
        made.bind((host, 0))
        return made

    def _from_client(self, front: socket.socket, target: Address) -> None:
        for _ in range(PACKETS_AT_ONCE):
            try:
                packet, client = front.recvfrom(LARGEST_PACKET)
            except OSError:
                return
            back = self._back(front, target, client)
            if back is not None and self._passes(packet):
                with suppress(OSError):
                    back.send(packet)

    def _back(self, front: socket.socket, target: Address, client: Address) -> socket.socket | None:
        """The socket that stands for one client's address before the call."""
        key = (target, client)
        if key not in self._backs:
            if len(self._backs) >= MOST_CLIENT_ADDRESSES:
                return None
            back = self._socket(target[0])
            back.connect(target)
            self._loop.add_reader(back, self._from_call, back, front, client)
            self._backs[key] = back
        return self._backs[key]

    def _from_call(self, back: socket.socket, front: socket.socket, client: Address) -> None:
        for _ in range(PACKETS_AT_ONCE):
            try:
                packet = back.recv(LARGEST_PACKET)
            except OSError:
                return
            if self._passes(packet):
                with suppress(OSError):
                    front.sendto(packet, client)

    def _passes(self, packet: bytes) -> bool:
        return not self.is_cut and not (self.blocks_data and carries_data(packet))


def open_relay(targets: Iterable[Address]) -> Relay:
    """A relay before these addresses, as many as it can stand before; in a running loop."""
    relay = Relay()
    for target in list(targets)[:MOST_CANDIDATES]:
        try:
            relay.stand_before(target)
        except OSError as error:
            _log.info("no relay before %s: %s", target, error)
    return relay


def carries_data(packet: bytes) -> bool:
    """Whether a packet of a call carries data channels (DTLS; RFC 7983 tells kinds apart)."""
    if not packet:
        return False
    # DTLS 1.3 hides the type of a record; its epoch 3 is application data (RFC 9147 section 4).
    is_dtls13_data = packet[0] & 0b1110_0000 == 0b0010_0000 and packet[0] & 0b11 == 0b11
    return packet[0] == DTLS_APPLICATION_DATA or is_dtls13_data
