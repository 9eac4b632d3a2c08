"""Conduct of a conversation: what went wrong in the taking of turns, counted. Pure.

Each number counts one fault alone, and none is the cause of another: an answer that stopped
though nobody spoke is a false interruption where the microphone was silent, and one by echo where
the microphone sent sound that no user made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.score.answers import Answer, answers_of
from harness.score.exchanges import Exchange
from harness.score.second_answers import ASKING_EVENTS, asks_on_page, second_answers
from harness.score.turns import turn_ends
from harness.speech.spans import Span
from harness.trace import TraceEvent

BEFORE_STOP_S = 2.0
"""A user's sound this long before an answer stopped may have stopped it."""

BACKCHANNEL_S = 0.7
"""Speech over an answer that is shorter is an "mm-hmm", unless it was meant to interrupt."""

RESTART_WORDS = 3
"""So many first words in common are a restart; fewer are a habit ("Yes, of course")."""

EDGE_S = 0.1
"""An answer that begins so shortly before the user's end did not cut into a pause: edges of speech
and events lie that near."""

ASKING_STEPS = frozenset({"send", "tool_result", "end_turn"})
"""Steps of a scenario by which an answer may be asked for."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """Faults of a call's turn-taking, each a count; None where nothing could have shown it."""

    cut_offs: int | None
    double_answers: int | None
    restarts: int | None
    false_interruptions: int | None
    echo_interruptions: int | None
    backchannels: int | None
    backchannel_stops: int | None


def conduct_of(
    events: Sequence[TraceEvent], exchanges: Sequence[Exchange], sent: Sequence[Span]
) -> Conduct:
    """All of them for one call.

    Args:
        events: of the call, in order.
        exchanges: see `harness.score.exchanges.exchanges_of`.
        sent: where the recording of the microphone is voiced.
    """
    over = backchannels(exchanges)
    return Conduct(
        cut_offs=cut_offs(exchanges),
        double_answers=double_answers(events, exchanges),
        restarts=restarts(exchanges),
        false_interruptions=_count(false_interruptions(events, exchanges, sent)),
        echo_interruptions=_count(echo_interruptions(events, exchanges, sent)),
        backchannels=None if over is None else len(over),
        backchannel_stops=None if over is None else sum(stopped for _, stopped in over),
    )


def cut_offs(exchanges: Sequence[Exchange]) -> int | None:
    """Turns of the user that were taken for over in a pause.

    Formula: exchanges whose first answer began (its first event, or its first voiced sample) after
    the turn's first voiced sample and more than 0.1 s before its last.

    Returns:
        None where no turn of the user was answered.
    """
    answered = [one for one in exchanges if one.said and (one.answers or one.heard)]
    if not answered:
        return None
    return sum(_is_cut_off(one) for one in answered)


def _is_cut_off(exchange: Exchange) -> bool:
    start_s, end_s = exchange.said[0].start_s, exchange.said[-1].end_s
    began = [answer.started_s for answer in exchange.answers[:1]]
    began += [span.start_s for span in exchange.heard[:1]]
    return start_s < min(began) < end_s - EDGE_S


def double_answers(events: Sequence[TraceEvent], exchanges: Sequence[Exchange]) -> int | None:
    """Turns that were answered twice though nobody asked for it.

    Formula: see `harness.score.second_answers`; a tool's result, a wish of the page or of a step, a
    long silence and an answer that was cut make a second one no fault.

    Returns:
        None where there was no answer, or where no event tells of answers.
    """
    answers = [answer for answer in answers_of(events) if answer.is_told]
    if not answers:
        return None
    said = [Span(one.said[0].start_s, one.said[-1].end_s) for one in exchanges if one.said]
    asks_s = [event.t_s or 0.0 for event in events if _asks(event)]
    asks_s += asks_on_page(events, answers)
    judged = [str(e.data.get("answer_id")) for e in events if e.type == "answer.judged"]
    return len(second_answers(answers, said, turn_ends(events), asks_s, judged))


def _asks(event: TraceEvent) -> bool:
    if event.type == "step.started":
        return event.data.get("kind") in ASKING_STEPS
    return event.type in ASKING_EVENTS


