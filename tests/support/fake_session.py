"""A `CallSession` that echoes: events come back, and so does the sound."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.realtime.server.assistants.assistant import Piece
from harness.realtime.server.outputs import (
    SESSION_EXPIRED,
    Close,
    Output,
    Recognise,
    SendEvent,
    Synthesise,
)
from harness.realtime.server.session import EXPIRED_MESSAGE
from harness.realtime.server.validation.mcp_values import RemoteFailure, RemoteResult, RemoteTool

Samples = NDArray[np.float32]


class FakeSession:
    """Answers `{"do": ...}` messages; everything else is echoed.

    `close` ends the call, `expire` does so for its age, `speak` has a text synthesised and played,
    `recognise` has the sound so far recognised, `wake` asks to be woken a little later, `break`
    raises, `shout` sends an event that is larger than the channel takes.
    """

    def __init__(self, settings: dict[str, Any] | None = None) -> None:
        self.settings = settings or {}
        self.texts: list[str] = []
        self.heard: list[Samples] = []
        self.calls: list[str] = []
        self.is_echoing = True
        self._playing = np.zeros(0, np.float32)
        self._outputs: list[Output] = []
        self._wake_at_s: float | None = None

    def open(self, now_s: float) -> None:
        self._event("session.created", session=self.settings)

    def receive_text(self, text: str, now_s: float) -> None:
        self.texts.append(text)
        wanted = json.loads(text).get("do")
        if wanted == "close":
            self._event("last words")
            self._outputs.append(Close("asked to"))
        elif wanted == "expire":
            self._event("last words")
            self._outputs.append(Close(SESSION_EXPIRED, EXPIRED_MESSAGE))
        elif wanted == "speak":
            self.is_echoing = False
            self._outputs.append(Synthesise("job", json.loads(text)["text"], "en-US", 1.0))
        elif wanted == "recognise":
            self._outputs.append(Recognise("job", np.concatenate(self.heard), 24_000))
        elif wanted == "break":
            raise RuntimeError("a mistake in the session")
        elif wanted == "shout":
            self._event("loud", text="x" * 300_000)
        elif wanted == "wake":
            self._wake_at_s = now_s + 0.05
        else:
            self._event("echo", text=text)

    def receive_audio(self, samples: Samples, now_s: float) -> None:
        self.heard.append(samples)
        if self.is_echoing:
            self._playing = np.concatenate([self._playing, samples])[-24_000:]

    def receive_recognition(
        self,
        job_id: str,
        text: str | None,
        error: str | None,
        now_s: float,
        finished: float | None = None,
    ) -> None:
        told = {} if finished is None else {"finished": finished}
        self._event("recognised", job_id=job_id, text=text, error=error, **told)

    def receive_speech(self, job_id: str, samples: Samples, is_last: bool, now_s: float) -> None:
        self._playing = np.concatenate([self._playing, samples])
        self._event("spoken", job_id=job_id, frames=len(samples), is_last=is_last)

    def speech_failed(self, job_id: str, message: str, now_s: float) -> None:
        self._event("speech failed", job_id=job_id, message=message)

    def on_assistant_output(self, job_id: str, piece: Piece | None, now_s: float) -> None:
        self._event("assistant_output", job_id=job_id, piece=getattr(piece, "text", None))

    def on_assistant_failed(self, job_id: str, code: str, message: str, now_s: float) -> None:
        self._event("assistant failed", job_id=job_id, code=code, message=message)

    def receive_tools(
        self,
        job_id: str,
        tools: list[RemoteTool] | None,
        failure: RemoteFailure | None,
        now_s: float,
    ) -> None:
        names = None if tools is None else [tool.name for tool in tools]
        message = failure.message if failure is not None else None
        self._event("tools", job_id=job_id, names=names, failure=message)

    def receive_tool_result(self, job_id: str, result: RemoteResult, now_s: float) -> None:
        message = result.failure.message if result.failure is not None else None
        self._event("tool result", job_id=job_id, output=result.output, failure=message)

    def advance(self, now_s: float) -> None:
        self._wake_at_s = None
        self._event("woken")

    def pull_playback(self, frames: int, now_s: float) -> Samples:
        played, self._playing = self._playing[:frames], self._playing[frames:]
        return np.concatenate([played, np.zeros(frames - len(played), np.float32)])

    def take_outputs(self) -> list[Output]:
        outputs, self._outputs = self._outputs, []
        return outputs

    def wake_at_s(self) -> float | None:
        return self._wake_at_s

    def _event(self, kind: str, **data: Any) -> None:
        self._outputs.append(SendEvent({"type": kind, **data}))
