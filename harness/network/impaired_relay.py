"""A relay of UDP packets between a page and its remote peers, over a bad network.

Who calls sends to one of the relay's fronts instead of to the remote peer's own address. The first
thing it sends there is a connectivity check, which names the connection it is about (`stun`); so a
few fronts, opened before anything is known, do for any number of connections. The remote peer sees
one address of the relay for each address of the page's, and learns no other one.
"""

from __future__ import annotations

import asyncio
import heapq
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from harness.network.impairment.conditions import NetworkConditions
from harness.network.impairment.link import Link, make_links
from harness.network.packets import checked_fragment, is_media
from harness.network.pcap import PcapFile

HOST = "127.0.0.1"
FRONTS = 12
LARGEST_PACKET = 65_536
PACKETS_AT_ONCE = 64
BUFFER_BYTES = 1 << 20
MOST_FLOWS = 256
MOST_HELD = 64
"""Packets that came before anybody said where they go; the last ones are kept."""

Address = tuple[str, int]
Send = Callable[[bytes], object]


@dataclass(slots=True)
class _Flow:
    """One address of the page's, at one front, and where its packets go."""

    target: Address
    back: socket.socket
    send: Send


@dataclass(slots=True)
class Strays:
    """Packets that are part of no connection."""

    unknown: int = 0
    """Came to a front, and nobody said where such go."""

    direct: int = 0
    """Came to where the page does not listen: a remote peer tried to reach it past the relay."""


@dataclass(order=True, slots=True)
class _UnderWay:
    arrives_s: float
    number: int
    send: Send = field(compare=False)
    packet: bytes = field(compare=False)