def restarts(exchanges: Sequence[Exchange]) -> int | None:
    """Answers that began again after they were interrupted, with the words they had begun with.

    Formula: answers whose first three words are those of the cut answer right before them.

    Returns:
        None where no answer was cut.
    """
    answers = [answer for exchange in exchanges for answer in exchange.answers]
    if not any(answer.interrupted for answer in answers):
        return None
    return sum(
        before.interrupted and _first_words(before) == _first_words(after) != ()
        for before, after in pairwise(answers)
    )


def _first_words(answer: Answer) -> tuple[str, ...]:
    words = re.findall(r"\w+", answer.text.lower())
    return tuple(words[:RESTART_WORDS]) if len(words) >= RESTART_WORDS else ()


def false_interruptions(
    events: Sequence[TraceEvent], exchanges: Sequence[Exchange], sent: Sequence[Span]
) -> list[float] | None:
    """When answers stopped though the microphone was silent, seconds on the timeline.

    Formula: cut answers without a voiced sample sent in the 2 s before the cut, and without an
    action of the user on the page then.

    Returns:
        None without an answer.
    """
    return _stops(events, exchanges, sent, by_echo=False)


def echo_interruptions(
    events: Sequence[TraceEvent], exchanges: Sequence[Exchange], sent: Sequence[Span]
) -> list[float] | None:
    """When answers stopped because of their own sound in the microphone, seconds.

    Formula: as `false_interruptions`, but the microphone sent voice in those 2 s, and no clip of
    the user was played. Where no clips are known, what is sent is the user, and none is found.

    Returns:
        None without an answer.
    """
    return _stops(events, exchanges, sent, by_echo=True)


def _stops(
    events: Sequence[TraceEvent],
    exchanges: Sequence[Exchange],
    sent: Sequence[Span],
    *,
    by_echo: bool,
) -> list[float] | None:
    answers = [answer for exchange in exchanges for answer in exchange.answers]
    if not answers:
        return None
    said = [Span(one.start_s, one.end_s) for exchange in exchanges for one in exchange.said]
    acts = [
        Span((event.t_s or 0.0) - float(event.data.get("took_s") or 0.0), event.t_s or 0.0)
        for event in events
        if event.type == "page.acted"
    ]
    stops_s = []
    for answer in answers:
        stop_s = _stopped_s(answer)
        if not answer.interrupted or stop_s is None:
            continue
        window = Span(stop_s - BEFORE_STOP_S, stop_s)
        if not _meets(window, [*said, *acts]) and _meets(window, sent) == by_echo:
            stops_s.append(stop_s)
    return stops_s


def _stopped_s(answer: Answer) -> float | None:
    return answer.ended_s if answer.audio_ended_s is None else answer.audio_ended_s


def backchannels(exchanges: Sequence[Exchange]) -> list[tuple[float, bool]] | None:
    """Short sounds of the user while an answer was heard, and whether each stopped it.

    Formula: utterances under 0.7 s that begin inside of an answer's heard speech and were not meant
    to interrupt; one stopped it where the answer is cut and nothing of it is heard later than 2 s
    after the utterance's end.

    Returns:
        When each began, seconds, and whether the answer stopped; None where there was none.
    """
    found = []
    for exchange in exchanges:
        for said in exchange.said:
            over = _spoken_over(said.start_s, exchanges)
            if over is None or said.interrupts or said.end_s - said.start_s >= BACKCHANNEL_S:
                continue
            last_s = over.heard_end_s or 0.0
            found.append((said.start_s, over.was_cut and last_s <= said.end_s + BEFORE_STOP_S))
    return found or None


def _spoken_over(at_s: float, exchanges: Sequence[Exchange]) -> Exchange | None:
    for exchange in exchanges:
        start_s, end_s = exchange.heard_start_s, exchange.heard_end_s
        if start_s is not None and end_s is not None and start_s < at_s < end_s:
            return exchange
    return None


def _meets(window: Span, spans: Sequence[Span]) -> bool:
    return any(span.start_s < window.end_s and span.end_s > window.start_s for span in spans)


def _count(found: Sequence[float] | None) -> int | None:
    return None if found is None else len(found)
