"""A second controller of a running call: a WebSocket beside its media."""

from __future__ import annotations

import asyncio

from harness.realtime.wire import Event
from harness.server.calls.call_runner import MOST_BUFFERED_BYTES, CallRunner, as_text
from harness.server.calls.early_messages import TOO_EARLY
from harness.server.calls.websocket_call import BINARY, give_up, goodbye
from harness.server.http.event_socket import EventSocket

MOST_SIDEBANDS = 8
"""Of one call. Each may have MOST_BUFFERED_BYTES of events that it did not read yet."""

NOT_SENT = "session.created"
"""The first frame is whatever happens next, also where the socket was there before the client."""


class Sideband:
    """Gets what the data channel gets, and may send what the client may. Ends with the call."""

    def __init__(self, call: CallRunner, socket: EventSocket) -> None:
        self._call = call
        self._socket = socket
        self._is_behind = asyncio.Event()

    async def run(self) -> None:
        """Carry it until the call is over or the socket is closed."""
        loop = asyncio.get_running_loop()
        self._call.watchers.append(self._watch)
        waits = (self._read(), self._call.over.wait(), self._is_behind.wait())
        ends = {loop.create_task(wait) for wait in waits}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._call.watchers.remove(self._watch)
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
            if self._is_behind.is_set():
                await give_up(self._socket)
            else:
                await self._socket.aclose(*goodbye(self._call))

    def _watch(self, event: Event) -> None:
        if self._socket.unsent_bytes > MOST_BUFFERED_BYTES:
            self._is_behind.set()  # whoever does not read is cut off, the call goes on
        elif event.get("type") != NOT_SENT:
            self._socket.send(as_text(event))

    async def _read(self) -> None:
        while (message := await self._socket.receive()) is not None:
            if isinstance(message, bytes):
                self._call.report("invalid_event", BINARY)
            elif not self._call.receive_beside(message):
                notice = self._call.error_event("session_not_started", TOO_EARLY)
                self._socket.send(as_text(notice))
            await asyncio.sleep(0)
