"""Make the folder of a run that never took place: real voices, events as the harness writes them.

The report is tested on these: a passed call with a barge-in, one that failed, one that broke.
Run as a program it writes them into a folder, to be looked at:

    python -m tests.support.make_trace OUT
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from harness.audio.clip import CALL_RATE_HZ
from harness.audio.fixtures import Fixture, load_manifest
from harness.audio.resample import resample_clip
from harness.audio.stereo_recorder import StereoRecorder
from harness.facts.fact import Source
from harness.resources import fixtures_dir
from harness.speech.nanotts import NanoTtsSynthesiser
from harness.trace import TraceWriter

PATH_DELAY_S = 0.16
"""From "the server plays it" to "the page hears it": packets, jitter buffer, playout."""

CONNECTED_S = 0.62


def line(name: str) -> Fixture:
    """A fixture of the manifest, with its words and labelled edges."""
    return load_manifest(fixtures_dir() / "manifest.json")[name]


@dataclass
class MadeCall:
    """Write one call, step by step; times are seconds on its timeline."""

    folder: Path
    name: str
    description: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        header = {
            "harness": "0.1.0",
            "name": self.name,
            "description": self.description,
            "engine": "browser",
            "page": "realtime",
            "server": "http://127.0.0.1:41873",
            "python": "3.11.2",
            "sample_rate_hz": CALL_RATE_HZ,
            "started_at": "2026-11-22T14:31:07+00:00",
            **self.facts,
        }
        self.trace = TraceWriter(self.folder / "trace.jsonl", header)
        self.audio = StereoRecorder()
        self.end_s = 0.0
        self._pending: list[tuple[float, Source, str, dict[str, Any]]] = []
        self._counts = {"turn": 0, "answer": 0, "step": 0}
        self._synthesiser = NanoTtsSynthesiser()

    def note(self, t_s: float, source: Source, type: str, **data: Any) -> None:
        self._pending.append((t_s, source, type, data))
        self.end_s = max(self.end_s, t_s)

    def wire(self, t_s: float, direction: str, message: dict[str, Any]) -> None:
        text = json.dumps(message, ensure_ascii=False)
        facts = {"label": "oai-events", "direction": direction, "text": text}
        self.note(t_s, "page", "data_channel.message", **facts)

    def connect(self) -> None:
        """From the page's first script to an open data channel."""
        page: list[tuple[float, str, dict[str, Any]]] = [
            (0.01, "page.loaded", {"url": "http://127.0.0.1:41873/?autostart=1"}),
            (0.05, "user_media.requested", {"call": "getUserMedia-0", "constraints": {"audio": 1}}),
            (0.07, "user_media.granted", {"call": "getUserMedia-0"}),
            (0.08, "microphone.started", {"sample_rate_hz": 48000, "device": "virtual"}),
            (0.11, "peer_connection.created", {"peer": 1}),
            (0.16, "peer_connection.offer", {"peer": 1, "sdp": OFFER}),
            (
                0.31,
                "peer_connection.answer",
                {"peer": 1, "sdp": OFFER.replace("actpass", "active")},
            ),
            (0.33, "peer_connection.state", {"peer": 1, "kind": "ice", "state": "checking"}),
            (
                0.33,
                "peer_connection.state",
                {"peer": 1, "kind": "connection", "state": "connecting"},
            ),
            (0.44, "peer_connection.state", {"peer": 1, "kind": "ice", "state": "connected"}),
            (
                0.52,
                "peer_connection.state",
                {"peer": 1, "kind": "connection", "state": "connected"},
            ),
            (0.54, "peer_connection.track", {"peer": 1, "kind": "audio"}),
            (0.55, "tap.started", {"track": "remote-0", "sample_rate_hz": 48000}),
            (CONNECTED_S, "data_channel.open", {"label": "oai-events"}),
        ]
        for t_s, type, data in page:
            self.note(t_s, "page", type, **data)
        facts = {"engine": "browser", "url": "http://127.0.0.1:41873/", "uncertainty_s": 0.0021}
        self.note(CONNECTED_S + 0.01, "harness", "call.opened", **facts)
        self.wire(
            CONNECTED_S + 0.03, "received", {"type": "session.created", "session": {"id": "s"}}
        )
        self.note(CONNECTED_S + 0.03, "dialogue", "session.ready")

    def say(self, said: Fixture, at_s: float, *, understood: str | None = None,
            interrupts: bool = False, stops_after_s: float = 0.52) -> float:  # fmt: skip
        """The user speaks; returns when the server sees the turn's end."""
        clip = said.load().clip
        self.audio.add_sent(at_s, clip.samples)
        start_s, end_s = at_s + said.speech_start_s, at_s + said.speech_end_s
        with self.step(at_s, "interrupt" if interrupts else "say", said.transcript) as step:
            step.until_s = at_s + clip.duration_s
            self.note(
                at_s, "harness", "microphone.clip",
                clip=said.name, text=said.transcript, file=said.path.name,
                start_s=round(at_s, 4), end_s=round(at_s + clip.duration_s, 4),
                speech_start_s=round(start_s, 4), speech_end_s=round(end_s, 4),
                converted=None, interrupts=interrupts,
            )  # fmt: skip
        turn_id = f"item_user_{self._next('turn')}"
        stopped_s = end_s + stops_after_s
        audio = {"turn_id": turn_id, "audio_ms": round(start_s * 1000)}
        self._both(
            start_s + 0.21, "input_audio_buffer.speech_started", "user.speech_started", audio
        )
        self._both(stopped_s, "input_audio_buffer.speech_stopped", "user.speech_stopped", audio)
        self._both(stopped_s + 0.004, "input_audio_buffer.committed", "user.committed",
                   {"turn_id": turn_id})  # fmt: skip
        heard = {"turn_id": turn_id, "text": understood or said.transcript}
        self._both(stopped_s + 0.23, "conversation.item.input_audio_transcription.completed",
                   "user.transcript", heard)  # fmt: skip
        return stopped_s

    def answer(self, text: str, started_s: float, *, cut_s: float | None = None,
               gap_s: tuple[float, float] | None = None) -> float:  # fmt: skip
        """The assistant speaks; ``cut_s`` is when its audio is cleared. Returns its last sample."""
        speech = resample_clip(self._synthesiser.synthesise(text), CALL_RATE_HZ)
        begins_s, answer_id = started_s + 0.28, f"resp_{self._next('answer')}"
        until_s = begins_s + speech.duration_s
        played_s = until_s if cut_s is None else min(cut_s, until_s)
        samples = np.array(speech.between(0, played_s - begins_s).samples)
        if gap_s is not None:
            first, last = (round(s * CALL_RATE_HZ) for s in gap_s)
            samples[first:last] = 0
        self.audio.add_heard(begins_s + PATH_DELAY_S, samples * 0.6)
        name = {"answer_id": answer_id}
        self._both(started_s, "response.created", "answer.started", name)
        for number, word in enumerate(text.split()):
            delta = {**name, "delta": word + " "}
            self._both(started_s + 0.2 + 0.03 * number, "response.output_audio_transcript.delta",
                       "answer.text", delta)  # fmt: skip
        self._both(begins_s, "output_audio_buffer.started", "answer.audio_started", name)
        cut = cut_s is not None and cut_s < until_s
        done_s = played_s - 0.02 if cut else started_s + 0.4 + 0.03 * len(text.split())
        status = {"status": "cancelled", "reason": "turn_detected"} if cut else {
            "status": "completed", "reason": None}  # fmt: skip
        self._both(done_s, "response.done", "answer.ended", {**name, **status, "text": text})
        kind = "cleared" if cut else "stopped"
        self._both(played_s, f"output_audio_buffer.{kind}", f"answer.audio_{kind}", name)
        return played_s + PATH_DELAY_S

    def expect(self, t_s: float, kind: str, text: str, evidence: str | dict[str, Any],
               verdict: str = "passed", began_s: float | None = None) -> None:  # fmt: skip
        with self.step(t_s if began_s is None else began_s, "expect", text) as step:
            step.until_s = t_s
            self.note(t_s, "harness", "expectation", step=step.index, kind=kind, text=text,
                      verdict=verdict, evidence=evidence)  # fmt: skip

    def stats(self, until_s: float, concealed: int = 0) -> None:
        """One getStats report a second."""
        for second in range(1, int(until_s) + 1):
            received = {"type": "inbound-rtp", "kind": "audio", "packetsReceived": 50 * second,
                        "packetsLost": 0, "totalSamplesReceived": 48_000 * second,
                        "concealedSamples": concealed * second, "jitter": 0.004}  # fmt: skip
            pair = {"type": "candidate-pair", "state": "succeeded", "currentRoundTripTime": 0.001}
            self.note(second, "page", "stats", report={"in": received, "pair": pair})

    def step(self, start_s: float, kind: str, text: str) -> _Step:
        return _Step(self, self._next("step"), start_s, kind, text)

    def close(self, wall_s: float | None = None) -> Path:
        """Write everything, in order of time; with a clean end if ``wall_s`` is given."""
        end_s = self.end_s + 0.3
        if wall_s is not None:
            for kind, state in (("connection", "closed"), ("ice", "closed")):
                self.note(end_s, "page", "peer_connection.state", peer=1, kind=kind, state=state)
            self.note(end_s, "page", "data_channel.closed", label="oai-events")
            facts = {"reason": "hang_up", "wall_s": wall_s, "uncertainty_s": 0.0021}
            self.note(end_s + 0.02, "harness", "call.closed", **facts)
        self.audio.add_sent(end_s, np.zeros(1, np.float32))
        for t_s, source, type, data in sorted(self._pending, key=lambda item: item[0]):
            self.trace.write(source, type, data, t_s)
        self.trace.close()
        self.audio.write(self.folder / "call.wav")
        return self.folder

    def _both(self, t_s: float, wire: str, dialogue: str, data: dict[str, Any]) -> None:
        number = len(self._pending)
        self.wire(t_s, "received", {"type": wire, "event_id": f"event_{number:05d}", **data})
        self.note(t_s, "dialogue", dialogue, **data)

    def _next(self, what: str) -> int:
        self._counts[what] += 1
        return self._counts[what]


