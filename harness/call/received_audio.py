"""Audio that the other side of a call received of its user, where anybody tells."""

from __future__ import annotations

import io
from typing import Protocol

import aiohttp
import soundfile

from harness.audio.clip import AudioClip
from harness.call.look_back import sound_between
from harness.call.recorder import CallRecorder
from harness.client.server_api import ServerAddress
from harness.line.interface import Line

WITHIN_S = 10.0
"""Half an hour of it is 170 MB, over loopback."""


class ReceivedAudio(Protocol):
    """Whom a call asks for what came of the user's voice."""

    async def latest(self, lasts_s: float) -> AudioClip | str:
        """The last so many seconds; or why nobody can tell, in words."""
        ...


class ServerReceived:
    """Asks a local server that records (`start_server(is_recording=True)`)."""

    def __init__(self, server: ServerAddress) -> None:
        self._base = f"{server.url.rstrip('/').removesuffix('/v1')}/harness/calls"
        self._headers = {"Authorization": f"Bearer {server.api_key}"}

    async def latest(self, lasts_s: float) -> AudioClip | str:
        timeout = aiohttp.ClientTimeout(total=WITHIN_S)
        try:
            async with aiohttp.ClientSession(headers=self._headers, timeout=timeout) as http:
                async with http.get(self._base) as answer:
                    listed = await answer.json()
                calls = [one["call_id"] for one in listed["calls"]]
                if len(calls) != 1:
                    return (
                        f"the server has {len(calls)} calls, so nobody can tell which is this one"
                    )
                async with http.get(f"{self._base}/{calls[0]}/received.wav") as answer:
                    if answer.status != 200:
                        return "the server did not record what it received"
                    body = await answer.read()
        except (OSError, TimeoutError, aiohttp.ClientError, KeyError, ValueError) as error:
            return f"the server does not tell what it received ({type(error).__name__})"
        samples, rate_hz = soundfile.read(io.BytesIO(body), dtype="float32")
        return AudioClip(samples[-round(lasts_s * rate_hz) :], rate_hz)


class ReceivedAsSent:
    """Without a network: the session receives what the microphone sends, sample by sample."""

    def __init__(self, line: Line, recorder: CallRecorder) -> None:
        self._line = line
        self._recorder = recorder

    async def latest(self, lasts_s: float) -> AudioClip | str:
        until_s = max((piece.end_s for piece in self._line.sent.snapshot()), default=0.0)
        from_s = max(0.0, until_s - lasts_s)
        return sound_between(self._line.sent, self._recorder.recordings.read_sent, from_s, until_s)
