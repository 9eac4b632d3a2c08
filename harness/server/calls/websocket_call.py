"""One call over a WebSocket: its audio goes as events, in and out."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import Iterator
from typing import ClassVar

from harness.clock import Clock
from harness.realtime.audio_formats import LAWS
from harness.realtime.server.outputs import NOT_STARTED, SESSION_EXPIRED
from harness.realtime.server.validation.shapes import MAX_APPEND_BASE64_CHARS
from harness.realtime.wire import Event
from harness.server.calls.call_runner import (
    CHANNEL_CLOSED,
    MOST_BUFFERED_BYTES,
    NOT_READ,
    OUR_MISTAKE,
    CallRunner,
)
from harness.server.calls.call_session import CallSession
from harness.server.http.event_socket import EventSocket
from harness.speech.workers import SpeechWorkers

PIECE_CHARS = 64_000
"""One second of PCM16 at 24 kHz in base64."""

BINARY = "Binary messages are not part of this protocol: send events as JSON in text messages."
STOPPING = "the server stops"
LINGER_S = 60.0
"""A client that stood still so long, in a debugger or a tab in the background, learns why."""

TOO_SLOW = (1008, f"Events are not read: more than {MOST_BUFFERED_BYTES // 2**20} MiB wait.")


class WebSocketCall(CallRunner):
    """One session on one socket. The client's goodbye ends it; there is no resuming."""

    transport = "websocket"
    append_kind: ClassVar[str] = "input_audio_buffer.append"
    """The type of the event that carries the user's audio."""

    def __init__(
        self,
        call_id: str,
        session: CallSession,
        speech: SpeechWorkers,
        clock: Clock,
        socket: EventSocket,
    ) -> None:
        super().__init__(call_id, session, speech, clock)
        self._socket = socket
        self._sample_bytes = 2
        self.watchers.append(self._note_format)

    async def run(self) -> str:
        """Carry the call until it is over; say why it ended."""
        reader = asyncio.get_running_loop().create_task(self._read())
        try:
            return await super().run()
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    async def _read(self) -> None:
        self.open()
        while (message := await self._socket.receive()) is not None:
            if isinstance(message, bytes):
                self.report("invalid_event", BINARY)
                continue
            for text in in_pieces(message, self._sample_bytes, self.append_kind):
                self.receive_text(text)
                await asyncio.sleep(0)  # one busy client must not keep the others waiting
        self.end("the client closed its WebSocket")

    def _note_format(self, event: Event) -> None:
        if event.get("type") in ("session.created", "session.updated"):
            audio = event["session"].get("audio") or {}
            is_pcm = audio.get("input", {}).get("format", {}).get("type") not in LAWS
            self._sample_bytes = 2 if is_pcm else 1

    def send_text(self, text: str, kind: str) -> None:
        self._socket.send(text)

    def unsent_bytes(self) -> int:
        """Bytes queued on the socket."""
        return self._socket.unsent_bytes

    async def free(self) -> None:
        """Close the socket with the code that fits the call's end."""
        if self.ended_because == NOT_READ:
            await give_up(self._socket)
        else:
            await self._socket.aclose(*goodbye(self))


async def give_up(socket: EventSocket) -> None:
    """Close the socket of a client that does not read: the goodbye goes before what waits."""
    socket.drop()
    await socket.aclose(*TOO_SLOW, linger_s=LINGER_S)


def goodbye(call: CallRunner) -> tuple[int, str]:
    """The close code and reason with which a socket tells why a call ended."""
    ended_because = call.ended_because
    if ended_because == SESSION_EXPIRED:
        return 1001, call.ended_message
    if ended_because == NOT_STARTED:
        return 1008, call.ended_message
    if ended_because == STOPPING:
        return 1001, "The server stops."
    if ended_because == NOT_READ:
        return TOO_SLOW
    if ended_because == OUR_MISTAKE:
        return 1011, "The server had an error."
    if ended_because == CHANNEL_CLOSED:
        return 1011, "The server closed the channel."
    return 1000, ""


def in_pieces(
    text: str, sample_bytes: int = 2, kind: str = WebSocketCall.append_kind
) -> Iterator[str]:
    """An event as it came, or a long append as several short ones that say the same.

    Minutes of audio at once are legal; speech detection on all of it in one go would hold up
    every other call. What is not a good append goes on whole, to be refused as a whole.
    """
    event = _long_append(text, sample_bytes, kind) if len(text) > PIECE_CHARS else None
    if event is None:
        yield text
        return
    audio: str = event["audio"]
    for start in range(0, len(audio), PIECE_CHARS):
        yield json.dumps({**event, "audio": audio[start : start + PIECE_CHARS]})


def _long_append(text: str, sample_bytes: int, kind: str) -> dict[str, str] | None:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict) or event.get("type") != kind:
        return None
    audio = event.get("audio")
    if not isinstance(audio, str) or not PIECE_CHARS < len(audio) <= MAX_APPEND_BASE64_CHARS:
        return None
    try:
        is_whole = len(base64.b64decode(audio, validate=True)) % sample_bytes == 0
    except (binascii.Error, ValueError):
        return None
    return event if is_whole else None
