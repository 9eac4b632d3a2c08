"""Answers as the running call judged them, read back from its trace. Pure.

A call judges an answer while it runs, the report when all is recorded. Where the call has said
where an answer's voice is, the report takes that, so that both have one number; what no step asked
for is found in the recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.score.answers import Told
from harness.speech.spans import Span


def judged_spans(events: Iterable[Told]) -> list[Span]:
    """Where the running call found the voices of its answers, in order of time."""
    spans = []
    for event in events:
        if event.type == "answer.judged":
            pairs = event.data.get("spans") or ()
            doubts = event.data.get("uncertainties") or [(None, None)] * len(pairs)
            for pair, doubt in zip(pairs, doubts, strict=False):
                spans.append(Span(float(pair[0]), float(pair[1]), doubt[0], doubt[1]))
    return sorted(spans, key=lambda span: span.start_s)


def as_judged(detected: Sequence[Span], judged: Sequence[Span]) -> list[Span]:
    """Detected spans with those that the call has judged in their place.

    Args:
        detected: in the recording.
        judged: by the running call, see `judged_spans`.
    """
    kept: list[Span] = []
    for span in detected:
        kept += _without(span, judged)
    return sorted([*kept, *judged], key=lambda span: span.start_s)


LEAST_REST_S = 0.3
"""What is left of a detected span beside a judged one, and shorter, is the same sound's edge."""


def _without(span: Span, judged: Sequence[Span]) -> list[Span]:
    """What of a span no judged one holds."""
    rests, start_s = [], span.start_s
    overlapping = [each for each in judged if _shared_s(span, each) > 0]
    if not overlapping:
        return [span]
    for each in overlapping:
        rests.append((start_s, each.start_s))
        start_s = max(start_s, each.end_s)
    rests.append((start_s, span.end_s))
    return [Span(a, b) for a, b in rests if b - a >= LEAST_REST_S]


def _shared_s(a: Span, b: Span) -> float:
    return min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
