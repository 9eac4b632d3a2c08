"""Drives a ServerSession in virtual time: its client, its worker and its loudspeaker in one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Assistant, Piece
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.outputs import (
    AskAssistant,
    BeginFaults,
    CallTool,
    ListTools,
    NoteFault,
    StopAssistant,
    StopRemote,
)
from harness.realtime.server.session import Close, Recognise, SendEvent, ServerSession, Synthesise
from harness.realtime.server.validation.mcp_values import RemoteFailure, RemoteResult, RemoteTool
from tests.support.scripted_detector import ScriptedDetector

FRAME_S = 0.02
FRAME_FRAMES = 480
RATE_HZ = 24_000


def spoken(seconds: float) -> MonoFloat32:
    """What the scripted detector takes for speech."""
    times_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (0.3 * np.sin(2 * np.pi * 300 * times_s)).astype(np.float32)


def silence(seconds: float) -> MonoFloat32:
    return np.zeros(round(seconds * RATE_HZ), dtype=np.float32)


class SessionDriver:
    """A call in memory: 20 ms of audio in each direction a step.

    Recognition answers with `words` in turn; synthesis gives `seconds_per_word` of sound for each
    word. Both answer at once, unless `holds_recognition` or `holds_speech` is set.
    """

    def __init__(
        self,
        rules: Sequence[Any] | None = None,
        settings: dict[str, Any] | None = None,
        words: list[str] | None = None,
        assistant: Assistant | None = None,
        **options: Any,
    ) -> None:
        self.session = ServerSession(
            settings={"type": "realtime", **(settings or {})},
            assistant=assistant or Script.model_validate({"rules": rules or []}),
            detector=ScriptedDetector(),
            ids=Ids(seed=1),
            unix_time_s=1_700_000_000.0,
            **options,
        )
        self.now_s = 100.0
        self.words = list(words or [])
        self.seconds_per_word = 0.3
        self.holds_recognition = False
        self.holds_speech = False
        self.recognitions: list[Recognise] = []
        self.syntheses: list[Synthesise] = []
        self.thoughts: list[AskAssistant] = []
        """What an assistant beside the session is asked for; answer with `think`."""
        self.stopped_thoughts: list[str] = []
        self.listings: list[ListTools] = []
        self.calls: list[CallTool] = []
        self.stopped: list[str] = []
        self.fault_outputs: list[BeginFaults | NoteFault] = []
        self.events: list[dict[str, Any]] = []
        self.times_s: list[float] = []
        self.played: list[MonoFloat32] = []
        self.closed: str | None = None
        self.mark = 0
        """Number of events there were when the client last did something."""
        self.session.open(self.now_s)
        self.drain()

    # --- what a client does ---

    def send(self, kind: str, **fields: Any) -> None:
        self.send_text(json.dumps({"type": kind, **fields}))

    def send_text(self, text: str) -> None:
        self.mark = len(self.events)
        self.session.receive_text(text, self.now_s)
        self.drain()

    def hear(self, samples: MonoFloat32) -> None:
        """Speak into the call, in real time: playback runs along."""
        for at in range(0, len(samples), FRAME_FRAMES):
            self._step(samples[at : at + FRAME_FRAMES])

    def say(self, seconds: float = 1.0, then_silence_s: float = 0.8) -> None:
        self.mark = len(self.events)
        self.hear(np.concatenate([spoken(seconds), silence(then_silence_s)]))

    def wait(self, seconds: float) -> None:
        self.hear(silence(seconds))

    def wait_for(self, kind: str, within_s: float = 30.0) -> dict[str, Any]:
        """The first event of this type since the client's last act; time passes until it comes."""
        for _ in range(round(within_s / FRAME_S)):
            for event in self.events[self.mark :]:
                if event["type"] == kind:
                    return event
            self.wait(FRAME_S)
        raise AssertionError(f"no {kind} within {within_s} s; got {self.types(self.mark)}")

    def _step(self, samples: MonoFloat32) -> None:
        self.now_s += FRAME_S
        self.session.receive_audio(samples, self.now_s)
        self.drain()
        self._pull()

    def play(self) -> None:
        """A frame of playback while no audio of the user comes."""
        self.now_s += FRAME_S
        self._pull()

    def _pull(self) -> None:
        self.played.append(self.session.pull_playback(FRAME_FRAMES, self.now_s))
        self.drain()

    # --- what a worker does ---

    def drain(self) -> None:
        """Do what the session asks for until it asks for nothing more."""
        while outputs := self.session.take_outputs():
            for output in outputs:
                match output:
                    case SendEvent(event):
                        # Copied as it is on the wire, so that later changes do not show.
                        self.events.append(json.loads(json.dumps(event)))
                        self.times_s.append(self.now_s)
                    case Recognise():
                        self.recognitions.append(output)
                    case Synthesise():
                        self.syntheses.append(output)
                    case AskAssistant():
                        self.thoughts.append(output)
                    case StopAssistant(job_id):
                        self.stopped_thoughts.append(job_id)
                    case ListTools():
                        self.listings.append(output)
                    case CallTool():
                        self.calls.append(output)
                    case StopRemote(job_id):
                        self.stopped.append(job_id)
                    case BeginFaults() | NoteFault():
                        self.fault_outputs.append(output)
                    case Close(reason):
                        self.closed = reason
            if not self.holds_recognition and any(isinstance(out, Recognise) for out in outputs):
                self.answer_recognition()
            if not self.holds_speech and any(isinstance(out, Synthesise) for out in outputs):
                self.answer_speech()

    def think(self, *pieces: Piece | None) -> None:
        """Hand in pieces of the last assistant_output; None ends it."""
        for piece in pieces:
            self.session.on_assistant_output(self.thoughts[-1].job_id, piece, self.now_s)
            self.drain()

    def settle_recognition(self, text: str | None) -> None:
        """Answer the oldest held recognition, if there is one; None fails it."""
        if self.recognitions:
            job = self.recognitions.pop(0)
            error = "the recogniser broke" if text is None else None
            self.session.receive_recognition(job.job_id, text, error, self.now_s)
            self.drain()

    def settle_speech(self, seconds: float | None) -> None:
        """Answer the oldest held synthesis, if there is one; None fails it."""
        if self.syntheses:
            job_id = self.syntheses.pop(0).job_id
            if seconds is None:
                self.session.speech_failed(job_id, "the synthesiser broke", self.now_s)
            else:
                self.session.receive_speech(job_id, spoken(seconds), False, self.now_s)
                self.session.receive_speech(job_id, silence(0), True, self.now_s)
            self.drain()

    def is_at_rest(self) -> bool:
        """Every response is done, and what started to play has ended."""
        kinds = [event["type"] for event in self.events]
        ended = kinds.count("output_audio_buffer.stopped") + kinds.count(
            "output_audio_buffer.cleared"
        )
        return (
            kinds.count("response.created") == kinds.count("response.done")
            and kinds.count("output_audio_buffer.started") == ended
        )

    def answer_recognition(self, text: str | None = None, error: str | None = None) -> None:
        job = self.recognitions[-1]
        if text is None and error is None:
            text = self.words.pop(0) if self.words else "hello there"
        self.session.receive_recognition(job.job_id, text, error, self.now_s)
        self.drain()

    def answer_speech(self) -> None:
        job = self.syntheses[-1]
        samples = spoken(self.seconds_per_word * max(1, len(job.text.split())))
        self.session.receive_speech(job.job_id, samples, True, self.now_s)
        self.drain()

    def list_tools(self, *tools: RemoteTool, failure: RemoteFailure | None = None) -> None:
        """A remote server lists its tools, or fails: the answer to the oldest listing."""
        job_id = self.listings.pop(0).job_id
        listed = None if failure is not None else list(tools)
        self.session.receive_tools(job_id, listed, failure, self.now_s)
        self.drain()

    def call_ended(self, output: str | None = None, failure: RemoteFailure | None = None) -> None:
        """A remote tool gives its output, or fails: the answer to the oldest call."""
        job_id = self.calls.pop(0).job_id
        self.session.receive_tool_result(job_id, RemoteResult(output, failure), self.now_s)
        self.drain()

    # --- what was seen ---

    def types(self, since: int = 0, without: tuple[str, ...] = ()) -> list[str]:
        """Event types in order, runs of the same type told once."""
        result: list[str] = []
        for event in self.events[since:]:
            if event["type"] not in without and (not result or result[-1] != event["type"]):
                result.append(event["type"])
        return result

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    def last(self, kind: str) -> dict[str, Any]:
        return self.of_type(kind)[-1]

    def since(self, mark: int, keep: Callable[[str], bool]) -> list[str]:
        return [event["type"] for event in self.events[mark:] if keep(event["type"])]
