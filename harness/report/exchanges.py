"""Who said what to whom: a call's events and speech, put together into exchanges.

An exchange is one turn of the user and what was heard in answer to it. A greeting is an exchange
without a user's part. Which answer a stretch of heard speech belongs to is read from the dialogue
events; where it starts and ends is read from the samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from harness.report.call_record import CallRecord
from harness.speech.spans import Span
from harness.trace import TraceEvent

SAME_TURN_PAUSE_S = 2.0
"""Longest pause between two clips of one turn; a longer one is a turn of its own."""

PLAYOUT_DELAY_S = 0.6
"""Heard speech may lag the events of its answer by this much (network, jitter buffer)."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech that the microphone sent."""

    start_s: float
    end_s: float
    text: str | None = None
    file: str | None = None
    interrupts: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the events say of one answer; times on the time line, None: not seen."""

    answer_id: str
    started_s: float
    audio_started_s: float | None = None
    audio_ended_s: float | None = None
    ended_s: float | None = None
    status: str | None = None
    reason: str | None = None
    text: str | None = None
    cleared: bool = False

    @property
    def was_cut(self) -> bool:
        return self.cleared or self.status == "cancelled"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of the user (or none: a greeting), and what came back."""

    said: tuple[Utterance, ...] = ()
    answers: tuple[Answer, ...] = ()
    heard: tuple[Span, ...] = field(default=())
    """Voiced stretches of the answer, in order of time."""

    next_said_s: float = float("inf")
    """When the user speaks next."""

    @property
    def said_start_s(self) -> float | None:
        return self.said[0].start_s if self.said else None

    @property
    def said_end_s(self) -> float | None:
        return self.said[-1].end_s if self.said else None

    @property
    def heard_start_s(self) -> float | None:
        return self.heard[0].start_s if self.heard else None

    @property
    def heard_end_s(self) -> float | None:
        return self.heard[-1].end_s if self.heard else None

    @property
    def was_cut(self) -> bool:
        return any(answer.was_cut for answer in self.answers)


def exchanges_of(record: CallRecord) -> list[Exchange]:
    """The exchanges of a call, in order of time."""
    events = record.events
    turns = group_utterances(utterances_of(record), events, record.heard_spans)
    answers = answers_of(events)
    answer_turns = [turn_of_answer(answer, turns, events) for answer in answers]
    heard: dict[int, list[Span]] = {}
    for span in record.heard_spans:
        heard.setdefault(_turn_of_speech(span, turns, answers, answer_turns), []).append(span)
    exchanges = [
        Exchange(
            said=turns[index] if index >= 0 else (),
            answers=tuple(a for a, t in zip(answers, answer_turns, strict=True) if t == index),
            heard=tuple(heard.get(index, ())),
            next_said_s=turns[index + 1][0].start_s if index + 1 < len(turns) else float("inf"),
        )
        for index in range(-1, len(turns))
    ]
    greeting = exchanges[0]
    return exchanges if greeting.answers or greeting.heard else exchanges[1:]


def utterances_of(record: CallRecord) -> list[Utterance]:
    """What the microphone sent: the clips played, or else what the detector finds."""
    clips = []
    for event in record.trace.of_type("microphone.clip"):
        data = event.data
        start_s = data.get("speech_start_s", data.get("start_s"))
        end_s = data.get("speech_end_s", data.get("end_s"))
        if start_s is not None and end_s is not None:
            clips.append(
                Utterance(
                    float(start_s),
                    float(end_s),
                    data.get("text"),
                    data.get("file") or data.get("clip"),
                    bool(data.get("interrupts")),
                )
            )
    if not clips:
        clips = [Utterance(span.start_s, span.end_s) for span in record.sent_spans]
    return sorted(clips, key=lambda clip: clip.start_s)


