"""A line that is fed what a page would send, for calls of hours in simulated time.

Everything behind the page is real: the payloads of the binding are parsed and checked, placed on
the timeline, recorded, judged and written into the trace. The page is made up: a microphone, one
remote track, what is played of it, an anchor and statistics each second, and the messages of a
conversation that repeats.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import numpy as np

from harness.audio import pcm16
from harness.audio.clip import CALL_RATE_HZ, AudioClip, MonoFloat32
from harness.browser.page_audio import PageAudio
from harness.browser.page_clock import PageClock
from harness.browser.reassembler import Reassembler
from harness.line.audio import AudioFrames
from harness.line.connection_envelopes import ENVELOPES_KEPT, TAKEN_KEPT
from harness.line.envelope import SAMPLES, Envelope
from harness.line.interface import LineCapabilities, LineReport
from harness.line.mixing_microphone import MixingMicrophone
from harness.streams.event_stream import EventStream
from harness.timeline import Timeline
from harness.virtual_time import LoopClock

TICK_S = 0.1
TICK_FRAMES = round(TICK_S * CALL_RATE_HZ)
TICKS_PER_S = round(1 / TICK_S)
REALM = "realm"
CHANNEL = {"connection": "connection-1", "channel": "channel-1", "label": "oai-events"}
QUIET_TICKS = 3
"""Digital silence of the microphone that ends the user's turn."""

STOPPED_S, CREATED_S, SOUNDS_S = 0.2, 0.4, 0.9
"""After that the end of the turn is told, the response begins, it is heard."""

DELTAS = 20


