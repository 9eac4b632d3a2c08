"""Numbers of a call: one pure function a number, its formula in the docstring.

Everything is in seconds on the call's timeline. A number that did not happen is None, never 0:
an absent answer is not a slow one. "Voiced" is the speech detector's decision on the samples with
its hangover removed, or the label of the clip that was played.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from harness.audio.side_of_file import Sound
from harness.score import turns
from harness.score.exchanges import Exchange
from harness.score.uncertainty import combined
from harness.speech.spans import Span
from harness.trace import TraceEvent

GAP_S = 0.060
"""Shortest break inside speech that counts as a gap: three packets."""

GAP_DBFS = -60.0
"""A break is quieter than this, RMS over 10 ms."""

CUT_DBFS = -40.0
"""Speech that is louder than this right before the break was cut; natural speech fades."""


def voice_to_voice_s(exchange: Exchange) -> float | None:
    """Time the user waits for an answer, as heard; see `harness.score.turns`.

    Returns:
        Seconds, negative where the answer cuts the user off; None without a user's part or
        without anything heard.
    """
    return turns.voice_to_voice_s(exchange.heard_start_s, exchange.said_end_s)


def voice_to_voice_uncertainty_s(exchange: Exchange, clock_s: float | None) -> float | None:
    """How far `voice_to_voice_s` may be off, either way, in 95 of 100 cases.

    Formula: root of the sum of the squares of three: the user's last sample, the answer's first,
    and the place of heard audio on the timeline.

    Args:
        exchange: the same.
        clock_s: how far heard audio may be off on the timeline; None: not known, taken for none.

    Returns:
        Seconds; None without the number, or where an edge's uncertainty is not known.
    """
    if voice_to_voice_s(exchange) is None:
        return None
    said_s, heard_s = exchange.said[-1].end_uncertainty_s, exchange.heard[0].start_uncertainty_s
    return combined(said_s, heard_s, clock_s or 0.0)


def endpointing_s(exchange: Exchange, events: Sequence[TraceEvent]) -> float | None:
    """Time the other side takes to notice that the user has finished.

    Formula: the turn's last "user.speech_stopped" before its answer - last voiced sample sent.
    Negative where it took a pause for the end.

    Returns:
        Seconds; None without such an event (manual turns have none).
    """
    stopped_s = speech_stopped_s(exchange, events)
    if stopped_s is None or exchange.said_end_s is None:
        return None
    return stopped_s - exchange.said_end_s


def time_to_first_event_s(exchange: Exchange, events: Sequence[TraceEvent]) -> float | None:
    """Time from the end of the turn, as the other side saw it, to its first sign of an answer.

    Formula: first event of the first answer - "user.speech_stopped" of the turn, or
    "user.committed" where there is none.

    Returns:
        Seconds; None without an answer, or where the other side tells no end of the turn.
    """
    from_s = speech_stopped_s(exchange, events)
    if from_s is None:
        from_s = _last_before_answer(exchange, events, "user.committed")
    if from_s is None or not exchange.answers:
        return None
    return max(0.0, exchange.answers[0].started_s - from_s)


def speech_stopped_s(exchange: Exchange, events: Sequence[TraceEvent]) -> float | None:
    """When the other side said that the user's turn was over, on the timeline; None: it did not."""
    return _last_before_answer(exchange, events, "user.speech_stopped")


def barge_in_reaction_s(exchange: Exchange, following: Exchange | None) -> float | None:
    """Time an answer goes on after the user has started to speak over it.

    Formula: last voiced sample heard of the answer - first voiced sample of the interruption.

    Args:
        exchange: whose answer is spoken over.
        following: the next one, which the user's interruption begins; None: there is none.

    Returns:
        Seconds; None where nobody interrupted, or the answer went on to its own end.
    """
    if not was_interrupted(exchange, following) or following is None:
        return None
    if following.said_start_s is None or exchange.heard_end_s is None:
        return None
    return exchange.heard_end_s - following.said_start_s


def barge_in_reaction_uncertainty_s(
    exchange: Exchange, following: Exchange | None, clock_s: float | None
) -> float | None:
    """How far `barge_in_reaction_s` may be off; as `voice_to_voice_uncertainty_s`."""
    if barge_in_reaction_s(exchange, following) is None or following is None:
        return None
    said_s, heard_s = following.said[0].start_uncertainty_s, exchange.heard[-1].end_uncertainty_s
    return combined(said_s, heard_s, clock_s or 0.0)


def was_interrupted(exchange: Exchange, following: Exchange | None) -> bool:
    """The user spoke while the answer was heard, and the answer did not reach its end.

    Where no event would tell that it was cut: the user meant to cut in while it was heard.

    Args:
        exchange: whose answer it is.
        following: the next one; None: there is none.
    """
    if following is None or following.said_start_s is None or exchange.heard_end_s is None:
        return False
    overlapped = exchange.heard_end_s > following.said_start_s
    meant_to = not exchange.cuts_are_told and following.said[0].interrupts
    return overlapped and (exchange.was_cut or meant_to)


def talk_over_s(sent: Sequence[Span], heard: Sequence[Span]) -> float | None:
    """Total time both sides are voiced.

    Args:
        sent: voiced spans of the user's side, on the timeline.
        heard: voiced spans of the other side.

    Returns:
        Seconds; None where one of them never is voiced.
    """
    if not sent or not heard:
        return None
    both_s = 0.0
    for ours in sent:
        for theirs in heard:
            shared_s = min(ours.end_s, theirs.end_s) - max(ours.start_s, theirs.start_s)
            both_s += max(0.0, shared_s)
    return both_s


