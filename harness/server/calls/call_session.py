"""The interface of a session to its runner; `ServerSession` has these methods."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from harness.realtime.server.assistants.assistant import Piece
from harness.realtime.server.outputs import Output
from harness.realtime.server.validation.mcp_values import RemoteFailure, RemoteResult, RemoteTool

Samples = NDArray[np.float32]
"""Audio of a session: 24 kHz, mono, float32, shape (frames,), full scale ±1.0."""


class CallSession(Protocol):
    """What a call needs of the server's session; times are monotonic seconds, handed in."""

    def open(self, now_s: float) -> None:
        """The client is connected: its events channel is open."""

    def receive_text(self, text: str, now_s: float) -> None:
        """One message of the events channel."""

    def receive_audio(self, samples: Samples, now_s: float) -> None:
        """Audio of the user's track (24 kHz)."""

    def receive_recognition(
        self,
        job_id: str,
        text: str | None,
        error: str | None,
        now_s: float,
        finished: float | None = None,
    ) -> None:
        """The result of a `Recognise`: its text, or None and what went wrong."""

    def receive_speech(self, job_id: str, samples: Samples, is_last: bool, now_s: float) -> None:
        """Audio of a `Synthesise` (24 kHz), in one or several pieces."""

    def speech_failed(self, job_id: str, message: str, now_s: float) -> None:
        """A `Synthesise` came to nothing."""

    def on_assistant_output(self, job_id: str, piece: Piece | None, now_s: float) -> None:
        """A piece of an `AskAssistant`'s answer, in order; None: that was all."""

    def on_assistant_failed(self, job_id: str, code: str, message: str, now_s: float) -> None:
        """An `AskAssistant` broke off; what was said before stays."""

    def receive_tools(
        self,
        job_id: str,
        tools: list[RemoteTool] | None,
        failure: RemoteFailure | None,
        now_s: float,
    ) -> None:
        """The result of a `ListTools`: all tools of the server, or None and what went wrong."""

    def receive_tool_result(self, job_id: str, result: RemoteResult, now_s: float) -> None:
        """The result of a `CallTool`."""

    def advance(self, now_s: float) -> None:
        """Time passed."""

    def pull_playback(self, frames: int, now_s: float) -> Samples:
        """The next audio to play (24 kHz), exactly `frames`; silence where none is."""

    def take_outputs(self) -> list[Output]:
        """Everything to be done since the last call, in order."""

    def wake_at_s(self) -> float | None:
        """When `advance` is needed at the latest; None once the session is closed."""
