"""Exchanges as the turns of the results: words of both sides, latencies, quality."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, cast

from harness.audio.clip import AudioClip
from harness.report.number_results import MediaRates
from harness.report.results import (
    Answer,
    Heard,
    Latencies,
    Quality,
    Said,
    ToolCall,
    Turn,
    WaitStage,
)
from harness.score import metrics
from harness.score.call_record import CallRecord
from harness.score.exchanges import Exchange
from harness.score.media_stats import Statistics, media_stats
from harness.score.path import path_share
from harness.score.ratings import ratings_of
from harness.score.stages import Wait, wait_of
from harness.trace import TraceEvent

Recognise = Callable[[AudioClip], str | None]
"""What a recogniser hears in a clip; None where none can run."""


def turns_of(
    record: CallRecord, exchanges: Sequence[Exchange], recognise: Recognise | None
) -> list[Turn]:
    """One turn an exchange, with its numbers."""
    following: list[Exchange | None] = [*exchanges, None][1:][: len(exchanges)]
    talk, statistics = record.talk, Statistics(record.events)
    return [
        _turn(index, talk, statistics, exchange, after, recognise)
        for index, (exchange, after) in enumerate(zip(exchanges, following, strict=True), start=1)
    ]


def _turn(
    index: int,
    record: CallRecord,
    statistics: Statistics,
    exchange: Exchange,
    following: Exchange | None,
    recognise: Recognise | None,
) -> Turn:
    events, near = record.events, statistics.around(exchange)
    heard = _heard(record, exchange, recognise)
    wait = wait_of(exchange, [*events, *near], record.clock_uncertainty_s)
    return Turn(
        index=index,
        said=_said(exchange),
        user_transcript=_user_transcript(exchange, events),
        heard=heard,
        answer=_answer(exchange, following, events),
        interrupted=metrics.was_interrupted(exchange, following),
        latencies=_latencies(record, exchange, following, wait),
        stages=[WaitStage.model_validate(asdict(stage)) for stage in wait.stages] if wait else [],
        not_told=list(wait.not_told) if wait else [],
        quality=_quality(record, exchange, heard, exchange.was_cut).model_copy(
            update=ratings_of(exchange, events)
        ),
        media=_media(exchange, near),
    )


def _latencies(
    record: CallRecord, exchange: Exchange, following: Exchange | None, wait: Wait | None
) -> Latencies:
    events, clock_s = record.events, record.clock_uncertainty_s
    wait_s = metrics.voice_to_voice_s(exchange)
    path = path_share(wait, events)
    return Latencies(
        voice_to_voice_s=wait_s,
        voice_to_voice_uncertainty_s=metrics.voice_to_voice_uncertainty_s(exchange, clock_s),
        path_s=path.path_s if path else None,
        path_uncertainty_s=path.uncertainty_s if path else None,
        beyond_path_s=wait_s - path.path_s if path and wait_s is not None else None,
        endpointing_s=metrics.endpointing_s(exchange, events),
        time_to_first_event_s=metrics.time_to_first_event_s(exchange, events),
        barge_in_reaction_s=metrics.barge_in_reaction_s(exchange, following),
        barge_in_reaction_uncertainty_s=metrics.barge_in_reaction_uncertainty_s(
            exchange, following, clock_s
        ),
    )


def _media(exchange: Exchange, events: Sequence[TraceEvent]) -> MediaRates:
    """Of a turn that was answered: of the others nobody can say how long they last."""
    from_s, to_s = exchange.said_start_s, exchange.heard_end_s
    if from_s is None:
        from_s = exchange.heard_start_s
    if from_s is None or to_s is None:
        return MediaRates()
    return MediaRates.model_validate(asdict(media_stats(events, from_s, to_s)))


def _said(exchange: Exchange) -> Said | None:
    if exchange.said_start_s is None or exchange.said_end_s is None:
        return None
    texts = [said.text for said in exchange.said if said.text]
    return Said(
        text=" ".join(texts) or None,
        file=exchange.said[0].file,
        start_s=exchange.said_start_s,
        end_s=exchange.said_end_s,
    )


def _heard(record: CallRecord, exchange: Exchange, recognise: Recognise | None) -> Heard | None:
    if exchange.heard_start_s is None or exchange.heard_end_s is None:
        return None
    recognised = _recognised_in_trace(exchange, record.events)
    if recognised is None and recognise is not None and record.audio is not None:
        around = record.audio.heard.between(
            exchange.heard_start_s - 0.15, exchange.heard_end_s + 0.2
        )
        recognised = recognise(around)
    return Heard(
        start_s=exchange.heard_start_s,
        end_s=exchange.heard_end_s,
        recognised=recognised,
        transcript=_answer_text(exchange),
    )


def _recognised_in_trace(exchange: Exchange, events: Sequence[TraceEvent]) -> str | None:
    """What the run itself recognised in this answer ("heard.recognised"), if it did."""
    for event in events:
        if event.type == "heard.recognised":
            start_s, end_s = event.data.get("start_s"), event.data.get("end_s")
            if start_s is not None and end_s is not None:
                middle_s = (float(start_s) + float(end_s)) / 2
                if (exchange.heard_start_s or 0) <= middle_s <= (exchange.heard_end_s or 0):
                    return cast("str | None", event.data.get("text"))
    return None


def _answer(
    exchange: Exchange, following: Exchange | None, events: Sequence[TraceEvent]
) -> Answer | None:
    if not exchange.answers:
        return None
    last = exchange.answers[-1]
    next_s = _tools_from_s(following) if following and following.answers else float("inf")
    tools = [
        ToolCall(
            name=str(event.data.get("name") or "?"),
            arguments=_parsed(event.data.get("arguments")),
            at_s=event.t_s,
        )
        for event in events
        if event.type == "tool.called"
        and event.t_s is not None
        and _tools_from_s(exchange) <= event.t_s < next_s
    ]
    return Answer(status=last.status, reason=last.reason, text=_answer_text(exchange), tools=tools)


def _tools_from_s(exchange: Exchange) -> float:
    """From when on tools are this exchange's: some protocols tell them before its answer begins."""
    started_s = exchange.answers[0].started_s
    return min(started_s, exchange.said_end_s or started_s)


