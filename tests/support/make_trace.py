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
from harness.facts.call import CallClosed, CallFailed, CallOpened, ClipPlayed
from harness.facts.catalogue import AnyFact
from harness.facts.connection import (
    ConnectionAnswer,
    ConnectionCreated,
    ConnectionOffer,
    ConnectionState,
    ConnectionTrack,
    DataChannelClosed,
    DataChannelMessage,
    DataChannelOpen,
    Stats,
)
from harness.facts.dialogue import (
    AnswerAudioCleared,
    AnswerAudioStarted,
    AnswerAudioStopped,
    AnswerEnded,
    AnswerStarted,
    AnswerText,
    DialogueFact,
    Problem,
    SessionReady,
    ToolCalled,
    UserSpeechStarted,
    UserSpeechStopped,
    UserTranscript,
    UserTurnCommitted,
)
from harness.facts.media import (
    GrantedTrack,
    MicrophoneStarted,
    TapStarted,
    UserMediaGranted,
    UserMediaRequested,
)
from harness.facts.page import PageLoaded
from harness.facts.steps import (
    EarEvidence,
    Evidence,
    ExpectationJudged,
    Note,
    StepEnded,
    StepStarted,
)
from harness.resources import fixtures_dir
from harness.speech.nanotts import NanoTtsSynthesiser
from harness.trace import TraceWriter

PATH_DELAY_S = 0.16
"""From "the server plays it" to "the page hears it": packets, jitter buffer, playout."""

CONNECTED_S = 0.62

