"""Audio of a Live session as JSON: the formats of its WebSocket, and copies for a sideband."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import numpy as np

from harness.audio import pcm16
from harness.audio.clip import MonoFloat32
from harness.audio.g711 import FromTelephone, ToTelephone
from harness.audio.resample import StreamResampler
from harness.errors import ProtocolError
from harness.live.state import LiveState
from harness.realtime.audio_formats import LAWS

RATE_HZ = 24_000
CHUNK_MS = 100
CHUNK_FRAMES = RATE_HZ * CHUNK_MS // 1000


class WireFormat:
    """Both directions of a primary WebSocket's audio; one stream each.

    Args:
        audio_format: as the session has it.
    """

    def __init__(self, audio_format: dict[str, Any]) -> None:
        law, rate_hz = LAWS.get(audio_format["type"]), audio_format["rate"]
        self._from_law = None if law is None else FromTelephone(law)
        self._to_law = None if law is None else ToTelephone(law)
        rate_hz = RATE_HZ if law is not None else rate_hz
        self._upwards = StreamResampler(rate_hz, RATE_HZ)
        self._downwards = StreamResampler(RATE_HZ, rate_hz)

    def decode(self, text: str) -> MonoFloat32:
        """Samples at 24 kHz of a client's append.

        Raises:
            ProtocolError: not base64, or half a sample.
        """
        try:
            data = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise _invalid("it is not base64") from error
        if self._from_law is not None:
            return self._from_law.process(data)
        if len(data) % 2:
            raise _invalid("16-bit PCM has an even number of bytes")
        return self._upwards.process(pcm16.decode(data))

    def encode(self, samples: MonoFloat32) -> str:
        """Base64 of the next samples (24 kHz), in the session's format."""
        if self._to_law is not None:
            return base64.b64encode(self._to_law.process(samples)).decode("ascii")
        return pcm16.to_base64(self._downwards.process(samples))


class AudioCopies:
    """What sidebands get of a session's audio: mono PCM16 at 24 kHz, in pieces of 100 ms."""

    def __init__(self, state: LiveState) -> None:
        self._state = state
        self._is_on = False
        self._heard: list[MonoFloat32] = []
        self._spoken: list[MonoFloat32] = []
        self._from_ms = 0

    @property
    def is_on(self) -> bool:
        """Whether anybody gets them. Nothing of before is in the first pieces after it changed."""
        return self._is_on

    @is_on.setter
    def is_on(self, is_on: bool) -> None:
        if is_on != self._is_on:
            self._heard.clear()
            self._spoken.clear()
        self._is_on = is_on

    def heard(self, samples: MonoFloat32) -> None:
        """Input (24 kHz), before it is muted."""
        if self.is_on:
            self._heard.append(samples)
            if (chunk := _whole(self._heard)) is not None:
                self._state.send_bare("session.input_audio.append", audio=pcm16.to_base64(chunk))

    def spoken(self, samples: MonoFloat32, at_ms: int) -> None:
        """Output (24 kHz), from a place of the timeline on."""
        if not self.is_on:
            return
        if not self._spoken:
            self._from_ms = at_ms
        self._spoken.append(samples)
        if (chunk := _whole(self._spoken)) is not None:
            end_ms = self._from_ms + len(chunk) * 1000 // RATE_HZ
            self._state.send_bare(
                "session.output_audio.delta",
                delta=pcm16.to_base64(chunk),
                start_ms=self._from_ms,
                end_ms=end_ms,
            )


def _whole(pieces: list[MonoFloat32]) -> MonoFloat32 | None:
    """All of it, and nothing kept, once there is enough for an event."""
    if sum(map(len, pieces)) < CHUNK_FRAMES:
        return None
    joined = np.concatenate(pieces)
    pieces.clear()
    return joined


def _invalid(why: str) -> ProtocolError:
    return ProtocolError(f"Invalid 'audio': {why}.", code="invalid_audio", param="audio")
