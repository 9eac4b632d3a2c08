"""The session's audio formats: base64 of the wire to samples at 24 kHz, and back."""

from __future__ import annotations

import base64
import binascii

from harness.audio import pcm16
from harness.audio.clip import MonoFloat32
from harness.audio.g711 import FromTelephone, Law, ToTelephone
from harness.errors import ProtocolError
from harness.realtime.session_object import Settings

LAWS: dict[str, Law] = {"audio/pcmu": "ULAW", "audio/pcma": "ALAW"}
"""What is not here is PCM16 at 24 kHz."""


def format_of(session: Settings, side: str) -> str:
    """The type of ``audio.input.format`` or ``audio.output.format``."""
    return str(session["audio"][side]["format"]["type"])


class AudioDecoder:
    """A stream of audio from the wire. A change of format begins a new one."""

    def __init__(self) -> None:
        self._telephone: FromTelephone | None = None

    def decode(self, text: str, kind: str, path: str) -> MonoFloat32:
        """The samples of the next piece: float32 at 24 kHz.

        Raises:
            ProtocolError: not base64, or not whole samples; the stream goes on before it.
        """
        law = LAWS.get(kind)
        if law is None:
            self._telephone = None
            return _decoded_pcm16(text, path)
        data = _from_base64(text, path, "G.711 audio")
        if self._telephone is None or self._telephone.law != law:
            self._telephone = FromTelephone(law)
        return self._telephone.process(data)


class AudioEncoder:
    """A stream of audio to the wire, in one format."""

    def __init__(self, kind: str) -> None:
        law = LAWS.get(kind)
        self._telephone = None if law is None else ToTelephone(law)

    def encode(self, samples: MonoFloat32) -> str:
        """The next piece in base64, from float32 at 24 kHz."""
        if self._telephone is None:
            return pcm16.to_base64(samples)
        return base64.b64encode(self._telephone.process(samples)).decode("ascii")


def _decoded_pcm16(text: str, path: str) -> MonoFloat32:
    try:
        return pcm16.decode(_from_base64(text, path, "16-bit PCM audio"))
    except ValueError as error:
        raise _not_audio(path, "16-bit PCM audio") from error


def _from_base64(text: str, path: str, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _not_audio(path, what) from error


def _not_audio(path: str, what: str) -> ProtocolError:
    message = f"Invalid '{path}': expected base64-encoded {what}."
    return ProtocolError(message, code="invalid_value", param=path)
