"""Exchanges of a call: who said what to whom, put together from its events and speech.

An exchange is one turn of the user and what was heard in answer to it. A greeting is an exchange
without a user's part. Which answer a stretch of heard speech belongs to is read from the dialogue
events; where it starts and ends is read from the samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from harness.score.answers import Answer, answers_of
from harness.score.clips import clip_uncertainty_s, said_clips
from harness.score.turns import turn_before, turn_ends, turn_of_answer
from harness.score.voices import voices_of
from harness.speech.spans import Span
from harness.trace import TraceEvent

SAME_TURN_PAUSE_S = 2.0
"""Longest pause between two clips of one turn; a longer one is a turn of its own."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech that the microphone sent."""

    start_s: float
    end_s: float
    text: str | None = None
    file: str | None = None
    interrupts: bool = False
    start_uncertainty_s: float | None = None
    """In 95 of 100 cases the true start lies this near; None: not known."""

    end_uncertainty_s: float | None = None


class Recorded(Protocol):
    """A call as it was recorded."""

    @property
    def events(self) -> list[TraceEvent]:
        """All events of its trace, in order."""

    @property
    def sent_spans(self) -> tuple[Span, ...]:
        """Where the user's side is voiced, on the timeline."""

    @property
    def heard_spans(self) -> tuple[Span, ...]:
        """Where the heard side is voiced, on the timeline."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of the user (or none: a greeting), and what came back."""

    said: tuple[Utterance, ...] = ()
    answers: tuple[Answer, ...] = ()
    heard: tuple[Span, ...] = field(default=())
    """Voiced stretches of the answer, in order of time."""

    cuts_are_told: bool = True
    """Whether events would tell that an answer was cut; else only the sound does."""

    next_said_s: float = float("inf")
    """When the user speaks next."""

    @property
    def said_start_s(self) -> float | None:
        """Start of the user's first utterance; None for a greeting."""
        return self.said[0].start_s if self.said else None

    @property
    def said_end_s(self) -> float | None:
        """End of the user's last utterance; None for a greeting."""
        return self.said[-1].end_s if self.said else None

    @property
    def heard_start_s(self) -> float | None:
        """First voiced moment of what came back; None where nothing was heard."""
        return self.heard[0].start_s if self.heard else None

    @property
    def heard_end_s(self) -> float | None:
        """Last voiced moment of what came back; None where nothing was heard."""
        return self.heard[-1].end_s if self.heard else None

    @property
    def was_cut(self) -> bool:
        """Whether any of its answers was interrupted."""
        return any(answer.interrupted for answer in self.answers)


def exchanges_of(record: Recorded) -> list[Exchange]:
    """The exchanges of a call, in order of time."""
    events = record.events
    turns = group_utterances(utterances_of(record), events, record.heard_spans)
    spoken = [Span(said[0].start_s, said[-1].end_s) for said in turns]
    answers = answers_of(events)
    ends_s = turn_ends(events)
    cuts_are_told = tells_cuts(events, answers)
    turn_of = {
        a.answer_id: turn_of_answer(a.began_s, spoken, ends_s, a.latest_start_s) for a in answers
    }
    heard: dict[int, list[Span]] = {}
    for answer_id, spans in voices_of(record.heard_spans, answers).items():
        for span in spans:
            index = turn_of.get(answer_id or "", turn_before(span.start_s, spoken))
            heard.setdefault(index, []).append(span)
    exchanges = [
        Exchange(
            said=turns[index] if index >= 0 else (),
            answers=tuple(a for a in answers if turn_of[a.answer_id] == index and a.is_told),
            heard=tuple(sorted(heard.get(index, ()), key=lambda span: span.start_s)),
            cuts_are_told=cuts_are_told,
            next_said_s=turns[index + 1][0].start_s if index + 1 < len(turns) else float("inf"),
        )
        for index in range(-1, len(turns))
    ]
    greeting = exchanges[0]
    return exchanges if greeting.answers or greeting.heard else exchanges[1:]


def tells_cuts(events: Sequence[TraceEvent], answers: Sequence[Answer]) -> bool:
    """Whether the protocol of the call tells when an answer was cut."""
    for event in events:
        if event.type == "call.protocol":
            return "answers" in event.data.get("tells", ())
    return any(answer.is_told for answer in answers)


def utterances_of(record: Recorded) -> list[Utterance]:
    """What the microphone sent: the clips played, or else what the detector finds.

    What was said while the microphone was muted is no turn: nobody heard it.
    """
    clips = []
    for data in said_clips(record.events):
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
                    *(clip_uncertainty_s(data),) * 2,
                )
            )
    if not clips:
        clips = [
            Utterance(
                span.start_s,
                span.end_s,
                start_uncertainty_s=span.start_uncertainty_s,
                end_uncertainty_s=span.end_uncertainty_s,
            )
            for span in record.sent_spans
        ]
    return sorted(clips, key=lambda clip: clip.start_s)


def group_utterances(
    utterances: Sequence[Utterance], events: Sequence[TraceEvent], heard: Sequence[Span]
) -> list[tuple[Utterance, ...]]:
    """Utterances as turns: a pause that nobody took for the end of a turn does not end it.

    Args:
        utterances: in order of time.
        events: of the call.
        heard: voiced spans of the other side.
    """
    turns: list[tuple[Utterance, ...]] = []
    for utterance in utterances:
        if turns and _continues(turns[-1][-1], utterance, events, heard):
            turns[-1] = (*turns[-1], utterance)
        else:
            turns.append((utterance,))
    return turns


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