class FedLine:
    """One end of a call that a made-up page holds.

    Args:
        answer: what is heard after each thing that is said; 48 kHz.
    """

    capabilities = LineCapabilities(engine="fed", has_page=True, is_real_time=False)
    uncertainty_s = 0.0
    address = "fed"

    def __init__(self, answer: AudioClip) -> None:
        self.timeline = Timeline()
        self.envelopes: EventStream[Envelope] = EventStream("page", ENVELOPES_KEPT, kept=TAKEN_KEPT)
        self.microphone = MixingMicrophone(self.timeline)
        self._clock = PageClock(self.timeline)
        self._audio = PageAudio(self._clock)
        self._reassembler = Reassembler()
        self._loop_clock = LoopClock()
        self._answer = answer.samples
        self._seq = 0
        self._ticks = 0
        self._turns = 0
        self._quiet_ticks = 0
        self._was_speaking = False
        self._due: deque[tuple[int, list[dict[str, Any]]]] = deque()
        self._playing: MonoFloat32 = np.zeros(0, np.float32)
        now_s = self._loop_clock.now_s()
        self.timeline.start(now_s * 1000)
        self.timeline.pair_python(now_s, now_s * 1000, 0.0)

    @property
    def sent(self) -> EventStream[AudioFrames]:
        """What the microphone produced."""
        return self._audio.sent

    @property
    def received(self) -> EventStream[AudioFrames]:
        """What came on the track."""
        return self._audio.received

    @property
    def heard(self) -> EventStream[AudioFrames]:
        """What is played of it: all of it."""
        return self._audio.played

    async def connect(self, within_s: float, report: LineReport) -> None:
        """Open the channel."""
        self._feed([("data_channel.open", CHANNEL), _message({"type": "session.created"})])

    async def send_text(self, label: str, text: str) -> None:
        """Nobody reads it."""

    async def hang_up(self) -> None:
        """End the call."""
        self._feed([("data_channel.closed", CHANNEL)])

    async def run(self) -> None:
        """A tick of everything each tenth of a second, until cancelled."""
        while True:
            self._tick()
            await asyncio.sleep(TICK_S)

    def close(self) -> None:
        """End the streams."""
        self._audio.end(None)
        self.envelopes.end()

    def _tick(self) -> None:
        frame = self.microphone.next_frame
        told: list[tuple[str, dict[str, Any]]] = []
        if self._ticks % TICKS_PER_S == 0:
            told.append(("audio.anchor", self._anchor(frame)))
            told.append(("stats", {"connection": "connection-1", "report": report(self._ticks)}))
        said = self.microphone.pull(TICK_FRAMES)
        self._follow(bool(said.any()))
        while self._due and self._due[0][0] <= self._ticks:
            told += [_message(event) for event in self._due.popleft()[1]]
        heard, self._playing = self._playing[:TICK_FRAMES], self._playing[TICK_FRAMES:]
        heard = np.concatenate([heard, np.zeros(TICK_FRAMES - len(heard), np.float32)])
        place = {"frame": frame, "frames": TICK_FRAMES}
        level = {"pcm": _pcm(heard), "rms_dbfs": -20.0 if heard.any() else -120.0}
        told += [
            ("microphone.samples", {"microphone": "microphone-1", **place, "pcm": _pcm(said)}),
            ("heard.samples", {"track": "track-1", **place, **level}),
            ("played.samples", {"connection": "connection-1", **place, **level}),
        ]
        self._feed(told)
        self._ticks += 1

    def _anchor(self, frame: int) -> dict[str, Any]:
        page_ms = self._loop_clock.now_s() * 1000
        return {
            "frame": frame,
            "page_ms": page_ms,
            "sample_rate_hz": CALL_RATE_HZ,
            "uncertainty_ms": 0.0,
        }

    def _follow(self, is_speaking: bool) -> None:
        """The other side hears when the user begins, and answers when the user has ended."""
        self._quiet_ticks = 0 if is_speaking else self._quiet_ticks + 1
        if is_speaking and not self._was_speaking:
            self._was_speaking = True
            self._turns += 1
            self._later(0.1, [{"type": "input_audio_buffer.speech_started", **self._item()}])
        if self._was_speaking and self._quiet_ticks == QUIET_TICKS:
            self._was_speaking = False
            self._answers()
        if self._due and self._due[0][0] == self._ticks and self._is_answer(self._due[0][1]):
            self._playing = self._answer

    def _answers(self) -> None:
        made = {"id": f"resp_{self._turns}", "output": [], "conversation_id": "conv_1"}
        of = {"response_id": made["id"], "item_id": f"answer_{self._turns}", "content_index": 0}
        words = {"type": "response.output_audio_transcript.delta", **of, "output_index": 0}
        ended_s = SOUNDS_S + len(self._answer) / CALL_RATE_HZ
        stopped = {"type": "input_audio_buffer.speech_stopped", **self._item()}
        committed = {"type": "input_audio_buffer.committed", **self._item()}
        created = {"type": "response.created", "response": {**made, "status": "in_progress"}}
        done = {"type": "response.done", "response": {**made, "status": "completed"}}
        self._later(STOPPED_S, [stopped, committed])
        self._later(CREATED_S, [created, *({**words, "delta": f"word{n} "} for n in range(DELTAS))])
        self._later(SOUNDS_S, [{"type": "output_audio_buffer.started", "response_id": made["id"]}])
        self._later(SOUNDS_S + 0.2, [done])
        self._later(ended_s, [{"type": "output_audio_buffer.stopped", "response_id": made["id"]}])

    def _item(self) -> dict[str, Any]:
        return {"item_id": f"item_{self._turns}", "audio_start_ms": 0, "audio_end_ms": 0}

    def _later(self, by_s: float, events: list[dict[str, Any]]) -> None:
        self._due.append((self._ticks + round(by_s * TICKS_PER_S), events))

    @staticmethod
    def _is_answer(events: list[dict[str, Any]]) -> bool:
        return bool(events[0]["type"] == "output_audio_buffer.started")

    def _feed(self, told: list[tuple[str, dict[str, Any]]]) -> None:
        """As the binding would deliver it: one payload of JSON."""
        page_ms = self._loop_clock.now_s() * 1000
        batch = []
        for type, data in told:
            batch.append(
                {
                    "v": 1,
                    "frame_id": REALM,
                    "seq": self._seq,
                    "page_ms": page_ms,
                    "type": type,
                    "data": data,
                }
            )
            self._seq += 1
        for envelope in self._reassembler.feed(json.dumps(batch)):
            self._receive(envelope)

    def _receive(self, envelope: Envelope) -> None:
        if envelope.type in SAMPLES:
            self._audio.receive(envelope)
            return
        if envelope.type == "audio.anchor":
            data = envelope.data
            rate_hz, doubt_s = data["sample_rate_hz"], data["uncertainty_ms"] / 1000
            self._clock.anchor(REALM, data["frame"], data["page_ms"], rate_hz, doubt_s)
            self._audio.anchored(REALM)
        self.envelopes.push(envelope)


