"""Stages of a wait: where the time between the user's last sound and the answer's first went.

Pure functions of a call's trace and of its edges of speech. The wait is cut at moments that each
have a place on the timeline; a moment that did not happen, or that nobody told of, joins the two
stages beside it, and is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from harness.score.exchanges import Exchange
from harness.score.jitter_buffer import buffer_delay
from harness.score.metrics import speech_stopped_s, voice_to_voice_s
from harness.score.uncertainty import combined
from harness.trace import TraceEvent

MOMENTS = (
    "user_ended",
    "speech_stopped",
    "answer_created",
    "first_packet",
    "first_received",
    "first_heard",
)
"""In the order in which they happen."""

STAGES = {
    "speech_stopped": "endpointing",
    "answer_created": "decision",
    "first_packet": "generation",
    "first_received": "jitter buffer",
    "first_heard": "page",
}
"""What the time up to each moment is spent on."""

SAME_S = 0.02
"""Edges of one voice, as the running call and the report found them, are nearer than this."""

WITHIN_PAGE_S = 0.001
"""Played sound is found in received sound to the sample; the page resamples at most."""


EVENT_S = 0.001
"""The page's clock is read to a part of a millisecond; two events stand on the same anchors."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One of `MOMENTS`, on the timeline."""

    name: str
    at_s: float
    doubt_s: float | None
    """How far it may be off by itself, in 95 of 100 cases; None: not known."""

    edge_doubt_s: float | None = 0.0
    """What comes on top, from what it is counted from: an edge of speech, or the fitted clock.

    None: not known.
    """

    edge: str = ""
    """Which one that is: what two moments have in common moves both, and no time between them."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a wait, from one moment to the next that is known."""

    name: str
    """Of `STAGES`; several joined by " + " where the moments between them are not known."""

    start_s: float
    end_s: float
    """May be before ``start_s``: the answer was created before the turn was said to be over."""

    uncertainty_s: float | None
    """How far its length may be off, either way, in 95 of 100 cases; None: not known."""

    @property
    def duration_s(self) -> float:
        """Its length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Wait:
    """The wait for one answer, in stages without gaps."""

    stages: tuple[Stage, ...]

    not_told: tuple[str, ...]
    """Moments that are not known; the stages around them are one."""


def wait_of(exchange: Exchange, events: Sequence[TraceEvent], clock_s: float | None) -> Wait | None:
    """The stages of an exchange's wait; their lengths add up to `voice_to_voice_s`.

    Args:
        exchange: the turn and its answer.
        events: of the call.
        clock_s: how far page events may be off against audio; None: not known, taken for none.

    Returns:
        None without a wait: a greeting, nothing heard, or an answer that cut the user off.
    """
    wait_s = voice_to_voice_s(exchange)
    if wait_s is None or wait_s < 0:
        return None
    found = moments_of(exchange, events, clock_s or 0.0)
    names = [moment.name for moment in found]
    stages = tuple(_stage(before, after) for before, after in pairwise(found))
    return Wait(stages, tuple(name for name in MOMENTS if name not in names))


def moments_of(
    exchange: Exchange, events: Sequence[TraceEvent], clock_s: float
) -> tuple[Moment, ...]:
    """The known moments of a wait, in the order of `MOMENTS`; of an exchange that has one."""
    assert exchange.said_end_s is not None
    assert exchange.heard_start_s is not None
    heard_s, edge_s = exchange.heard_start_s, exchange.heard[0].start_uncertainty_s
    ended = exchange.said[-1].end_uncertainty_s
    moments = [Moment("user_ended", exchange.said_end_s, 0.0, ended, "user")]
    if (stopped_s := speech_stopped_s(exchange, events)) is not None:
        moments.append(Moment("speech_stopped", stopped_s, EVENT_S, clock_s, "clock"))
    if (created_s := _answer_created_s(exchange, events)) is not None:
        moments.append(Moment("answer_created", created_s, EVENT_S, clock_s, "clock"))
    if (received_s := _received_s(heard_s, events)) is not None:
        if (delay := buffer_delay(events, received_s)) is not None:
            packet_s = received_s - delay.mean_s
            moments.append(Moment("first_packet", packet_s, delay.uncertainty_s, edge_s, "answer"))
        moments.append(Moment("first_received", received_s, WITHIN_PAGE_S, edge_s, "answer"))
    moments.append(Moment("first_heard", heard_s, 0.0, edge_s, "answer"))
    return tuple(moments)


def _stage(before: Moment, after: Moment) -> Stage:
    first, last = MOMENTS.index(before.name) + 1, MOMENTS.index(after.name) + 1
    doubts = [before.doubt_s, after.doubt_s]
    if not before.edge or before.edge != after.edge:
        doubts += [before.edge_doubt_s, after.edge_doubt_s]
    return Stage(
        " + ".join(STAGES[name] for name in MOMENTS[first:last]),
        before.at_s,
        after.at_s,
        combined(*doubts),
    )


def _answer_created_s(exchange: Exchange, events: Sequence[TraceEvent]) -> float | None:
    """When the other side said that it begins an answer: the event, not the answer's sound."""
    ids = {answer.answer_id for answer in exchange.answers}
    times = [
        event.t_s
        for event in events
        if event.type == "answer.started"
        and event.t_s is not None
        and event.data.get("answer_id") in ids
    ]
    return min(times, default=None)


def _received_s(heard_s: float, events: Sequence[TraceEvent]) -> float | None:
    """When the first sample that was heard came on its track, as the running call found it."""
    for event in events:
        received_s = event.data.get("received_s") if event.type == "answer.judged" else None
        spans = event.data.get("spans")
        if received_s is not None and spans and abs(spans[0][0] - heard_s) <= SAME_S:
            # The edge may have been found anew in the report: what is known is the page's delay.
            return heard_s - (float(spans[0][0]) - float(received_s))
    return None
