"""Heard speech by answer: stretches of it, given to the answers they belong to. Pure.

The samples say where voice is; the events of an answer's playback say whose it is. Where no event
speaks of playback, the voice goes to the answer that the live detector gave it to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from harness.score.answers import Answer
from harness.speech.spans import Span

PLAYOUT_DELAY_S = 0.6
"""Heard speech may lag the events of its answer by this much (network, jitter buffer)."""

SAME_S = 0.05
"""Times that differ by less are the same."""


def voices_of(spans: Sequence[Span], answers: Sequence[Answer]) -> dict[str | None, list[Span]]:
    """The spans of each answer by its id, in order of time; None: of no answer that is known."""
    owned: dict[str | None, list[Span]] = {}
    for span in spans:
        for part in _parted(span, answers):
            owned.setdefault(_owner(part, answers), []).append(part)
    return owned


def is_played(span: Span, answers: Sequence[Answer]) -> bool:
    """Whether the events of some answer say that its sound is played then."""
    return any(_shared_s(span, _playback(answer, span)) > 0 for answer in answers)


def _owner(span: Span, answers: Sequence[Answer]) -> str | None:
    best, best_s = None, 0.0
    for answer in sorted(answers, key=lambda each: each.audio_started_s or 0.0):
        shared_s = _shared_s(span, _playback(answer, span))
        # Where the last of one answer may still be heard, and the next one plays, it is the next.
        is_as_good = shared_s >= best_s - SAME_S and span.start_s >= (
            (answer.audio_started_s or 0.0) + SAME_S
        )
        if shared_s > best_s or (shared_s > 0 and is_as_good):
            best, best_s = answer.answer_id, max(best_s, shared_s)
    return best or _live_owner(span, answers)


def _live_owner(span: Span, answers: Sequence[Answer]) -> str | None:
    best, best_s = None, 0.0
    for answer in answers:
        heard = [Span(s.start_s, s.end_s or span.end_s) for s in answer.stretches]
        shared_s = sum(max(0.0, _shared_s(span, each)) for each in heard)
        if shared_s > best_s:
            best, best_s = answer.answer_id, shared_s
    return best


def _parted(span: Span, answers: Sequence[Answer]) -> list[Span]:
    """A voice that goes over from one answer to the next without a pause, cut where it does."""
    playing = [a for a in answers if _shared_s(span, _playback(a, span)) > PLAYOUT_DELAY_S]
    playing.sort(key=lambda answer: answer.audio_started_s or 0.0)
    parts, start_s = [], span.start_s
    for before, after in pairwise(playing):
        assert before.audio_started_s is not None
        assert after.audio_started_s is not None
        lag_s = min(max(0.0, start_s - before.audio_started_s), PLAYOUT_DELAY_S)
        cut_s = after.audio_started_s + lag_s
        if start_s < cut_s < span.end_s:
            parts.append(replace(span, start_s=start_s, end_s=cut_s, end_uncertainty_s=None))
            span = replace(span, start_s=cut_s, start_uncertainty_s=None)
            start_s = cut_s
    return [*parts, span]


def _playback(answer: Answer, span: Span) -> Span:
    """Where an answer's sound may be heard, by its events; empty where they do not say."""
    if answer.audio_started_s is None:
        return Span(0.0, 0.0)
    end_s = span.end_s if answer.audio_ended_s is None else answer.audio_ended_s
    return Span(answer.audio_started_s, end_s + PLAYOUT_DELAY_S)


def _shared_s(a: Span, b: Span) -> float:
    return min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
