"""The guard of a server: what every connection has to pass, before anything behind it knows of it.

A connection brings the head of its first request, whole, in time and of a bearable size, or is told
what is wrong and closed. Until then it costs a buffer and a timer; there are so many at once and no
more. Whoever serves it gets the bytes as they came.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from harness.errors import ServerStartError
from harness.server.http.errors import Refusal

MOST_CONNECTIONS = 1000
MOST_HEAD_BYTES = 32 * 1024
HEAD_WITHIN_S = 30.0
BACKLOG = 128
HEAD_END = b"\r\n\r\n"


class ConnectionGuard:
    """Makes a protocol for each connection of `asyncio`'s `create_server`.

    Args:
        make_protocol: whoever serves a connection; made when its first head is there.
        most: connections at once; one more is answered 503.
        head_within_s: for the first head; later it is answered 408. What comes after it is up to
            whoever serves the connection.
    """

    def __init__(
        self,
        make_protocol: Callable[[], asyncio.Protocol],
        most: int = MOST_CONNECTIONS,
        head_within_s: float = HEAD_WITHIN_S,
    ) -> None:
        self.make_protocol = make_protocol
        self.most = most
        self.head_within_s = head_within_s
        self.connections: set[_Connection] = set()
        """The connections that are there now."""

    def __call__(self) -> asyncio.Protocol:
        return _Connection(self)

    def close(self) -> None:
        """Cut the connections that nobody behind the guard knows of."""
        for connection in list(self.connections):
            connection.cut_if_unserved()


class _Connection(asyncio.Protocol):
    """One connection."""

    def __init__(self, guard: ConnectionGuard) -> None:
        self._guard = guard
        self._head = bytearray()
        self._transport: asyncio.Transport | None = None
        self._give_up: asyncio.TimerHandle | None = None
        self._inner: asyncio.Protocol | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._guard.connections.add(self)
        if len(self._guard.connections) > self._guard.most:
            self._refuse(service_unavailable("There are too many connections."))
            return
        late = Refusal(408, "The request's headers did not come.", "request_timeout")
        self._give_up = asyncio.get_running_loop().call_later(
            self._guard.head_within_s, self._refuse, late
        )

    def data_received(self, data: bytes) -> None:
        if self._inner is not None:
            self._inner.data_received(data)
        elif self._transport is not None and not self._transport.is_closing():
            self._take(data, self._transport)

    def _take(self, data: bytes, transport: asyncio.Transport) -> None:
        looked_at = max(0, len(self._head) - len(HEAD_END) + 1)
        # Empty lines before a request are no head (RFC 9112, 2.2).
        self._head += data if self._head else data.lstrip(b"\r\n")
        end = self._head.find(HEAD_END, looked_at)
        if (len(self._head) if end < 0 else end) > MOST_HEAD_BYTES:
            large = "The request's headers are too large."
            self._refuse(Refusal(431, large, "headers_too_large"))
        elif end >= 0:
            self._stop_waiting()
            self._inner = self._guard.make_protocol()
            self._inner.connection_made(transport)
            self._inner.data_received(bytes(self._head))
            self._head.clear()

    def _refuse(self, refusal: Refusal) -> None:
        self._stop_waiting()
        if self._transport is not None:
            self._transport.write(refusal.as_bytes())
            self._transport.close()

    def cut_if_unserved(self) -> None:
        if self._inner is None and self._transport is not None:
            self._transport.abort()

    def _stop_waiting(self) -> None:
        if self._give_up is not None:
            self._give_up.cancel()

    def eof_received(self) -> bool | None:
        return None if self._inner is None else self._inner.eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        self._stop_waiting()
        self._guard.connections.discard(self)
        if self._inner is not None:
            self._inner.connection_lost(error)

    def pause_writing(self) -> None:
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._inner is not None:
            self._inner.resume_writing()


@asynccontextmanager
async def listening_at(
    guard: ConnectionGuard, host: str, port: int, *, is_open: bool = True
) -> AsyncIterator[asyncio.Server]:
    """Listen for the length of the block; those who were let in stay when it ends.

    Args:
        is_open: whether to let people in from the start; else `start_serving` does.

    Raises:
        ServerStartError: the port or the address cannot be had.
    """
    try:
        server = await asyncio.get_running_loop().create_server(
            guard, host, port, backlog=BACKLOG, start_serving=is_open
        )
    except OSError as error:
        raise _cannot_listen(host, port, error) from error
    try:
        yield server
    finally:
        server.close()
        guard.close()


def port_of(server: asyncio.Server) -> int:
    """Where it listens, also where any port would do."""
    return int(server.sockets[0].getsockname()[1])


def service_unavailable(what: str) -> Refusal:
    """The answer to what may well be possible later."""
    return Refusal(503, f"{what} Try again in a moment.", "server_error", kind="server_error")


def _cannot_listen(host: str, port: int, error: OSError) -> ServerStartError:
    return ServerStartError(
        "The server cannot listen.",
        expected=f"port {port} of {host} to be free, and {host} an address of this machine",
        found=error.strerror or str(error),
        hint="pick another port, or 0 for any free one",
    )
