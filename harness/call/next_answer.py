"""Choice of the answer, among those of a call, that is next to what the user did last."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from harness.score.answers import Answer
from harness.score.no_answer import is_own, words_of
from harness.score.turns import SAME_MOMENT_S, turn_of_answer
from harness.speech.spans import Span


class NextAnswer:
    """Remembers what the user did, and which answers were given to whoever asked for one.

    Args:
        answers: gives all answers so far, as they are known.
        turns: gives what the user said so far, each from its first to its last voiced sample.
        ends_s: gives when the server found the user's turns over, on the call's timeline.
    """

    def __init__(
        self,
        answers: Callable[[], list[Answer]],
        turns: Callable[[], list[Span]],
        ends_s: Callable[[], list[float]],
    ) -> None:
        self._answers = answers
        self._turns = turns
        self._ends_s = ends_s
        self.taken: set[str] = set()
        """Ids of the answers that were given."""

        self.asks_s: list[float] = []
        """When the user asked for an answer without a word."""

        self._old: set[str] = set()
        self._interrupted: str | None = None
        self._asked_s = -math.inf
        self._answers_at_ask = 0

    # --- what the user does ---------------------------------------------------------------

    def user_asks(self, now_s: float) -> None:
        """The user asks for an answer by hand: what is given from here on answers that."""
        self.asks_s.append(now_s)
        self._asked_s = now_s
        self._answers_at_ask = len(self._answers())

    def user_gives_result(self, now_s: float) -> None:
        """A tool has its result: what is over by now is old, what still sounds is not."""
        self.asks_s.append(now_s)
        self._old |= {answer.answer_id for answer in self._answers() if answer.over_s is not None}

    def user_interrupts(self, answer: Answer | None) -> None:
        """The next answer to be given is this one, as far as it came."""
        self._interrupted = answer.answer_id if answer else None

    # --- which is next --------------------------------------------------------------------

    def is_next(self, answer: Answer) -> bool:
        """Whether it answers what the user did last, and was given to nobody."""
        if answer.answer_id in self.taken or answer.answer_id in self._old:
            return False
        if answer.answer_id == self._interrupted:
            return True
        if answer.interrupted and answer.voice_start_s is None:
            return False  # taken back before anybody heard it: the user went on after a pause
        turns = self._turns()
        if self._asked_s >= (turns[-1].start_s if turns else 0.0):
            return self._came_after_ask(answer)
        return self._turn_of(answer) == len(turns) - 1

    def instead(
        self, within_s: float, own: Sequence[Span], speaking: str | None = None
    ) -> str | None:
        """What of answers there was, when the next one was not over in time; None: none.

        Args:
            within_s: how long was waited.
            own: where the user's own voice came back.
            speaking: who has been speaking since before the wait, in words.
        """
        left = [a for a in self._answers() if a.answer_id not in self.taken and a.is_spoken]
        spoken = [a for a in left if not is_own(a, own)]
        for answer in spoken:
            if answer.over_s is None and self.is_next(answer):
                after_s = self._after_user_s(answer.voice_start_s or answer.began_s)
                heard = "" if answer.voice_start_s is not None else ", no sound of it was heard,"
                over = f"; {speaking}" if heard and speaking else ""
                return (
                    f"an answer began {after_s:.1f} s after the user's last sound{heard} and was "
                    f"not over after {within_s:g} s: {words_of(answer)}{over}"
                )
        if speaking:
            return speaking
        for answer in reversed(spoken):
            where = f"{words_of(answer)} (at {answer.voice_start_s or answer.began_s:.3f} s)"
            if self._turn_of(answer) < 0:
                return (
                    "none to what the user said; before it came one that nobody had asked for (a "
                    f"greeting, or a result that was ready): {where}"
                )
            return f"none to what the user did last; an answer to the turn before came: {where}"
        return None

    def _came_after_ask(self, answer: Answer) -> bool:
        """Whether it was given to who asked; what was told of later was, whatever its time says.

        Where the audio stands still on a busy machine, the timeline is set back to it: what comes
        after the user's act may have an earlier time than the act.
        """
        if answer.began_s >= self._asked_s - SAME_MOMENT_S:
            return True
        later = self._answers()[self._answers_at_ask :]
        return answer.is_told and any(each is answer for each in later)

    def _turn_of(self, answer: Answer) -> int:
        told_s = answer.latest_start_s
        return turn_of_answer(answer.began_s, self._turns(), self._ends_s(), told_s)

    def _after_user_s(self, t_s: float) -> float:
        turns = self._turns()
        return t_s - turns[-1].end_s if turns else t_s
