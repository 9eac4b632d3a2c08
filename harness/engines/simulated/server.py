"""The server's session, driven in memory: its shell under virtual time, beside `server.call`.

Detection, recognition and synthesis are the real ones, on the samples. What they would cost in
time is fixed instead of measured, so that a run repeats to the sample.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np

from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.half_band import Doubler, Halver
from harness.audio.resample import resample
from harness.errors import SpeechError
from harness.realtime.faults.call import CallFaults
from harness.realtime.faults.triggers import Applied, Note
from harness.realtime.server.outputs import (
    BeginFaults,
    Close,
    ListTools,
    NoteFault,
    Recognise,
    SendEvent,
    Synthesise,
)
from harness.realtime.server.session import ServerSession
from harness.realtime.server.validation.mcp_values import RemoteFailure
from harness.speech.interface import Recogniser
from harness.speech.workers import SESSION_RATE_HZ
from harness.virtual_time import Agenda

RECOGNITION_S = 0.25
"""From a recognition job to its result: what a turn of a few seconds takes on two cores."""

NO_REMOTE_TOOLS = (
    "The simulated engine reaches no servers. Use the engine browser or native for remote tools."
)
SYNTHESIS_S = 0.03
"""From a synthesis job to each sentence of it."""


class SpeaksInParts(Protocol):
    """Speaks a text part by part."""

    def parts(self, text: str, voice: str | None = None, speed: float = 1.0) -> Iterator[AudioClip]:
        """The spoken text, part by part as each gets ready."""


class SimulatedServer:
    """Carries out what the session wants; everything it does comes from the agenda.

    Args:
        send: one event for the client, as text.
        close: the session ends the call, for this reason.
        faults: stand between the session and the client; None where there are none.
        note: told what the session itself did in a fault's name.
    """

    def __init__(
        self,
        session: ServerSession,
        recogniser: Recogniser,
        synthesiser: SpeaksInParts,
        agenda: Agenda,
        send: Callable[[str, float], None],
        close: Callable[[str, float], None],
        faults: CallFaults | None = None,
        note: Note = lambda _: None,
    ) -> None:
        self.is_open = False
        self._session = session
        self._recogniser = recogniser
        self._synthesiser = synthesiser
        self._agenda = agenda
        self._send = send
        self._close = close
        self._faults = faults
        self._note = note
        self._halver, self._doubler = Halver(), Doubler()
        self._wake_at_s: float | None = None
        self._spoils_at_s: float | None = None

    def open(self, now_s: float) -> None:
        """The client's channel is open."""
        self.is_open = True
        if self._faults is not None:
            self._faults.open(now_s)
        self._session.open(now_s)
        self._flush(now_s)

    def end(self) -> None:
        """The client is gone: nothing reaches the session any more."""
        self.is_open = False

    def receive_text(self, text: str, now_s: float) -> None:
        """A message of the client's."""
        if self.is_open:
            self._session.receive_text(text, now_s)
            self._flush(now_s)

    def receive_audio(self, samples: MonoFloat32, now_s: float) -> None:
        """The next samples of the client's microphone, 48 kHz."""
        halved = self._halver.process(samples)
        if self.is_open:
            self._session.receive_audio(halved, now_s)
            self._flush(now_s)

    def pull_playback(self, frames: int, now_s: float) -> MonoFloat32:
        """The next samples that the client hears, 48 kHz."""
        if not self.is_open:
            return np.zeros(frames, np.float32)

        def source(frames: int) -> MonoFloat32:
            return self._session.pull_playback(frames, now_s)

        if self._faults is None:
            played = source(frames // 2)
        else:
            played = self._faults.pull(frames // 2, source, now_s)
        self._flush(now_s)
        return self._doubler.process(played)

    def _flush(self, now_s: float) -> None:
        """Carry out what the session wants by now, and set its next wake-up."""
        for output in self._session.take_outputs():
            match output:
                case SendEvent(event):
                    self._deliver(event, now_s)
                case Recognise():
                    self._recognise(output, now_s)
                case Synthesise():
                    self._synthesise(output, now_s)
                case ListTools():
                    self._refuse_remote_tools(output, now_s)
                case NoteFault(name, detail):
                    self._note(Applied(name, detail, now_s))
                case BeginFaults(faults, response_id) if self._faults is not None:
                    self._faults.begin(faults, response_id, now_s)
                case Close(reason):
                    self._end_call(reason, now_s)
        self._spoil(now_s)
        wake_at_s = self._session.wake_at_s()
        if wake_at_s is not None and wake_at_s != self._wake_at_s:
            self._agenda.at(wake_at_s, self._wake)
        self._wake_at_s = wake_at_s

    def _end_call(self, reason: str, now_s: float) -> None:
        self.end()
        self._close(reason, now_s)

    def _deliver(self, event: dict[str, Any], now_s: float) -> None:
        if self._faults is None:
            self._send(_json(event), now_s)
        else:
            self._faults.offer(event, now_s)
            self._spoil(now_s)

    def _spoil(self, now_s: float) -> None:
        """Send and break what faults make due by now, and come back for more."""
        if self._faults is None or not self.is_open:
            return
        for text in self._faults.take_due(now_s):
            self._send(text, now_s)
        if self._faults.take_actions(now_s):  # in memory there is only a channel to close
            self._end_call("the server closed the data channel", now_s)
            return
        next_s = self._faults.next_s()
        if next_s is not None and next_s != self._spoils_at_s:
            self._agenda.at(max(next_s, now_s), self._spoil)
        self._spoils_at_s = next_s

    def _wake(self, now_s: float) -> None:
        """Wake-ups that the session has given up since are still on the agenda: they pass."""
        if self.is_open and self._wake_at_s == now_s:
            self._wake_at_s = None
            self._session.advance(now_s)
            self._flush(now_s)

    def _recognise(self, wanted: Recognise, now_s: float) -> None:
        text: str | None = None
        problem: str | None = None
        try:
            text = self._recogniser.recognise(wanted.samples, wanted.sample_rate_hz)
        except SpeechError as error:
            problem = error.message

        def hand_in(then_s: float) -> None:
            self._session.receive_recognition(wanted.job_id, text, problem, then_s)

        self._later(now_s + RECOGNITION_S, hand_in)

    def _refuse_remote_tools(self, wanted: ListTools, now_s: float) -> None:
        """A run that repeats to the sample knows no servers; nothing listed, nothing is called."""
        failure = RemoteFailure("protocol_error", NO_REMOTE_TOOLS)
        self._later(
            now_s,
            lambda then_s: self._session.receive_tools(wanted.job_id, None, failure, then_s),
        )

    def _synthesise(self, wanted: Synthesise, now_s: float) -> None:
        due_s = now_s
        try:
            for clip in self._synthesiser.parts(wanted.text, wanted.voice, wanted.speed):
                due_s += SYNTHESIS_S
                samples = resample(clip.samples, clip.sample_rate_hz, SESSION_RATE_HZ)
                self._later(due_s, self._speech(wanted.job_id, samples, is_last=False))
        except SpeechError as error:
            message = error.message
            self._later(
                due_s + SYNTHESIS_S,
                lambda then_s: self._session.speech_failed(wanted.job_id, message, then_s),
            )
        else:
            nothing = np.zeros(0, np.float32)
            self._later(due_s, self._speech(wanted.job_id, nothing, is_last=True))

    def _speech(
        self, job_id: str, samples: MonoFloat32, *, is_last: bool
    ) -> Callable[[float], None]:
        return lambda then_s: self._session.receive_speech(job_id, samples, is_last, then_s)

    def _later(self, due_s: float, hand_in: Callable[[float], None]) -> None:
        def act(then_s: float) -> None:
            if self.is_open:
                hand_in(then_s)
                self._flush(then_s)

        self._agenda.at(due_s, act)


def _json(event: dict[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))