@asynccontextmanager
async def open_fed_line(answer: AudioClip) -> AsyncIterator[FedLine]:
    """The line, with its page running; only inside a loop of virtual time."""
    line = FedLine(answer)
    running = asyncio.create_task(line.run(), name="fed-line")
    try:
        yield line
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        line.close()


KINDS = (
    *("inbound-rtp", "outbound-rtp", "remote-inbound-rtp", "remote-outbound-rtp"),
    *("media-source", "media-playout", "codec", "candidate-pair", "local-candidate"),
    *("remote-candidate", "transport", "certificate", "data-channel"),
)
COUNTS = (
    *("packetsReceived", "packetsLost", "packetsDiscarded", "bytesReceived", "headerBytesReceived"),
    *("totalSamplesReceived", "concealedSamples", "silentConcealedSamples", "concealmentEvents"),
    *("insertedSamplesForDeceleration", "removedSamplesForAcceleration", "totalSamplesDuration"),
    *("jitterBufferEmittedCount", "jitterBufferDelay", "jitterBufferTargetDelay", "audioLevel"),
    *("totalAudioEnergy", "totalProcessingDelay", "lastPacketReceivedTimestamp", "jitter"),
)


PER_TICK = {
    **{"packetsReceived": 5.0, "packetsLost": 0.05, "bytesReceived": 400.0},
    **{"totalSamplesReceived": 4_800.0, "concealedSamples": 40.0, "totalSamplesDuration": 0.1},
    **{"jitterBufferEmittedCount": 4_800.0, "jitterBufferDelay": 280.0, "totalAudioEnergy": 0.002},
}
"""By how much a count grows; by one where it is not here."""

AT_A_MOMENT = {"jitter": 0.004, "audioLevel": 0.1}
"""These do not grow."""

SWING = 0.9
"""So far a rate, or such a value, moves up and down, each at a pace of its own."""


def report(number: int) -> list[dict[str, Any]]:
    """getStats as a page of one call gives it, about as long; the same counts in every object.

    They move as those of a network do, so that their curves are no straight lines.
    """
    common = {"kind": "audio", "timestamp": 1_767_225_600_000.0 + number * TICK_S * 1000}
    counts = {name: round(_count(name, place, number), 3) for place, name in enumerate(COUNTS)}
    objects = {"ssrc": 3_405_691_582, **common, **counts}
    return [{"id": f"{kind}-1", "type": kind, **objects} for kind in KINDS]


def _count(name: str, place: int, number: int) -> float:
    period = 23 + 11 * place
    wave = SWING * math.sin(math.tau * number / period)
    if name in AT_A_MOMENT:
        return AT_A_MOMENT[name] * (1 + wave)
    return PER_TICK.get(name, 1.0) * (number + wave * period / math.tau)


def _message(event: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    text = json.dumps({"event_id": "event_1", **event})
    told = {**CHANNEL, "direction": "received", "text": text, "bytes_length": len(text)}
    return "data_channel.message", told


def _pcm(samples: MonoFloat32) -> str:
    return pcm16.to_base64(samples) if samples.any() else ""
