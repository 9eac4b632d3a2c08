"""Judgements of an answer that was spoken into: how soon it stopped, or that it did not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Protocol

from harness.scenario.by_ear import CUT_BY_EAR
from harness.scenario.expectations import copied_found, judge_reaction
from harness.scenario.interruption import Interruption
from harness.score.judgement import Judgement
from harness.score.summary import Measured
from harness.score.uncertainty import KNOWN_CLIP_S, combined
from harness.speech.spans import Span


class Spoken(Protocol):
    """What the user said into the answer."""

    @property
    def speech_start_s(self) -> float:
        """Its first voiced sample, on the timeline."""

    @property
    def speech_end_s(self) -> float:
        """Its last."""

    @property
    def speech(self) -> Span:
        """From one to the other, each with its uncertainty."""


class CutAnswer(Protocol):
    """The answer that was spoken into, when it was over."""

    @property
    def start_s(self) -> float | None:
        """Its first voiced sample; None where it was not heard."""

    @property
    def end_s(self) -> float | None:
        """Its last."""

    @property
    def end_uncertainty_s(self) -> float | None:
        """How far that may be off; None: not known."""

    @property
    def interrupted(self) -> bool:
        """Whether events told that it was cut."""

    @property
    def copied(self) -> str:
        """Whose voice it is in truth; mostly ""."""


def reaction_of(said: Spoken, cut: CutAnswer, tells: Collection[str]) -> Measured | None:
    """From the interruption's first voiced sample to the last one heard of the answer, seconds.

    Args:
        tells: what the protocol of the call tells; without "answers" the ear decides.

    Returns:
        None where the answer was not cut, was never heard, or had ended before.
    """
    by_ear = "answers" not in tells
    if cut.end_s is None or not (cut.interrupted or by_ear) or cut.end_s < said.speech_start_s:
        return None
    doubt_s = combined(said.speech.start_uncertainty_s, cut.end_uncertainty_s)
    return Measured(cut.end_s - said.speech_start_s, doubt_s)


def judge_cut(
    wanted: Interruption, said: Spoken, cut: CutAnswer, tells: Collection[str]
) -> list[Judgement]:
    """Everything that an `interrupt` step says about the answer, judged."""
    judgements = []
    if cut.copied:
        found, text = copied_found(cut.copied), "there is an answer to interrupt"
        judgements.append(Judgement("interrupt", text, False, found))
    if cut.end_s is not None and cut.end_s < said.speech_start_s:
        early_s = said.speech_start_s - cut.end_s
        found = f"the answer had ended {early_s:.3f} s before the user cut in: nothing was left"
        return [
            *judgements,
            Judgement("interrupt", "there is an answer to interrupt", False, found),
        ]
    by_ear = "answers" not in tells
    if wanted.must_not_stop_within_s is not None:
        return [*judgements, _judge_goes_on(wanted.must_not_stop_within_s, said, cut, by_ear)]
    if wanted.stops_within_s is not None:
        reaction = reaction_of(said, cut, tells)
        cut_in_s = None if cut.start_s is None else said.speech_start_s - cut.start_s
        judged = judge_reaction(
            wanted.stops_within_s,
            None if reaction is None else reaction.value,
            cut_in_s,
            None if reaction is None else reaction.uncertainty,
        )
        if by_ear and reaction is not None:
            judged = replace(judged, evidence=f"{judged.evidence}; {CUT_BY_EAR}")
        judgements.append(judged)
    return judgements


def _judge_goes_on(within_s: float, said: Spoken, cut: CutAnswer, by_ear: bool) -> Judgement:
    """What is said into the answer must not stop it, so long after its last sound."""
    text = f"the answer is not stopped within {within_s:g} s of what is said into it"
    if cut.end_s is None:
        return Judgement("must_not_stop", text, False, "the answer was never heard", in_doubt=True)
    if cut.start_s is not None and said.speech_start_s < cut.start_s - KNOWN_CLIP_S:
        early_s = cut.start_s - said.speech_start_s
        why = f"the user spoke {early_s:.3f} s before the answer began, so not into it"
        return Judgement("must_not_stop", text, False, why, in_doubt=True)
    after_s = cut.end_s - said.speech_end_s
    went_on = f"it was heard until {after_s:.3f} s after the user's last sound"
    if after_s < 0:
        went_on = f"it fell silent {-after_s:.3f} s before the user's last sound"
    if after_s >= within_s:
        return Judgement("must_not_stop", text, True, went_on)
    if by_ear:
        why = f"{went_on}; whether it was at its end, no event tells on this page"
        return Judgement("must_not_stop", text, False, why, in_doubt=True)
    if cut.interrupted:
        return Judgement("must_not_stop", text, False, f"{went_on}, and was cut")
    return Judgement("must_not_stop", text, True, f"{went_on}, which was its own end")
