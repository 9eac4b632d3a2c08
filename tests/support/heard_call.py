"""Recordings that were heard, made by hand: who spoke from when to when."""

from __future__ import annotations

from pathlib import Path

from harness.replay.listen import HeardCall
from harness.replay.plan import plan_call
from harness.score.conversation import conversation_of
from harness.speech.spans import Span


def heard_call(
    user: list[tuple[float, float]],
    agent: list[tuple[float, float]] = [],  # noqa: B006  never changed
    said: tuple[str, ...] | None = None,
    greeting: str = "",
) -> HeardCall:
    """A minute of a call, each answer of which is “Certainly.”."""
    voices = [[Span(*each) for each in side] for side in (user, agent)]
    talk = conversation_of(*voices)
    plan = plan_call(talk, 60.0, has_agent=bool(agent))
    said = said or tuple(f"Turn {number}." for number in range(1, len(plan.turns) + 1))
    answers = tuple("Certainly." if turn.agent else "" for turn in plan.turns)
    return HeardCall(
        Path("calls/monday ${x}.wav"), 60.0, 8000, 0, talk, plan, said, answers, greeting, ()
    )
