"""A Realtime endpoint that does what the test says: the page's other side, without rules.

It serves the page, gives it a secret, answers its SDP offer with aiortc and speaks the events
channel. A few client events are answered by themselves (``session.update`` and the like); every
other event of the server is sent by the test.
"""

from __future__ import annotations

import asyncio
import fractions
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from aiohttp import web
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

SAMPLE_RATE_HZ = 48_000
FRAME_S = 0.02
SECRET = "ek_fake_secret"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

SESSION: dict[str, Any] = {
    "type": "realtime",
    "object": "realtime.session",
    "id": "sess_fake",
    "model": "fake-realtime",
    "output_modalities": ["audio"],
    "instructions": "Be brief.",
    "audio": {
        "input": {
            "format": {"type": "audio/pcm", "rate": 24000},
            "transcription": {"model": "fake-transcribe"},
            "noise_reduction": None,
            "turn_detection": {"type": "server_vad", "create_response": True},
        },
        "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin"},
    },
}


class ToneTrack(MediaStreamTrack):
    """The assistant's voice: a 440 Hz tone while ``is_speaking``, else silence."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.is_speaking = False
        self._frames = 0
        self._started_s: float | None = None

    async def recv(self) -> AudioFrame:
        loop = asyncio.get_running_loop()
        self._started_s = self._started_s or loop.time()
        await asyncio.sleep(max(0.0, self._started_s + self._frames * FRAME_S - loop.time()))
        count = int(SAMPLE_RATE_HZ * FRAME_S)
        at = np.arange(count) + self._frames * count
        tone = np.sin(2 * np.pi * 440 * at / SAMPLE_RATE_HZ) * (8_000 if self.is_speaking else 0)
        frame = AudioFrame(format="s16", layout="mono", samples=count)
        frame.planes[0].update(tone.astype(np.int16).tobytes())
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = self._frames * count
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE_HZ)
        self._frames += 1
        return frame


@dataclass
class FakeCall:
    """One call: what came in, and a way to answer."""

    connection: RTCPeerConnection
    voice: ToneTrack
    authorization: str
    offer: str
    session: dict[str, Any]
    refused: Mapping[str, dict[str, Any]]
    received: list[dict[str, Any]] = field(default_factory=list)
    heard_peak: int = 0
    """Loudest sample of the page's microphone since `forget_heard`, 0..32767."""
    heard_frames: int = 0
    channel: Any = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: int = 0
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def send(self, type: str, **fields: Any) -> None:
        """Send one event of the server."""
        self._sent += 1
        self.channel.send(json.dumps({"type": type, "event_id": f"event_{self._sent}", **fields}))

    def error(self, message: str, code: str, event_id: str | None = None) -> None:
        """Send an ``error`` event."""
        error = {"type": "invalid_request_error", "code": code, "message": message}
        self.send("error", error={**error, "param": None, "event_id": event_id})

    async def expect(self, type: str, within_s: float = 30) -> dict[str, Any]:
        """Wait for an event of the page (also one that came before); the newest of its type."""
        async with asyncio.timeout(within_s):
            while not (found := [event for event in self.received if event["type"] == type]):
                self._changed.clear()
                await self._changed.wait()
        return found[-1]

    async def hear(self, frames: int = 25, within_s: float = 30) -> int:
        """The loudest sample (0..32767) of the page's next ``frames`` frames."""
        self.heard_peak = self.heard_frames = 0
        async with asyncio.timeout(within_s):
            while self.heard_frames < frames:
                self._changed.clear()
                await self._changed.wait()
        return self.heard_peak

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.connection.close()

    def attach(self) -> None:
        """Listen to the page's channel and microphone."""

        @self.connection.on("datachannel")
        def on_channel(channel: Any) -> None:
            self.channel = channel
            channel.on("message", self._receive)
            self.send("session.created", session=self.session)

        @self.connection.on("track")
        def on_track(track: MediaStreamTrack) -> None:
            self._tasks.append(asyncio.create_task(self._listen(track)))

    async def _listen(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            self.heard_peak = max(self.heard_peak, int(np.abs(frame.to_ndarray()).max()))
            self.heard_frames += 1
            self._changed.set()

    def _receive(self, text: str) -> None:
        event = json.loads(text)
        self.received.append(event)
        self._changed.set()
        if error := self.refused.get(event["type"]):
            self.error(event_id=event.get("event_id"), **error)
        else:
            self._answer(event)

    def _answer(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "session.update":
                self.session = {**self.session, **event["session"]}
                self.send("session.updated", session=self.session)
            case "input_audio_buffer.commit":
                self.send("input_audio_buffer.committed", previous_item_id=None, item_id="item_u")
            case "response.create":
                self.send("response.created", response={"id": "resp_1", "status": "in_progress"})
            case "response.cancel":
                details = {"type": "cancelled", "reason": "client_cancelled"}
                response = {"id": "resp_1", "status": "cancelled", "status_details": details}
                self.send("response.done", response=response)
            case "output_audio_buffer.clear":
                self.send("output_audio_buffer.cleared", response_id="resp_1")
            case "conversation.item.truncate":
                keys = ("item_id", "content_index", "audio_end_ms")
                self.send("conversation.item.truncated", **{key: event[key] for key in keys})


class FakeRealtime:
    """The endpoint: an async context manager on a free port of the loopback interface.

    Attributes to script it with: ``refuse_secret`` and ``refuse_call`` (an HTTP status and the
    error's message), ``answer_sdp`` (sent in place of an answer), ``refused`` (an error by type of
    client event), ``secret`` and ``session``.
    """

    def __init__(self, page_dir: Path) -> None:
        self.secret = SECRET
        self.session = SESSION
        self.refuse_secret: tuple[int, str] | None = None
        self.refuse_call: tuple[int, str] | None = None
        self.answer_sdp: str | None = None
        self.hold_answers = asyncio.Event()
        self.hold_answers.set()
        self.refused: dict[str, dict[str, Any]] = {}
        self.calls: list[FakeCall] = []
        self.secrets_given = 0
        self.url = ""
        self._page_dir = page_dir
        self._came = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/", self._page)
        app.router.add_post("/session", self._mint)
        app.router.add_post("/v1/realtime/calls", self._call)
        app.router.add_static("/", self._page_dir)
        app.on_response_prepare.append(self._add_policy)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hold_answers.set()
        for call in self.calls:
            await call.aclose()
        if self._runner:
            await self._runner.cleanup()

    async def call(self, number: int = 0, within_s: float = 30) -> FakeCall:
        """Wait for the page's call."""
        async with asyncio.timeout(within_s):
            while len(self.calls) <= number:
                self._came.clear()
                await self._came.wait()
        return self.calls[number]

    async def _add_policy(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY

    async def _page(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(self._page_dir / "index.html")

    async def _mint(self, request: web.Request) -> web.Response:
        if self.refuse_secret:
            return _refusal(*self.refuse_secret)
        self.secrets_given += 1
        return web.json_response(
            {
                "client_secret": self.secret,
                "expires_at": 2_000_000_000,
                "calls_url": "/v1/realtime/calls",
                "session": self.session,
            }
        )

    async def _call(self, request: web.Request) -> web.Response:
        offer = await request.text()
        await self.hold_answers.wait()
        if self.refuse_call:
            return _refusal(*self.refuse_call)
        if self.answer_sdp is not None:
            return web.Response(status=201, text=self.answer_sdp)
        connection = RTCPeerConnection()
        call = FakeCall(
            connection,
            ToneTrack(),
            request.headers.get("Authorization", ""),
            offer,
            self.session,
            self.refused,
        )
        call.attach()
        await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        connection.addTrack(call.voice)
        await connection.setLocalDescription(await connection.createAnswer())
        self.calls.append(call)
        self._came.set()
        location = f"/v1/realtime/calls/rtc_fake_{len(self.calls)}"
        headers = {"Location": location, "Access-Control-Expose-Headers": "Location"}
        return web.Response(status=201, text=connection.localDescription.sdp, headers=headers)


def _refusal(status: int, message: str) -> web.Response:
    error = {"message": message, "type": "invalid_request_error", "code": None, "param": None}
    return web.json_response({"error": error}, status=status)
