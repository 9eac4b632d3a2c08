"""A conversation read from the voices of two channels alone: turns and interruptions. Pure.

No event says who answers whom here, so order decides: what the agent begins to say after the
user's turn began, and before the next one does, is the answer to it, until both have been silent
for long: what an agent says then ("Are you still there?") answers nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.score.exchanges import SAME_TURN_PAUSE_S
from harness.score.turns import voice_to_voice_s
from harness.score.uncertainty import CANNOT_TELL_S, can_tell, combined, confidence
from harness.speech.spans import Span

RUN_PAUSE_S = 0.5
"""An agent's pause up to this is one between words."""

ANSWER_PAUSE_S = 10.0
"""A silence of both up to this does not end an answer: an agent looks something up and goes on.
After a longer one a caller has asked whether anybody is there, or the agent does."""

LATEST_ANSWER_S = 120.0
"""What comes later answers nothing: it is another call in the same recording, or a new beginning.
Up to this a slow agent is not forgiven for being very slow."""

INTO_S = 0.1
"""Who begins less than this after the other does not cut in: both began at once."""

LEFT_S = 0.03
"""An answer with less than this left is over: nobody cuts into it."""

GOES_ON_S = 1.0
"""An agent that is heard for so long after the interruption ended has not stopped for it."""

SHORT_S = 0.7
"""What is shorter, and said while the other speaks on, is no turn: "mm-hmm"."""


@dataclass(frozen=True, slots=True)
class ConversationTurn:
    """What the user said, and the answer (None: there was none).

    Where the user is None, the agent spoke without being asked: it greeted, or spoke again.
    """

    user: Span | None
    agent: Span | None
    silence_s: float | None = None
    """How long both had been silent before an agent that nobody asked spoke again; else None."""

    @property
    def is_greeting(self) -> bool:
        """The agent spoke before anybody else did."""
        return self.user is None and self.silence_s is None

    @property
    def uncertainty_s(self) -> float | None:
        """Of `voice_to_voice_s`."""
        if self.user is None or self.agent is None:
            return None
        return combined(self.user.end_uncertainty_s, self.agent.start_uncertainty_s)

    @property
    def voice_to_voice_s(self) -> float | None:
        """From the user's last voiced sample to the agent's first; None where nobody can tell."""
        if self.user is None or self.agent is None or not can_tell(self.uncertainty_s):
            return None
        return voice_to_voice_s(self.agent.start_s, self.user.end_s)

    @property
    def confidence(self) -> float | None:
        """How likely the latency lies within 50 ms of the truth."""
        return confidence(self.uncertainty_s)

    @property
    def why(self) -> str:
        """Why there is no latency; "" where there is one."""
        if self.is_greeting:
            return "the agent spoke first: there is nothing that it answers"
        if self.user is None:
            return (
                f"the agent spoke again after {self.silence_s:.0f} s of silence: it answers nothing"
            )
        if self.agent is None:
            return "no answer was heard"
        return "" if can_tell(self.uncertainty_s) else _cannot_tell(self.uncertainty_s)


@dataclass(frozen=True, slots=True)
class Interruption:
    """The user began to speak while the agent spoke."""

    user: Span
    agent: Span
    """The agent's speech that was cut into."""

    went_on: bool
    """The agent did not stop for it."""

    @property
    def uncertainty_s(self) -> float | None:
        """Of `reaction_s`."""
        return combined(self.user.start_uncertainty_s, self.agent.end_uncertainty_s)

    @property
    def agent_stopped_s(self) -> float | None:
        """The agent's last voiced sample; None: it went on."""
        return None if self.went_on else self.agent.end_s

    @property
    def reaction_s(self) -> float | None:
        """From the user's first voiced sample to the agent's last; None where nobody can tell."""
        if self.went_on or not can_tell(self.uncertainty_s):
            return None
        return self.agent.end_s - self.user.start_s

    @property
    def confidence(self) -> float | None:
        """How likely the reaction lies within 50 ms of the truth."""
        return confidence(self.uncertainty_s)

    @property
    def why(self) -> str:
        """Why there is no reaction; "" where there is one."""
        if self.went_on:
            return "the agent spoke on"
        return "" if can_tell(self.uncertainty_s) else _cannot_tell(self.uncertainty_s)