@dataclass
class _Step:
    """One step of the scenario around what happens in it."""

    call: MadeCall
    index: int
    start_s: float
    kind: str
    text: str
    until_s: float = 0.0

    def __enter__(self) -> _Step:
        facts = {"index": self.index, "kind": self.kind, "text": self.text}
        self.call.note(self.start_s, "harness", "step.started", **facts)
        return self

    def __exit__(self, *_: object) -> None:
        facts = {"index": self.index, "kind": self.kind, "outcome": "done"}
        self.call.note(max(self.until_s, self.start_s), "harness", "step.ended", **facts)


OFFER = """v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
m=audio 9 UDP/TLS/RTP/SAVPF 111
a=ice-ufrag:uWXq
a=setup:actpass
a=mid:0
a=sendrecv
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
a=mid:1
a=sctp-port:5000
"""

LONG_ANSWER = (
    "Gladly. I could drive to the old harbour and count the boats, or climb the hill behind the "
    "station and take a picture of the valley, or I could simply wait here until it gets dark."
)


def make_barge_in(folder: Path) -> Path:
    """A rover is commanded; a long answer is interrupted, and stops."""
    call = MadeCall(folder, "rover", "A person commands a rover and interrupts it mid-sentence.")
    call.connect()
    stopped_s = call.say(line("goforward"), 1.0, understood="Go forward 10 meters.")
    end_s = call.answer("Going forward ten meters.", stopped_s + 0.09)
    call.expect(end_s + 0.3, "words", "the answer has the words “forward”, “ten”",
                "heard “going forward ten meters”", began_s=stopped_s)  # fmt: skip
    call.expect(end_s + 0.31, "voice_to_voice", "the answer is heard within 1.2 s",
                "voice-to-voice 1.05 s")  # fmt: skip
    second_s = end_s + 0.8
    stopped_s = call.say(line("something"), second_s)
    voice_s = stopped_s + 0.09 + 0.28 + PATH_DELAY_S
    interrupt_s = voice_s + 2.2
    call.answer(LONG_ANSWER, stopped_s + 0.09, cut_s=interrupt_s + 0.34)
    stopped_s = call.say(line("interruption-stop"), interrupt_s, interrupts=True)
    call.expect(interrupt_s + 1.2, "interrupted", "the answer stops when interrupted",
                "cancelled after 2.6 s; silent 0.4 s after the user began")  # fmt: skip
    end_s = call.answer("All right, I stop.", stopped_s + 0.1)
    call.expect(end_s + 0.3, "words", "the answer has the word “stop”", "heard “all right i stop”",
                began_s=stopped_s)  # fmt: skip
    call.stats(end_s)
    return call.close(wall_s=end_s + 2.4)


