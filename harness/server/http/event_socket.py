"""A WebSocket of the server's side: texts in, texts out, and neither waits for the other."""

from __future__ import annotations

import asyncio
from collections import deque

from aiohttp import WSMessage, WSMsgType, web

from harness.server.http.auth import SUBPROTOCOL, subprotocols
from harness.server.http.errors import Refusal

MOST_MESSAGE_BYTES = 32 * 1024 * 1024
"""The largest event of the contract has 20 MiB; what is larger than this closes the socket."""

CLOSE_WITHIN_S = 2.0
MOST_REASON_BYTES = 123


class EventSocket:
    """An accepted WebSocket. Leave it by `aclose`; it ends its task.

    `send` never waits: a task of its own sends what is queued, in order. Whoever sends looks at
    `unsent_bytes`.
    """

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.response = socket
        self.unsent_bytes = 0
        self._request = request
        self._queue: deque[str] = deque()
        self._is_filled = asyncio.Event()
        self._is_empty = asyncio.Event()
        self._is_empty.set()
        self._sender = asyncio.get_running_loop().create_task(self._send_all())
        self._reading: asyncio.Future[WSMessage] | None = None
        self._is_closing = False

    @classmethod
    async def accept(cls, request: web.Request, ping_s: float) -> EventSocket:
        """Answer the handshake; keys among the subprotocols are neither echoed nor logged.

        Raises:
            Refusal: subprotocols are offered, but not ours.
        """
        offered = subprotocols(request)
        if offered and SUBPROTOCOL not in offered:
            message = f"Offer the subprotocol '{SUBPROTOCOL}' beside the others."
            raise Refusal(400, message, "unsupported_subprotocol")
        socket = web.WebSocketResponse(
            timeout=CLOSE_WITHIN_S,
            protocols=(SUBPROTOCOL,),
            heartbeat=ping_s,
            compress=False,  # audio does not get smaller, and each call would pay for trying
            max_msg_size=MOST_MESSAGE_BYTES,
        )
        await socket.prepare(request)
        return cls(request, socket)

    def send(self, text: str) -> None:
        """Queue a message; after the end nothing happens."""
        if self._sender.done():
            return
        self._queue.append(text)
        self.unsent_bytes += len(text)
        self._is_empty.clear()
        self._is_filled.set()

    def drop(self) -> None:
        """Forget what is queued; what is on its way already still goes."""
        self._queue.clear()
        self.unsent_bytes = 0
        self._is_empty.set()

    async def receive(self) -> str | bytes | None:
        """The next message; None when the client is gone or said goodbye, or the server does."""
        while not self._is_closing:
            self._reading = asyncio.ensure_future(self.response.receive())
            try:
                message = await self._reading
            except asyncio.CancelledError:
                reader = asyncio.current_task()
                if reader is None or reader.cancelling():
                    raise
                return None  # `_end_reading`
            if message.type is WSMsgType.TEXT or message.type is WSMsgType.BINARY:
                data: str | bytes = message.data
                return data
            if message.type not in (WSMsgType.PING, WSMsgType.PONG):
                return None
        return None

    async def aclose(self, code: int = 1000, reason: str = "", linger_s: float = 0.0) -> None:
        """Send what is queued and say goodbye, both within CLOSE_WITHIN_S; then cut the line.

        Args:
            linger_s: so long after that a client that does not read finds the goodbye when it does;
                nobody waits for it.
        """
        is_polite = False
        try:
            async with asyncio.timeout(CLOSE_WITHIN_S):
                await self._is_empty.wait()
                await self._end_reading()
                text = reason.encode()[:MOST_REASON_BYTES]
                await self.response.close(code=code, message=text)
                is_polite = True
        except TimeoutError:
            pass  # a client that does not read gets no goodbye before it does
        finally:
            if not is_polite:
                self._cut(linger_s)
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)

    async def _end_reading(self) -> None:
        """Let nobody read any more.

        aiohttp waits for the client's goodbye only where nobody reads; else it closes at once, and
        a connection with unread bytes in it is reset: what the client did not read yet is lost.
        """
        self._is_closing = True
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    def _cut(self, linger_s: float) -> None:
        transport = self._request.transport
        if transport is None:
            return
        if linger_s == 0:
            transport.abort()
            return
        transport.close()  # what is on its way stays for whoever reads it
        asyncio.get_running_loop().call_later(linger_s, transport.abort)

    async def _send_all(self) -> None:
        try:
            while True:
                await self._is_filled.wait()
                while self._queue:
                    text = self._queue.popleft()
                    await self.response.send_str(text)
                    self.unsent_bytes = max(0, self.unsent_bytes - len(text))
                self._is_filled.clear()
                self._is_empty.set()
        except ConnectionError:
            pass  # the reader sees the end of the connection, too
        finally:
            self._queue.clear()
            self.unsent_bytes = 0
            self._is_empty.set()
