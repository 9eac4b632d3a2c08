"""Turns of the user, matched with the answers they got. Pure.

An answer belongs to the last turn that the user had begun before its first sign, and that the other
side took for ended by then (a pause is enough: such an answer cuts the user off). A turn of which
nothing reached the other side is answered by nobody: what comes then is a late answer to the turn
before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.score.answers import TURN_ENDS, Told
from harness.speech.spans import Span

SAME_MOMENT_S = 0.05
"""Events and samples that are nearer than this happen together."""


def turn_ends(events: Iterable[Told]) -> list[float]:
    """When the other side took the user's turn for ended, in order, on the timeline.

    Empty where it does not tell.
    """
    return [event.t_s for event in events if event.type in TURN_ENDS and event.t_s is not None]


def turn_of_answer(
    began_s: float, turns: Sequence[Span], ends_s: Sequence[float], told_s: float | None = None
) -> int:
    """Index of the turn that an answer answers; -1: the user had said nothing yet (a greeting).

    Args:
        began_s: the answer's first sign, an event or its sound.
        turns: what the user said, from first to last voiced sample, in order of time.
        ends_s: when the other side took turns for ended; empty where it does not tell.
        told_s: when an event told of the answer, see `Answer.latest_start_s`. An end that was told
            before it came before it: sound and events have clocks of their own, and on a busy
            machine the one may seem to come before the other by more than a moment.
    """
    latest_s = max(began_s, told_s or began_s) + SAME_MOMENT_S
    # Each turn that began before the last end by then was noticed: a call of hours has many.
    noticed_s = max((end_s for end_s in ends_s if end_s <= latest_s), default=float("-inf"))
    for index in range(len(turns) - 1, -1, -1):
        start_s = turns[index].start_s
        if start_s < began_s and (not ends_s or start_s < noticed_s):
            return index
    return -1


def turn_before(start_s: float, turns: Sequence[Span]) -> int:
    """Index of the last turn that had ended when something was heard; -1: none had."""
    ended = [index for index, said in enumerate(turns) if said.end_s <= start_s]
    return ended[-1] if ended else -1


def voice_to_voice_s(heard_start_s: float | None, said_end_s: float | None) -> float | None:
    """Time the user waits for an answer, as heard.

    Formula: first voiced sample heard of the answer - last voiced sample sent in its turn.
    Negative where the answer starts while the user still speaks.

    Returns:
        None without a user's part (a greeting), or where nothing was heard.
    """
    if heard_start_s is None or said_end_s is None:
        return None
    return heard_start_s - said_end_s