def make_failed(folder: Path) -> Path:
    """An answer comes late, with a gap in it and the wrong words; hostile words in the texts."""
    call = MadeCall(folder, "table-booking", "Books a table; the answer must name the time.")
    call.connect()
    stopped_s = call.say(line("booking-table-for-two"), 1.2)
    call.note(stopped_s + 1.4, "dialogue", "tool.called", call_id="call_1", name="book_table",
              arguments='{"guests": 2, "time": "<img src=x onerror=alert(1)>"}')  # fmt: skip
    text = "</script><script>window.hacked=1</script> & <b>bold</b> words on the wire"
    call.note(stopped_s + 1.41, "dialogue", "problem", code="odd", message=text)
    end_s = call.answer("Certainly. A table for two on Monday evening.", stopped_s + 1.6,
                        gap_s=(1.2, 1.36))  # fmt: skip
    call.expect(end_s + 0.2, "words", "the answer has the words “table”, “seven”",
                "“seven” is missing; heard “certainly a table for two on monday evening”", "failed",
                began_s=stopped_s)  # fmt: skip
    call.expect(end_s + 0.21, "voice_to_voice", "the answer is heard within 1.2 s",
                "voice-to-voice 2.56 s", "failed")  # fmt: skip
    ears = [{"ear": "whisper base (package)", "text": "on Monday evening", "least_sure": 0.41},
            {"ear": "whisper tiny.en (package)", "text": "on Sunday evening", "least_sure": 0.5},
            {"ear": "third", "text": "", "problem": "An ear does not answer."}]  # fmt: skip
    doubt = "heard “on Monday evening”; cannot tell “Sunday” (1 of 2 ears heard it)"
    call.expect(end_s + 0.215, "not_words", "the answer does not say “Sunday”",
                {"text": doubt, "start_s": round(end_s - 1.0, 3), "end_s": round(end_s - 0.3, 3),
                 "ears": ears}, "cannot_tell")  # fmt: skip
    call.expect(end_s + 0.22, "tool", "the tool “book_table” is called", "called with guests 2")
    call.note(end_s + 0.4, "harness", "note", text="The page logged 1 warning.")
    call.stats(end_s, concealed=320)
    return call.close(wall_s=end_s + 3.1)


