"""A call for a scenario's runner: gives the answers of a list, and remembers what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from harness.call.call import HeardAnswer, Said
from harness.call.events import CallEvent
from harness.call.other_connections import OtherConnections
from harness.call.sent_words import SentWords
from harness.call.utterance import Utterance
from harness.errors import ExpectationFailed
from harness.facts.call import AgentMissing
from harness.facts.steps import StepFact
from harness.line.microphone_wish import MicrophoneWish
from harness.protocols.interface import VoiceProtocol
from harness.protocols.realtime import RealtimeProtocol
from harness.score.answers import Answer
from harness.score.hearing import EarReport, Hearing
from harness.streams.event_stream import EventStream


def heard(text: str, **facts: Any) -> HeardAnswer:
    known: dict[str, Any] = {
        "transcript": text,
        "recognised": text,
        "start_s": 3.0,
        "end_s": 4.0,
        "voice_to_voice_s": 0.8,
        "interrupted": False,
        "status": "completed",
        "answer_id": "a",
        "hearing": Hearing(3.0, 4.0, -20.0, (EarReport("fake", text),)),
    }
    return HeardAnswer(**{**known, **facts})


class FakeRecorder:
    def __init__(self) -> None:
        self.notes: list[tuple[str, dict[str, Any]]] = []
        self.agent_missing: AgentMissing | None = None
        self.others = OtherConnections()

    def note(self, fact: StepFact, t_s: float) -> None:
        self.notes.append((fact.type, fact.to_data()))

    def of(self, type: str) -> list[dict[str, Any]]:
        return [facts for kind, facts in self.notes if kind == type]


class FakeCall:
    """Gives the answers in its list, then none; remembers what was done."""

    def __init__(self, answers: list[HeardAnswer | Exception]) -> None:
        self.recorder = FakeRecorder()
        self.done: list[str] = []
        self.now_s = 0.0
        self.answers: list[Answer] = []
        self.stream: EventStream[CallEvent] = EventStream("events")
        self.transcript: str | None = "go forward ten meters"
        self.voice: str | None = None
        self.twice: list[str] = []
        self.unheard: str | None = None
        self.protocol: VoiceProtocol = RealtimeProtocol()
        self.sent: SentWords | None = None
        self._next = list(answers)

    def events(self, pattern: str) -> Any:
        return self.stream.reader(match=lambda e: e.matches(pattern))

    async def say(self, utterance: Utterance, wait: bool, queue: bool = False) -> Said:
        self.done.append(f"say {utterance.text}" + (" queued" if queue else ""))
        return Said(utterance, self.now_s)

    async def stop_speaking(self, fade_ms: float) -> None:
        self.done.append(f"stop within {fade_ms:g} ms")

    async def change_microphone(self, wish: MicrophoneWish) -> None:
        self.done.append(f"microphone {wish.in_words}")

    async def interrupt(self, utterance: Utterance, after_s: float, within_s: float) -> Said:
        self.done.append(f"interrupt {after_s}")
        return Said(utterance, 3.5)

    async def offload(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return work(*arguments)

    async def until(self, t_s: float) -> None:
        self.now_s = max(self.now_s, t_s)

    async def sent_words(self) -> SentWords | None:
        return self.sent

    async def silence(self, duration_s: float) -> None:
        self.now_s += duration_s

    async def mute(self, muted: bool) -> None:
        self.done.append(f"mute {muted}")

    async def set_microphone(self, access: str) -> None:
        self.done.append(f"microphone {access}")

    async def end_turn(self) -> None:
        self.done.append("end_turn")

    async def send_event(self, event: dict[str, Any]) -> None:
        self.done.append(f"send {event['type']}")

    async def hang_up(self) -> None:
        self.done.append("hang_up")

    async def answer_tool(self, name: str, output: str) -> None:
        self.done.append(f"tool_result {name} {output}")

    def why_unheard(self, from_s: float, until_s: float) -> str | None:
        return self.unheard

    @property
    def user_transcripts(self) -> dict[str, str]:
        return {} if self.transcript is None else {"turn": self.transcript}

    async def user_transcript(self, within_s: float) -> str | None:
        return self.transcript

    async def answer(self, within_s: float) -> HeardAnswer:
        if not self._next:
            raise ExpectationFailed("no answer", found="nothing came at all")
        answer = self._next.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def second_answers(self) -> list[str]:
        return self.twice

    async def sound_without_voice(self, from_s: float) -> str | None:
        return None

    async def no_answer(self, within_s: float) -> str | None:
        self.now_s += within_s
        return self.voice

    async def expect(self, pattern: str, within_s: float, from_start: bool) -> CallEvent:
        event = next((e for e in self.stream.snapshot() if e.matches(pattern)), None)
        if event is None:
            raise ExpectationFailed("no event", found="only others")
        return event

    async def next_of(self, reader: Any, within_s: float, what: str) -> CallEvent:
        ready = reader.take_available()
        if not ready:
            raise ExpectationFailed("no tool", found="no tool was called")
        return cast("CallEvent", ready[0])
