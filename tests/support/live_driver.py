"""Drives a LiveSession in virtual time: its client, its workers and its loudspeaker in one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.audio.clip import MonoFloat32
from harness.live.session import LiveSession
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.assistant import Assistant, Piece
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.outputs import (
    AskAssistant,
    BeginFaults,
    Close,
    NoteFault,
    Recognise,
    SendEvent,
    StopAssistant,
    Synthesise,
)
from tests.support.scripted_detector import ScriptedDetector
from tests.support.session_driver import silence, spoken

FRAME_S, FRAME_FRAMES = 0.02, 480
MODEL = {"model": "gpt-live-1"}
FUNCTION = {"type": "function", "name": "find_table", "parameters": {"type": "object"}}
BACKEND = {
    "type": "responses",
    "responses": {"model": "gpt-5", "instructions": "Be exact.", "tools": [FUNCTION]},
}


class LiveDriver:
    """A session in memory: 20 ms of audio in each direction a step.

    Recognition answers with `words` in turn; synthesis gives `seconds_per_word` of sound for each
    word. Both answer at once, unless `holds_recognition` or `holds_speech` is set.
    """

    def __init__(
        self,
        rules: Sequence[Any] | None = None,
        settings: dict[str, Any] | None = None,
        words: Sequence[str] = (),
        assistant: Assistant | None = None,
        transport: Any = "webrtc",
        starts: bool = True,
        **options: Any,
    ) -> None:
        wanted = {**MODEL, **(settings or {})}
        self.session = LiveSession(
            None if transport == "websocket" else wanted,
            session_id="live_1",
            assistant=assistant or Script.model_validate({"rules": rules or []}),
            detector=ScriptedDetector(),
            ids=Ids(seed=1),
            unix_time_s=1_700_000_000.0,
            transport=transport,
            **options,
        )
        self.now_s = 100.0
        self.words = list(words)
        self.seconds_per_word = 0.3
        self.holds_recognition = self.holds_speech = False
        self.recognitions: list[Recognise] = []
        self.syntheses: list[Synthesise] = []
        self.thoughts: list[AskAssistant] = []
        self.stopped: list[str] = []
        self.faults: list[BeginFaults | NoteFault] = []
        self.events: list[dict[str, Any]] = []
        self.times_s: list[float] = []
        self.played: list[MonoFloat32] = []
        self.closed: str | None = None
        self.session.open(self.now_s)
        self.drain()
        if transport == "websocket" and starts:
            self.send("session.start", session=wanted, event_id="start")

    # --- what a client does ---

    def send(self, kind: str, **fields: Any) -> None:
        self.send_text(json.dumps({"type": kind, **fields}))

    def send_text(self, text: str) -> None:
        self.session.receive_text(text, self.now_s)
        self.drain()

    def beside(self, kind: str, **fields: Any) -> None:
        self.session.receive_beside(json.dumps({"type": kind, **fields}), self.now_s)
        self.drain()

    def hear(self, samples: MonoFloat32) -> None:
        """Speak into the session, in real time; playback runs along."""
        for at in range(0, len(samples), FRAME_FRAMES):
            self.now_s += FRAME_S
            self.session.receive_audio(samples[at : at + FRAME_FRAMES], self.now_s)
            self.drain()
            self.played.append(self.session.pull_playback(FRAME_FRAMES, self.now_s))
            self.drain()

    def say(self, seconds: float = 1.0, then_silence_s: float = 0.8) -> None:
        self.hear(np.concatenate([spoken(seconds), silence(then_silence_s)]))

    def wait(self, seconds: float) -> None:
        self.hear(silence(seconds))

    def jump(self, seconds: float) -> None:
        """Time passes and nothing comes; the session is woken when it wants to be."""
        until_s = self.now_s + seconds
        while (wake_s := self.session.wake_at_s()) is not None and wake_s <= until_s + 1e-9:
            self.now_s = max(self.now_s, wake_s)
            self.session.advance(self.now_s)
            self.drain()
        self.now_s = until_s

    def create(self, output: str | None = None, **fields: Any) -> None:
        """Give the result of the last call of the backend, if any, and let it go on."""
        if output is not None:
            call_id = self.nested("response.output_item.done")[-1]["item"]["call_id"]
            item = {"type": "function_call_output", "call_id": call_id, "output": output}
            self.send("response.item.create", item=item)
        self.send("response.create", **fields)

    # --- what workers do ---

    def drain(self) -> None:
        """Do what the session asks for until it asks for nothing more."""
        while outputs := self.session.take_outputs():
            for output in outputs:
                match output:
                    case SendEvent(event):
                        self.events.append(json.loads(json.dumps(event)))
                        self.times_s.append(self.now_s)
                    case Recognise():
                        self.recognitions.append(output)
                    case Synthesise():
                        self.syntheses.append(output)
                    case AskAssistant():
                        self.thoughts.append(output)
                    case StopAssistant(job_id):
                        self.stopped.append(job_id)
                    case BeginFaults() | NoteFault():
                        self.faults.append(output)
                    case Close(reason):
                        self.closed = reason
            while self.recognitions and not self.holds_recognition:
                self.recognise(self.words.pop(0) if self.words else "hello there")
            while self.syntheses and not self.holds_speech:
                self.speak()

    def recognise(self, text: str | None) -> None:
        """Answer the oldest recognition; one ahead of its turn's end is given up."""
        job = self.recognitions.pop(0)
        if job.is_ahead and text is not None and not self.holds_recognition:
            self.words.insert(0, text)
            text = None
        error = "broken" if text is None else None
        self.session.receive_recognition(job.job_id, text, error, self.now_s)
        self.drain()

    def speak(self, seconds: float | None = None) -> None:
        """Answer the oldest synthesis."""
        job = self.syntheses.pop(0)
        seconds = seconds or self.seconds_per_word * len(job.text.split())
        self.session.receive_speech(job.job_id, spoken(seconds), True, self.now_s)
        self.drain()

    def think(self, *pieces: Piece | None) -> None:
        """Hand in pieces of the last answer that is thought beside; None ends it."""
        for piece in pieces:
            self.session.on_assistant_output(self.thoughts[-1].job_id, piece, self.now_s)
            self.drain()

    # --- what was seen ---

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    def last(self, kind: str) -> dict[str, Any]:
        return self.of_type(kind)[-1]

    def types(self) -> list[str]:
        """Event types in order, runs of the same type told once."""
        kinds = [event["type"] for event in self.events]
        return [kind for at, kind in enumerate(kinds) if at == 0 or kinds[at - 1] != kind]

    def nested(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Backend events, of one type or of all."""
        events = [event["event"] for event in self.of_type("response.event")]
        return [event for event in events if kind in (None, event["type"])]

    def said(self, who: str = "output") -> str:
        """The transcript of one side, joined as it came."""
        return "".join(event["delta"] for event in self.of_type(f"session.{who}_transcript.delta"))

    def errors(self) -> list[tuple[str, str | None]]:
        return [
            (event["error"]["code"], event["error"].get("param")) for event in self.of_type("error")
        ]

    @property
    def voiced_s(self) -> float:
        """How much sound was played so far."""
        return sum(float(np.count_nonzero(np.abs(p) > 0.001)) for p in self.played) / 24_000
