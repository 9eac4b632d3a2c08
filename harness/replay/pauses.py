"""Pauses of the caller within a turn: the old agent sat through them, and who answers now has to.

Of a caller who thinks for a second the agent of the recording heard one turn. A turn detection that
is over after half a second hears two, and answers the first half.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from harness.realtime.session_parts import VAD_SILENCE_DURATION_MS
from harness.replay.plan import Plan
from harness.speech.spans import Span

BEYOND_PAUSE_S = 0.3
"""The silence that ends a turn is so much longer than the longest pause within one."""

USUAL_S = VAD_SILENCE_DURATION_MS / 1000
UNSURE_S = 0.1
"""A detector may find a pause so much longer than it is."""


def longest_pause_s(
    turns: Sequence[Span], voiced: Sequence[Span], redacted: Sequence[Span]
) -> float:
    """The longest time without the caller's voice within a turn; what is redacted is none.

    Args:
        turns: from the first voiced sample of each to its last.
        voiced: the caller's voice, in order of time.
        redacted: what of the recording is silence now, or a tone.
    """
    longest_s = 0.0
    for turn in turns:
        inside = [
            Span(max(span.start_s, turn.start_s), min(span.end_s, turn.end_s))
            for each in voiced
            for span in _left_of(each, redacted)
            if span.start_s < turn.end_s and span.end_s > turn.start_s
        ]
        gaps = (after.start_s - before.end_s for before, after in pairwise(inside))
        longest_s = max(longest_s, *gaps, 0.0)
    return round(longest_s, 3)


def _left_of(span: Span, redacted: Sequence[Span]) -> Iterator[Span]:
    """The parts of a stretch that stay."""
    start_s = span.start_s
    for each in sorted(redacted, key=lambda one: one.start_s):
        if each.start_s >= span.end_s:
            break
        if each.start_s > start_s:
            yield Span(start_s, each.start_s)
        start_s = max(start_s, each.end_s)
    if start_s < span.end_s:
        yield Span(start_s, span.end_s)


def silence_ms(pause_s: float, plan: Plan, *, waits: bool) -> int | None:
    """The silence that ends a turn, for a server whose turns are to be those of the recording.

    Args:
        pause_s: the longest one within a turn.
        plan: the turns.
        waits: they wait for the answers before them, where there are some.

    Returns:
        None: the usual one will do.
    """
    if pause_s <= USUAL_S - UNSURE_S:
        return None
    apart_s = [
        turn.user.start_s - before.user.end_s
        for before, turn in pairwise(plan.turns)
        if not waits or turn.start == "silence"
    ]
    between_s = [(pause_s + each_s) / 2 for each_s in apart_s if each_s > pause_s]
    return round(min([pause_s + BEYOND_PAUSE_S, *between_s]) * 1000)
