"""What a server session hands out: things its shell has to do."""

from __future__ import annotations

from dataclasses import dataclass

from harness.audio.clip import MonoFloat32
from harness.realtime.wire import SendEvent

__all__ = ["Close", "Output", "Recognise", "SendEvent", "Synthesise"]


@dataclass(frozen=True, slots=True, eq=False)
class Recognise:
    """Recognise these samples; answer with `ServerSession.receive_recognition`."""

    job_id: str

    samples: MonoFloat32
    """float32, shape (frames,)."""

    sample_rate_hz: int


@dataclass(frozen=True, slots=True)
class Synthesise:
    """Speak this text; answer with `receive_speech` (24 kHz), or with `speech_failed`."""

    job_id: str
    text: str

    voice: str
    """As the session or the script names it: one of the protocol's voices, or an engine's own."""

    speed: float
    """1.0 is the voice's normal rate."""


@dataclass(frozen=True, slots=True)
class Close:
    """End the call after everything before this was sent."""

    reason: str


Output = SendEvent | Recognise | Synthesise | Close