PEER = "connection-0"
CHANNEL = (PEER, "channel-0", "oai-events")


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
        self.audio = StereoRecorder(self.folder / "call.wav")
        self.end_s = 0.0
        self._pending: list[tuple[float, AnyFact]] = []
        self._counts = {"turn": 0, "answer": 0, "step": 0}
        self._synthesiser = NanoTtsSynthesiser()

    def note(self, t_s: float, fact: AnyFact) -> None:
        self._pending.append((t_s, fact))
        self.end_s = max(self.end_s, t_s)

    def received(self, t_s: float, message: dict[str, Any]) -> None:
        text = json.dumps(message, ensure_ascii=False)
        self.note(t_s, DataChannelMessage(*CHANNEL, "received", text, len(text.encode())))

    def connect(self) -> None:
        """From the page's first script to an open data channel."""
        virtual: GrantedTrack = {"id": "t", "kind": "audio", "label": "Virtual microphone"}
        page: list[tuple[float, AnyFact]] = [
            (0.01, PageLoaded("http://127.0.0.1:41873/?autostart=1", is_top=True)),
            (0.05, UserMediaRequested("getUserMedia-0", {"audio": True})),
            (0.07, UserMediaGranted("getUserMedia-0", [virtual])),
            (0.08, MicrophoneStarted("microphone-0", "virtual", 48000, "worklet")),
            (0.11, ConnectionCreated(PEER, {})),
            (0.16, ConnectionOffer(PEER, "local", OFFER)),
            (0.31, ConnectionAnswer(PEER, "remote", OFFER.replace("actpass", "active"))),
            (0.33, ConnectionState(PEER, "ice", "checking")),
            (0.33, ConnectionState(PEER, "connection", "connecting")),
            (0.44, ConnectionState(PEER, "ice", "connected")),
            (0.52, ConnectionState(PEER, "connection", "connected")),
            (0.54, ConnectionTrack(PEER, "remote-0", "audio", ["stream-0"])),
            (0.55, TapStarted(PEER, "remote-0", 48000, "worklet")),
            (CONNECTED_S, DataChannelOpen(*CHANNEL)),
        ]
        for t_s, fact in page:
            self.note(t_s, fact)
        opened = CallOpened("browser", "http://127.0.0.1:41873/", uncertainty_s=0.0021)
        self.note(CONNECTED_S + 0.01, opened)
        self.received(CONNECTED_S + 0.03, {"type": "session.created", "session": {"id": "s"}})
        self.note(CONNECTED_S + 0.03, SessionReady())

    def say(self, said: Fixture, at_s: float, *, understood: str | None = None,
            interrupts: bool = False, stops_after_s: float = 0.52) -> float:  # fmt: skip
        """The user speaks; returns when the server sees the turn's end."""
        clip = said.load().clip
        self.audio.add_sent(at_s, clip.samples)
        start_s, end_s = at_s + said.speech_start_s, at_s + said.speech_end_s
        with self.step(at_s, "interrupt" if interrupts else "say", said.transcript) as step:
            step.until_s = at_s + clip.duration_s
            self.note(
                at_s,
                ClipPlayed(
                    clip=said.name, text=said.transcript, file=said.path.name,
                    start_s=round(at_s, 4), end_s=round(at_s + clip.duration_s, 4),
                    speech_start_s=round(start_s, 4), speech_end_s=round(end_s, 4),
                    converted=None, interrupts=interrupts, late_s=0.0, muted=False,
                ),
            )  # fmt: skip
        turn_id = f"item_user_{self._next('turn')}"
        stopped_s = end_s + stops_after_s
        audio_ms = round(start_s * 1000)
        self._both(start_s + 0.21, "input_audio_buffer.speech_started",
                   UserSpeechStarted(turn_id, audio_ms))  # fmt: skip
        self._both(stopped_s, "input_audio_buffer.speech_stopped",
                   UserSpeechStopped(turn_id, audio_ms))  # fmt: skip
        self._both(stopped_s + 0.004, "input_audio_buffer.committed", UserTurnCommitted(turn_id))
        self._both(stopped_s + 0.23, "conversation.item.input_audio_transcription.completed",
                   UserTranscript(turn_id, understood or said.transcript))  # fmt: skip
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
        self._both(started_s, "response.created", AnswerStarted(answer_id))
        for number, word in enumerate(text.split()):
            self._both(started_s + 0.2 + 0.03 * number, "response.output_audio_transcript.delta",
                       AnswerText(answer_id, word + " "))  # fmt: skip
        self._both(begins_s, "output_audio_buffer.started", AnswerAudioStarted(answer_id))
        cut = cut_s is not None and cut_s < until_s
        done_s = played_s - 0.02 if cut else started_s + 0.4 + 0.03 * len(text.split())
        status, reason = ("cancelled", "turn_detected") if cut else ("completed", None)
        self._both(done_s, "response.done", AnswerEnded(answer_id, status, reason, text))
        if cut:
            self._both(played_s, "output_audio_buffer.cleared", AnswerAudioCleared(answer_id))
        else:
            self._both(played_s, "output_audio_buffer.stopped", AnswerAudioStopped(answer_id))
        return played_s + PATH_DELAY_S

    def expect(self, t_s: float, kind: str, text: str, evidence: str | Evidence,
               verdict: str = "passed", began_s: float | None = None) -> None:  # fmt: skip
        with self.step(t_s if began_s is None else began_s, "expect", text) as step:
            step.until_s = t_s
            self.note(t_s, ExpectationJudged(step.index, kind, text, verdict, evidence))

    def stats(self, until_s: float, concealed: int = 0) -> None:
        """One getStats report a second."""
        for second in range(1, int(until_s) + 1):
            received = {"type": "inbound-rtp", "kind": "audio", "packetsReceived": 50 * second,
                        "packetsLost": 0, "totalSamplesReceived": 48_000 * second,
                        "concealedSamples": concealed * second, "jitter": 0.004}  # fmt: skip
            pair = {"type": "candidate-pair", "state": "succeeded", "currentRoundTripTime": 0.001}
            self.note(second, Stats(PEER, [received, pair]))

    def step(self, start_s: float, kind: str, text: str) -> _Step:
        return _Step(self, self._next("step"), start_s, kind, text)

    def close(self, wall_s: float | None = None) -> Path:
        """Write everything, in order of time; with a clean end if ``wall_s`` is given."""
        end_s = self.end_s + 0.3
        if wall_s is not None:
            self.note(end_s, ConnectionState(PEER, "connection", "closed"))
            self.note(end_s, ConnectionState(PEER, "ice", "closed"))
            self.note(end_s, DataChannelClosed(*CHANNEL))
            closed = CallClosed(
                uncertainty_s=0.0021, audio_uncertainty_s=0.0, heard_dropped=0, sent_dropped=0,
                wall_s=wall_s, gap_frames=0, overlap_frames=0, before_start_frames=0,
                beyond_end_frames=0,
            )  # fmt: skip
            self.note(end_s + 0.02, closed)
        self.audio.add_sent(end_s, np.zeros(1, np.float32))
        for t_s, fact in sorted(self._pending, key=lambda item: item[0]):
            self.trace.add(fact, t_s)
        self.trace.close()
        self.audio.close()
        return self.folder

    def _both(self, t_s: float, wire: str, fact: DialogueFact) -> None:
        number = len(self._pending)
        event = {"type": wire, "event_id": f"event_{number:05d}", **fact.to_data()}
        self.received(t_s, event)
        self.note(t_s, fact)

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
        self.call.note(self.start_s, StepStarted(self.index, self.kind, self.text))
        return self

    def __exit__(self, *_: object) -> None:
        ended = StepEnded(self.index, self.kind, "done")
        self.call.note(max(self.until_s, self.start_s), ended)


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
    arguments = '{"guests": 2, "time": "<img src=x onerror=alert(1)>"}'
    call.note(stopped_s + 1.4, ToolCalled("call_1", "book_table", arguments))
    text = "</script><script>window.hacked=1</script> & <b>bold</b> words on the wire"
    call.note(stopped_s + 1.41, Problem("odd", text))
    end_s = call.answer("Certainly. A table for two on Monday evening.", stopped_s + 1.6,
                        gap_s=(1.2, 1.36))  # fmt: skip
    call.expect(end_s + 0.2, "words", "the answer has the words “table”, “seven”",
                "“seven” is missing; heard “certainly a table for two on monday evening”", "failed",
                began_s=stopped_s)  # fmt: skip
    call.expect(end_s + 0.21, "voice_to_voice", "the answer is heard within 1.2 s",
                "voice-to-voice 2.56 s", "failed")  # fmt: skip
    ears: list[EarEvidence] = [
            {"ear": "whisper base (package)", "text": "on Monday evening", "least_sure": 0.41},
            {"ear": "whisper tiny.en (package)", "text": "on Sunday evening", "least_sure": 0.5},
            {"ear": "third", "text": "", "problem": "An ear does not answer."}]  # fmt: skip
    doubt = "heard “on Monday evening”; cannot tell “Sunday” (1 of 2 ears heard it)"
    call.expect(end_s + 0.215, "not_words", "the answer does not say “Sunday”",
                {"text": doubt, "start_s": round(end_s - 1.0, 3), "end_s": round(end_s - 0.3, 3),
                 "ears": ears}, "cannot_tell")  # fmt: skip
    call.expect(end_s + 0.22, "tool", "the tool “book_table” is called", "called with guests 2")
    call.note(end_s + 0.4, Note("The page logged 1 warning."))
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
    call.note(lost_s, ConnectionState(PEER, "ice", "failed"))
    call.note(lost_s, ConnectionState(PEER, "connection", "failed"))
    message = (
        "The call was lost: the peer connection failed.\n"
        "  expected: a call that lasts until one side hangs up\n"
        "  found:    connection state “failed”\n"
        "  to do:    look at the last events of the trace"
    )
    call.note(lost_s + 0.01, CallFailed("PeerLost", message))
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