def group_utterances(
    utterances: Sequence[Utterance], events: Sequence[TraceEvent], heard: Sequence[Span]
) -> list[tuple[Utterance, ...]]:
    """Utterances as turns: a pause that nobody took for the end of a turn does not end it."""
    turns: list[tuple[Utterance, ...]] = []
    for utterance in utterances:
        if turns and _continues(turns[-1][-1], utterance, events, heard):
            turns[-1] = (*turns[-1], utterance)
        else:
            turns.append((utterance,))
    return turns


def answers_of(events: Sequence[TraceEvent]) -> list[Answer]:
    """Every answer the dialogue events speak of, in order of its first event."""
    answers: dict[str, Answer] = {}
    for event in events:
        answer_id = event.data.get("answer_id")
        if event.source == "dialogue" and event.t_s is not None and isinstance(answer_id, str):
            known = answers.get(answer_id) or Answer(answer_id, event.t_s)
            answers[answer_id] = _updated(known, event.type, event.data, event.t_s)
    return list(answers.values())


def turn_of_answer(
    answer: Answer, turns: Sequence[tuple[Utterance, ...]], events: Sequence[TraceEvent]
) -> int:
    """Index of the turn that an answer answers; -1: nobody had spoken yet."""
    turn = -1
    for index, said in enumerate(turns):
        if said[-1].end_s <= answer.started_s + 0.05:
            turn = index
        elif said[0].start_s < answer.started_s and _turn_ended_within(
            events, said[0].start_s, answer.started_s
        ):
            turn = index  # the other side took a pause for the end, and talks over the user
    return turn


def _updated(answer: Answer, type: str, data: dict[str, Any], t_s: float) -> Answer:
    match type:
        case "answer.audio_started" if answer.audio_started_s is None:
            return replace(answer, audio_started_s=t_s)
        case "answer.audio_stopped" | "answer.audio_cleared":
            first_s = min(t_s, answer.audio_ended_s or t_s)
            cleared = answer.cleared or type == "answer.audio_cleared"
            return replace(answer, audio_ended_s=first_s, cleared=cleared)
        case "answer.text" if answer.ended_s is None:
            return replace(answer, text=(answer.text or "") + str(data.get("delta") or ""))
        case "answer.ended":
            return replace(
                answer,
                ended_s=t_s,
                status=_text(data.get("status")),
                reason=_text(data.get("reason")),
                text=_text(data.get("text")) or answer.text,
            )
    return answer


def _text(value: Any) -> str | None:
    """A fact of the other side in words, whatever it sent in its place."""
    return None if value is None else str(value)


def _continues(
    before: Utterance, after: Utterance, events: Sequence[TraceEvent], heard: Sequence[Span]
) -> bool:
    if after.start_s - before.end_s > SAME_TURN_PAUSE_S or after.interrupts:
        return False
    answered = any(before.end_s < span.start_s < after.start_s for span in heard)
    return not answered and not _turn_ended_within(events, before.end_s, after.start_s)


def _turn_ended_within(events: Sequence[TraceEvent], from_s: float, to_s: float) -> bool:
    return any(
        event.type in ("user.speech_stopped", "user.committed")
        and event.t_s is not None
        and from_s < event.t_s <= to_s
        for event in events
    )


def _turn_of_speech(
    span: Span,
    turns: Sequence[tuple[Utterance, ...]],
    answers: Sequence[Answer],
    answer_turns: Sequence[int],
) -> int:
    """The turn whose answer this heard speech is part of."""
    best, best_s = None, 0.0
    for answer, turn in zip(answers, answer_turns, strict=True):
        if answer.audio_started_s is None:
            continue
        end_s = (answer.audio_ended_s or span.end_s) + PLAYOUT_DELAY_S
        shared_s = min(span.end_s, end_s) - max(span.start_s, answer.audio_started_s)
        if shared_s > best_s:
            best, best_s = turn, shared_s
    if best is not None:
        return best
    finished = [i for i, said in enumerate(turns) if said[-1].end_s <= span.start_s]
    return finished[-1] if finished else -1
