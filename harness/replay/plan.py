"""Plans of a replay: what the caller says, in which stretch of the recording, and when. Pure.

At the caller's own pace each turn begins as long after the answer as it did then; at the recorded
pace as long after the turn before, whatever is answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from harness.score.conversation import Conversation, Interruption
from harness.speech.spans import Span

BEFORE_S, AFTER_S = 0.2, 0.3
"""Kept of the recording around a turn's first and last voiced sample."""

LONGEST_TURN_S = 300.0
MOST_KEPT_S = 3600.0
"""Speech of the caller that is kept of one recording."""

USUAL_PAUSE_S = 0.8
"""After an answer, where the recording does not have the answers."""

Start = Literal["first", "greeting", "answer", "interrupts", "silence"]


@dataclass(frozen=True, slots=True)
class PlannedTurn:
    """One turn of the caller."""

    user: Span
    """From the first to the last voiced sample, seconds from the recording's first sample."""

    cut: Span
    """What is kept of the recording."""

    agent: Span | None
    """The old answer; None: there was none, or it is not known."""

    start: Start
    """What it follows: nothing, the agent's greeting, an answer, an answer's first words that it
    cuts into, or another turn that got no answer."""

    after_s: float
    """From there to the first voiced sample: from the greeting's or the answer's last sample (of
    one that it interrupts: the first), from the last of the turn before, or from the beginning."""

    gap_s: float
    """From the end of the cut before, or from the recording's first sample, to this one's."""

    is_aside: bool = False
    """Said while the agent spoke on: "mm-hmm"."""

    reaction: Interruption | None = None
    """The interruption that this turn is; its agent's part has the old reaction."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a call."""

    turns: tuple[PlannedTurn, ...]
    greeting: Span | None
    """What the agent said before the caller did."""

    has_agent: bool
    """Whether the old answers are known."""

    left_out: tuple[str, ...] = ()
    """What of the caller's speech is not replayed, and why."""


def plan_call(talk: Conversation, duration_s: float, *, has_agent: bool) -> Plan:
    """What the caller says and when.

    Args:
        talk: the conversation; of one party alone it has no answers.
        duration_s: of the recording.
        has_agent: the agent was heard, too.
    """
    greeting = next((turn.agent for turn in talk.turns if turn.is_greeting), None)
    answers = {turn.user: turn.agent for turn in talk.turns if turn.user is not None}
    cuts_in = {each.user: each for each in talk.interruptions}
    asides = [each.user for each in talk.interruptions if each.user not in answers]
    said = sorted([*answers, *asides], key=lambda span: span.start_s)
    kept, left_out = _without_crowded(said, asides, cuts_in)
    left_out += _unasked(talk)
    cuts = cuts_of(kept, duration_s)
    turns: list[PlannedTurn] = []
    answer = greeting
    for index, (user, cut) in enumerate(zip(kept, cuts, strict=True)):
        before = turns[-1] if turns else None
        start, after_s = _start(user, before, answer, cuts_in.get(user), has_agent=has_agent)
        turns.append(
            PlannedTurn(
                user=user,
                cut=cut,
                agent=answers.get(user),
                start=start,
                after_s=round(max(0.0, after_s), 3),
                gap_s=round(cut.start_s - (cuts[index - 1].end_s if index else 0.0), 3),
                is_aside=user in asides,
                reaction=cuts_in.get(user),
            )
        )
        answer = answers.get(user, answer)
    return Plan(tuple(turns), greeting, has_agent, tuple(left_out))


def _unasked(talk: Conversation) -> list[str]:
    """What the agent said after long silences, which no turn of the caller asks for."""
    return [
        f"What the agent says at {turn.agent.start_s:.2f} s, after {turn.silence_s:.0f} s of "
        "silence, answers nothing: neither the scenario nor the old numbers have it."
        for turn in talk.turns
        if turn.silence_s is not None and turn.agent is not None
    ]


def _without_crowded(
    said: Sequence[Span], asides: Sequence[Span], cuts_in: dict[Span, Interruption]
) -> tuple[list[Span], list[str]]:
    """One of several that cut into the same answer; a turn goes before an aside."""
    kept: list[Span] = []
    left_out: list[str] = []
    for span in said:
        into = cuts_in.get(span)
        same = [one for one in kept if into and one in cuts_in and cuts_in[one].agent == into.agent]
        if not same:
            kept.append(span)
            continue
        gone = span if span in asides else same[-1]
        if gone not in asides:
            kept.append(span)
            continue
        if gone is not span:
            kept[kept.index(gone)] = span
        left_out.append(
            f"What is said at {gone.start_s:.2f} s, while the agent speaks on, is left out: the "
            "caller speaks into that answer again."
        )
    return kept, left_out


def _start(
    user: Span,
    before: PlannedTurn | None,
    answer: Span | None,
    into: Interruption | None,
    *,
    has_agent: bool,
) -> tuple[Start, float]:
    """What a turn follows, and how long after it."""
    if (
        into is not None
        and answer is not None
        and answer.start_s <= into.agent.start_s < answer.end_s
    ):
        if before is not None and before.reaction and before.reaction.agent == into.agent:
            return "silence", user.start_s - before.user.end_s  # it is cut into once already
        return "interrupts", user.start_s - answer.start_s
    if before is None:
        if answer is not None:
            return "greeting", user.start_s - answer.end_s
        return "first", user.start_s
    if not has_agent:
        return "answer", USUAL_PAUSE_S
    if answer is None or (before.agent is None and before.start != "interrupts"):
        return "silence", user.start_s - before.user.end_s
    return "answer", user.start_s - answer.end_s


def cuts_of(said: Sequence[Span], duration_s: float) -> list[Span]:
    """What is kept around each: its edges with some quiet, never a part of the next one.

    Args:
        said: in order of time, and apart.
        duration_s: of the recording.
    """
    cuts: list[Span] = []
    for index, span in enumerate(said):
        before_s = (said[index - 1].end_s + span.start_s) / 2 if index else 0.0
        after_s = duration_s
        if index + 1 < len(said):
            after_s = (span.end_s + said[index + 1].start_s) / 2
        cuts.append(
            Span(max(span.start_s - BEFORE_S, before_s), min(span.end_s + AFTER_S, after_s))
        )
    return cuts


def too_much(plan: Plan) -> str | None:
    """Why this is more than is kept, in words; None: it is not."""
    for number, turn in enumerate(plan.turns, start=1):
        if turn.user.duration_s > LONGEST_TURN_S:
            return (
                f"turn {number}, at {turn.user.start_s:.1f} s, goes on for "
                f"{turn.user.duration_s:.0f} s; the longest that is spoken has {LONGEST_TURN_S:g} s"
            )
    kept_s = sum(turn.cut.duration_s for turn in plan.turns)
    if kept_s > MOST_KEPT_S:
        return f"{kept_s:.0f} s of the caller's speech; at most {MOST_KEPT_S:g} s are kept"
    return None