class ImpairedRelay:
    """Passes packets as two links say. In a running loop; end it with `close`.

    Args:
        conditions: of the network at the beginning.
        seed: of all that is left to chance.
        pcap: keeps each packet twice: between page and relay, and between relay and remote peer.
            One that was lost is there once. None: nothing is kept.
    """

    def __init__(
        self, conditions: NetworkConditions, seed: int = 0, pcap: PcapFile | None = None
    ) -> None:
        self.pcap = pcap
        self.up, self.down = make_links(conditions.up, conditions.down, seed)
        self.strays = Strays()
        self._loop = asyncio.get_running_loop()
        self._unix_s = time.time() - self._loop.time()
        self._routes: dict[tuple[str, int], Address] = {}
        self._flows: dict[tuple[int, Address], _Flow] = {}
        self._held: deque[tuple[int, Address, bytes]] = deque(maxlen=MOST_HELD)
        self._under_way: list[_UnderWay] = []
        self._number = 0
        self._timer: asyncio.TimerHandle | None = None
        self._sockets: list[socket.socket] = []
        self._fronts = [self._bound() for _ in range(FRONTS)]
        for index, front in enumerate(self._fronts):
            self._loop.add_reader(front, self._from_page, index, front)
        self._sink = self._bound()
        self._loop.add_reader(self._sink, self._into_sink)

    @property
    def fronts(self) -> list[int]:
        """The ports on `HOST` that stand for a remote peer's addresses, in their order."""
        return [int(front.getsockname()[1]) for front in self._fronts]

    @property
    def sink(self) -> int:
        """The port on `HOST` that stands for the page's addresses: nothing goes on from there."""
        return int(self._sink.getsockname()[1])

    def route(self, fragment: str, front: int, target: Address) -> None:
        """Say where goes what comes to a front.

        Args:
            fragment: user name fragment of the remote peer that has the address.
            front: index of the front.
            target: the address; of IPv4 or IPv6, no name.
        """
        self._routes[fragment, front] = target
        held, self._held = self._held, deque(maxlen=MOST_HELD)
        for index, client, packet in held:
            self._take(index, client, packet)

    def change(self, conditions: NetworkConditions) -> None:
        """The network is another one from here on; packets under way arrive as they would have."""
        self.up.change(conditions.up)
        self.down.change(conditions.down)

    def close(self) -> None:
        """Give all sockets back; what is under way never arrives. Safe to call again."""
        if self._timer is not None:
            self._timer.cancel()
        for one in list(self._sockets):
            self._let_go(one)
        for left in (self._flows, self._held, self._under_way):
            left.clear()
        if self.pcap is not None:
            self.pcap.close()

    # From the page

    def _from_page(self, index: int, front: socket.socket) -> None:
        for _ in range(PACKETS_AT_ONCE):
            try:
                packet, client = front.recvfrom(LARGEST_PACKET)
            except OSError:
                return
            if self.pcap is not None:
                self._keep(client[:2], front.getsockname(), packet)
            self._take(index, client[:2], packet)

    def _take(self, index: int, client: Address, packet: bytes) -> None:
        flow = self._flows.get((index, client))
        fragment = checked_fragment(packet)
        if fragment is not None:
            flow = self._flow_of(fragment, index, client, flow)
            if flow is None:
                self._held.append((index, client, packet))
        if flow is None:
            self.strays.unknown += fragment is None
            return
        self._pass(self.up, flow.send, packet)

    def _flow_of(
        self, fragment: str, index: int, client: Address, known: _Flow | None
    ) -> _Flow | None:
        """The flow that a check is part of; another one where the page has restarted ICE."""
        target = self._routes.get((fragment, index))
        if target is None or (known is not None and known.target == target):
            return known if target is not None else None
        if known is not None:
            self._let_go(known.back)
        back = self._connected(target) if len(self._flows) < MOST_FLOWS else None
        if back is None:
            self._flows.pop((index, client), None)
            return None
        flow = self._flows[index, client] = _Flow(target, back, self._sender(back, target))
        front = self._fronts[index]
        self._loop.add_reader(back, self._from_peer, back, front, client)
        return flow

    def _sender(self, back: socket.socket, target: Address) -> Send:
        def send(packet: bytes) -> None:
            back.send(packet)
            if self.pcap is not None:
                self._keep(back.getsockname()[:2], target, packet)

        return send

    # From the remote peer

    def _from_peer(self, back: socket.socket, front: socket.socket, client: Address) -> None:
        def send(packet: bytes) -> None:
            front.sendto(packet, client)
            if self.pcap is not None:
                self._keep(front.getsockname(), client, packet)

        for _ in range(PACKETS_AT_ONCE):
            try:
                packet = back.recv(LARGEST_PACKET)
            except OSError:
                return
            if self.pcap is not None:
                self._keep(back.getpeername()[:2], back.getsockname()[:2], packet)
            self._pass(self.down, send, packet)

    def _into_sink(self) -> None:
        for _ in range(PACKETS_AT_ONCE):
            try:
                self._sink.recv(LARGEST_PACKET)
            except OSError:
                return
            self.strays.direct += 1

    def _keep(self, source: Address, target: Address, packet: bytes) -> None:
        assert self.pcap is not None
        self.pcap.keep(self._unix_s + self._loop.time(), source, target, packet)

    # Under way

    def _pass(self, link: Link, send: Send, packet: bytes) -> None:
        now_s = self._loop.time()
        for arrives_s in link.pass_on(now_s, len(packet), is_media=is_media(packet)):
            if arrives_s <= now_s:
                _deliver(send, packet)
            else:
                self._number += 1
                heapq.heappush(self._under_way, _UnderWay(arrives_s, self._number, send, packet))
                self._wake_for_next()

    def _wake_for_next(self) -> None:
        first_s = self._under_way[0].arrives_s
        if self._timer is not None and self._timer.when() <= first_s:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(first_s, self._arrive)

    def _arrive(self) -> None:
        self._timer = None
        now_s = self._loop.time()
        while self._under_way and self._under_way[0].arrives_s <= now_s:
            due = heapq.heappop(self._under_way)
            _deliver(due.send, due.packet)
        if self._under_way:
            self._wake_for_next()

    # Sockets

    def _bound(self) -> socket.socket:
        made = self._made(socket.AF_INET)
        made.bind((HOST, 0))
        return made

    def _connected(self, target: Address) -> socket.socket | None:
        """A socket that stands for one address of the page's before a remote peer's."""
        back = self._made(socket.AF_INET6 if ":" in target[0] else socket.AF_INET)
        try:
            back.connect(target)
        except OSError:  # no way there from this machine: the page tries its other candidates
            self._let_go(back)
            return None
        return back

    def _let_go(self, one: socket.socket) -> None:
        self._loop.remove_reader(one)
        self._sockets.remove(one)
        one.close()

    def _made(self, family: socket.AddressFamily) -> socket.socket:
        made = socket.socket(family, socket.SOCK_DGRAM)
        self._sockets.append(made)
        made.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            made.setsockopt(socket.SOL_SOCKET, option, BUFFER_BYTES)
        return made


def _deliver(send: Send, packet: bytes) -> None:
    with suppress(OSError):  # nobody listens there any more, as on any network
        send(packet)