@dataclass(frozen=True, slots=True)
class Conversation:
    """All turns and interruptions, in order of time."""

    turns: tuple[ConversationTurn, ...]
    interruptions: tuple[Interruption, ...]


def conversation_of(user: Sequence[Span], agent: Sequence[Span]) -> Conversation:
    """The conversation of two voices.

    Args:
        user: where the user is voiced, in order of time; seconds on one clock with
        agent: where the agent is voiced.
    """
    runs = joined_spans(agent, RUN_PAUSE_S, ())
    said = joined_spans(user, SAME_TURN_PAUSE_S, runs)
    interruptions = [found for each in said if (found := _interruption(each, runs))]
    aside = [each.user for each in interruptions if each.went_on and _is_aside(each)]
    said = [each for each in said if each not in aside]
    first_s = said[0].start_s if said else float("inf")
    turns = _turns(None, [run for run in runs if run.start_s < first_s])
    for index, span in enumerate(said):
        turns += _turns(span, _begun(index, said, runs))
    return Conversation(tuple(turns), tuple(interruptions))


def _begun(index: int, said: Sequence[Span], runs: Sequence[Span]) -> list[Span]:
    """What the agent began to say in a turn, which lasts until the next one of the user."""
    user = said[index]
    next_s = said[index + 1].start_s if index + 1 < len(said) else float("inf")
    begun = [run for run in runs if user.start_s <= run.start_s < next_s]
    while len(begun) > 1 and begun[0].end_s < user.end_s and begun[0].duration_s < SHORT_S:
        del begun[0]
    return begun


def _turns(user: Span | None, begun: Sequence[Span]) -> list[ConversationTurn]:
    """The user's turn with its answer, and what the agent said after long silences.

    Args:
        user: None: it has not spoken yet.
        begun: what the agent began to say meanwhile, in order of time.
    """
    found = [] if user is None else [ConversationTurn(user, None)]
    for run in begun:
        before = found[-1] if found else None
        silence_s = run.start_s - _silent_from_s(before) if before is not None else 0.0
        if before is None:
            found.append(ConversationTurn(None, run))
        elif silence_s > (LATEST_ANSWER_S if before.agent is None else ANSWER_PAUSE_S):
            found.append(ConversationTurn(None, run, silence_s))
        elif before.agent is None:  # a slow answer is one
            found[-1] = replace(before, agent=run)
        else:
            found[-1] = replace(before, agent=_from_to(before.agent, run))
    return found


def _silent_from_s(turn: ConversationTurn) -> float:
    return max(span.end_s for span in (turn.user, turn.agent) if span is not None)


def _interruption(user: Span, runs: Sequence[Span]) -> Interruption | None:
    for run in runs:
        if run.start_s + INTO_S < user.start_s < run.end_s - LEFT_S:
            return Interruption(user, run, run.end_s > user.end_s + GOES_ON_S)
    return None


def _is_aside(found: Interruption) -> bool:
    return found.user.duration_s < SHORT_S


def joined_spans(spans: Sequence[Span], pause_s: float, others: Sequence[Span]) -> list[Span]:
    """Spans as one where only a pause is between them, and nobody else begins in it.

    Args:
        spans: one party's, in order of time.
        pause_s: the longest pause within one.
        others: the other party's.
    """
    joined: list[Span] = []
    for span in spans:
        before = joined[-1] if joined else None
        if before and span.start_s - before.end_s <= pause_s and not _parted(before, span, others):
            joined[-1] = _from_to(before, span)
        else:
            joined.append(span)
    return joined


def _parted(before: Span, after: Span, others: Sequence[Span]) -> bool:
    """Somebody else began to speak meanwhile, and was heard in the pause."""
    return any(
        before.start_s < other.start_s < after.start_s and other.end_s > before.end_s
        for other in others
    )


def _from_to(first: Span, last: Span) -> Span:
    return Span(first.start_s, last.end_s, first.start_uncertainty_s, last.end_uncertainty_s)


def _cannot_tell(uncertainty_s: float | None) -> str:
    return (
        f"cannot tell: it may be wrong by {uncertainty_s or 0:.2f} s, more than {CANNOT_TELL_S} s "
        "(noise or other voices cover the edges)"
    )