def _answer_text(exchange: Exchange) -> str | None:
    return " ".join(answer.text for answer in exchange.answers if answer.text) or None


def _user_transcript(exchange: Exchange, events: Sequence[TraceEvent]) -> str | None:
    """Transcripts of the user turns that began (or were committed) during this exchange."""
    if exchange.said_start_s is None:
        return None
    began: dict[str, float] = {}
    for event in events:
        if event.type in ("user.speech_started", "user.committed") and event.t_s is not None:
            began.setdefault(str(event.data.get("turn_id")), event.t_s)
    texts: dict[str, str] = {}
    for event in events:
        if event.type != "user.transcript":
            continue
        turn_id = str(event.data.get("turn_id"))
        began_s = began.get(turn_id, event.t_s or 0.0)
        if exchange.said_start_s <= began_s < exchange.next_said_s:
            texts[turn_id] = str(event.data.get("text") or "")  # it may grow: the last one counts
    return " ".join(text for text in texts.values() if text) or None


def _quality(record: CallRecord, exchange: Exchange, heard: Heard | None, cut: bool) -> Quality:
    dead_air_s = metrics.dead_air_s(exchange)
    if heard is None or record.audio is None:
        return Quality(dead_air_s=dead_air_s)
    gaps = metrics.speech_gaps(record.audio.heard, exchange.heard)
    return Quality(
        dead_air_s=dead_air_s,
        gaps=len(gaps),
        longest_gap_s=max((gap.end_s - gap.start_s for gap in gaps), default=None),
        # A cut answer's transcript holds words that were never played: no fair comparison.
        word_error_rate=None if cut else _word_error_rate(heard),
    )


def _word_error_rate(heard: Heard) -> float | None:
    if not heard.transcript or heard.recognised is None:
        return None
    from harness.speech.words import word_error_rate

    return word_error_rate(heard.transcript, heard.recognised)


def _parsed(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