def make_broken(folder: Path, *, with_audio: bool = False) -> Path:
    """The connection is lost mid-answer; the trace ends in the middle of a line."""
    call = MadeCall(folder, "harbour", "Asks for the weather at the harbour.")
    call.connect()
    stopped_s = call.say(line("goforward"), 1.0)
    call.answer("The wind at the harbour comes from the south west today.", stopped_s + 0.1,
                cut_s=stopped_s + 1.9)  # fmt: skip
    lost_s = stopped_s + 2.1
    for kind in ("ice", "connection"):
        call.note(lost_s, "page", "peer_connection.state", peer=1, kind=kind, state="failed")
    call.note(lost_s + 0.01, "harness", "error", kind="PeerLost",
              message="The call was lost: the peer connection failed.\n"
              "  expected: a call that lasts until one side hangs up\n"
              "  found:    connection state “failed”\n"
              "  to do:    look at the last events of the trace")  # fmt: skip
    call.close()
    with (folder / "trace.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"seq": 9999, "t_s": 6.1, "source": "pa')
    if not with_audio:
        (folder / "call.wav").unlink()
    return folder


def make_small(folder: Path) -> Path:
    """The shortest call with a barge-in: the one that is kept in fixtures/traces."""
    call = MadeCall(folder, "barge-in", "One answer, interrupted mid-sentence.")
    call.connect()
    stopped_s = call.say(line("goforward"), 0.6)
    interrupt_s = stopped_s + 2.1
    call.answer(LONG_ANSWER, stopped_s + 0.09, cut_s=interrupt_s + 0.34)
    call.say(line("interruption-stop"), interrupt_s, interrupts=True)
    call.expect(
        interrupt_s + 1.2, "interrupted", "the answer stops when interrupted", "silent after 0.4 s"
    )
    call.stats(interrupt_s)
    return call.close(wall_s=interrupt_s + 4.0)


def make_all(out: Path) -> Sequence[Path]:
    """One of each, as folders under ``out``."""
    return [
        make_barge_in(out / "rover"),
        make_failed(out / "table-booking"),
        make_broken(out / "harbour"),
    ]


if __name__ == "__main__":
    for made in make_all(Path(sys.argv[1])):
        print(made)