def dead_air_s(exchange: Exchange) -> float | None:
    """Longest stretch inside an exchange with neither side voiced.

    An exchange reaches from the first voiced sample of either side to the last of the answer.

    Returns:
        Seconds; None without a user's part or without an answer: an open end is not dead air.
    """
    if not exchange.said or not exchange.heard:
        return None
    voiced = [(said.start_s, said.end_s) for said in exchange.said]
    voiced += [(span.start_s, span.end_s) for span in exchange.heard]
    voiced.sort()
    longest_s, reached_s = 0.0, voiced[0][1]
    for start_s, end_s in voiced[1:]:
        longest_s = max(longest_s, start_s - reached_s)
        reached_s = max(reached_s, end_s)
    return longest_s


def speech_gaps(sound: Sound, spans: Iterable[Span]) -> list[Span]:
    """Breaks inside speech that speech itself does not make: choppiness.

    A gap is 60 ms or more below -60 dBFS (RMS over 10 ms) that starts inside a voiced span from
    more than -40 dBFS in one step. A speaker's own pause fades out, and is not counted.
    """
    step = max(1, sound.sample_rate_hz // 100)
    gaps: list[Span] = []
    for span in spans:
        first = max(0, round(span.start_s * 100) - 1)
        samples = sound.between(first / 100, round(span.end_s * 100) / 100).samples
        usable = len(samples) // step * step
        frames = samples[:usable].reshape(-1, step).astype(np.float64)
        dbfs = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
        gaps += _gaps_in(dbfs, first)
    return gaps


def connect_data_channel_s(events: Sequence[TraceEvent]) -> float | None:
    """From the page's first getUserMedia call to its first open data channel.

    Returns:
        Seconds; None where either never came.
    """
    return _between(events, "user_media.requested", "data_channel.open")


def connect_first_audio_s(events: Sequence[TraceEvent]) -> float | None:
    """From the page's first getUserMedia call to the first audio packet received.

    Known from getStats, so no finer than the interval of the statistics in the trace.

    Returns:
        Seconds; None without such a call, or where no audio came.
    """
    asked_s = _first_s(events, "user_media.requested")
    if asked_s is None:
        return None
    for event in events:
        if event.type == "stats" and event.t_s is not None:
            received = [stat.get("packetsReceived") or 0 for stat in inbound_audio(event.data)]
            if sum(received) > 0:
                return event.t_s - asked_s
    return None


def concealed_ratio(events: Sequence[TraceEvent]) -> float | None:
    """Concealed samples / samples received, over all peer connections of the page.

    Of each connection the last getStats report with any samples counts: its numbers are totals.

    Returns:
        0 to 1; None where no report tells of samples.
    """
    totals: dict[str, tuple[float, float]] = {}
    for event in events:
        if event.type == "stats":
            stats = inbound_audio(event.data)
            received = sum(stat.get("totalSamplesReceived") or 0 for stat in stats)
            concealed = sum(stat.get("concealedSamples") or 0 for stat in stats)
            if received:
                totals[str(event.data.get("connection"))] = (concealed, received)
    if not totals:
        return None
    return float(sum(c for c, _ in totals.values()) / sum(r for _, r in totals.values()))


def conversation_s(events: Sequence[TraceEvent]) -> float | None:
    """From "call.opened" to "call.closed", or to the last event of a run that died.

    Returns:
        Seconds; None for a call that never opened.
    """
    opened_s = _first_s(events, "call.opened")
    times = [event.t_s for event in events if event.t_s is not None]
    if opened_s is None or not times:
        return None
    closed_s = _first_s(events, "call.closed")
    return (max(times) if closed_s is None else closed_s) - opened_s


def _gaps_in(dbfs: Any, before: int) -> list[Span]:
    """Of levels each 10 ms, whose first follows so many others."""
    gaps = []
    start: int | None = None
    for i in range(1, len(dbfs)):
        if dbfs[i] < GAP_DBFS:
            if start is None and dbfs[i - 1] > CUT_DBFS:
                start = i
        elif start is not None:
            if (i - start) / 100 >= GAP_S:
                gaps.append(Span((before + start) / 100, (before + i) / 100))
            start = None
    return gaps


def _last_before_answer(
    exchange: Exchange, events: Sequence[TraceEvent], type: str
) -> float | None:
    """The trace says what came before the answer, where it tells of it; its times do so elsewhere.

    Where the audio clock fell behind between two events, the later one stands at an earlier time.
    """
    if exchange.said_start_s is None:
        return None
    answer = exchange.answers[0] if exchange.answers else None
    times: list[float] = []
    for event in events:
        if answer is not None and _begins(answer.answer_id, event):
            return times[-1] if times else None
        if event.type == type and event.t_s is not None and event.t_s >= exchange.said_start_s:
            times.append(event.t_s)
    until_s = exchange.next_said_s if answer is None else answer.started_s
    return next((t_s for t_s in reversed(times) if t_s <= until_s), None)


def _begins(answer_id: str, event: TraceEvent) -> bool:
    return event.type == "answer.started" and event.data.get("answer_id") == answer_id


def inbound_audio(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The inbound audio entries of a getStats report (a list, or a map by id)."""
    report = data.get("report")
    entries = report.values() if isinstance(report, Mapping) else report or []
    return [
        stat
        for stat in entries
        if isinstance(stat, Mapping)
        and stat.get("type") == "inbound-rtp"
        and stat.get("kind", "audio") == "audio"
    ]


def _first_s(events: Sequence[TraceEvent], type: str) -> float | None:
    return next((e.t_s for e in events if e.type == type and e.t_s is not None), None)


def _between(events: Sequence[TraceEvent], from_type: str, to_type: str) -> float | None:
    from_s, to_s = _first_s(events, from_type), _first_s(events, to_type)
    return None if from_s is None or to_s is None else to_s - from_s
