"""The step `converse` as it is run: a persona's talk in a scenario's call, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from harness.call.call import Call, HeardAnswer
from harness.errors import ExpectationFailed
from harness.personas.caller import Talk, hold_talk
from harness.personas.judge import Verdict, judge
from harness.personas.model import model_from
from harness.personas.persona import Persona
from harness.scenario.converse_step import Converse
from harness.scenario.expectations import Judgement
from harness.scenario.judgement_log import JudgementLog
from harness.scenario.planned_talks import PlannedTalk, wanted_of
from harness.scenario.progress import Progress
from harness.scenario.quality import QualityJudge

_EXPECTED = {
    "done": "the caller reaches the goal: {goal}",
    "gave_up": "the caller cannot have: {goal}",
    "any": "the caller talks about: {goal}",
}
_FOUND = {
    "done": "they said goodbye, and have it",
    "gave_up": "they gave up",
    "too_long": "they had not after {turns} turns",
    "silent": "the model wrote nothing to say",
}


class Hears(Protocol):
    """What hears answers in a run: what it hears counts as any answer does."""

    async def next_answer(self, within_s: float) -> HeardAnswer | str:
        """The next answer, or in words what came instead."""


class Conversing:
    """Holds the talks of one run.

    Args:
        log: told what each was worth.
        talks: by step number, from 1.
        ears: the run's.
    """

    def __init__(
        self,
        call: Call,
        log: JudgementLog,
        progress: Progress,
        quality: QualityJudge,
        talks: Mapping[int, PlannedTalk],
        ears: Hears,
    ) -> None:
        self._log = log
        self._talks = talks
        self._speaker = _Speaker(call, progress, quality, ears)

    async def hold(self, step: str | Converse, answer_s: float) -> None:
        """Hold the talk of the step that is under way, and judge it; raises as `hold_talk`.

        Args:
            answer_s: for an answer to be over, where the step does not say.
        """
        wanted, planned = wanted_of(step), self._talks[self._log.step]
        within_s, persona = wanted.within_s or answer_s, planned.persona
        async with model_from(seed=persona.seed, kept=planned.replies) as model:
            talk = await hold_talk(persona, self._speaker, model, answer_within_s=within_s)
            self._log.judge([judge_ending(wanted, persona, talk)])
            for question in wanted.judge:
                self._log.judge([judged(question, await judge(question, talk, model))])


def judge_ending(wanted: Converse, persona: Persona, talk: Talk) -> Judgement:
    """Whether a talk ended as it has to. Pure."""
    text = _EXPECTED[wanted.ends].format(goal=persona.goal)
    turns = sum(line.who == "caller" for line in talk.lines)
    found = _FOUND[talk.ended].format(turns=turns)
    last = next((line.text for line in reversed(talk.lines) if line.who == "agent"), None)
    heard = "no answer was heard" if last is None else f"the last answer was “{last}”"
    return Judgement(
        "converse", text, wanted.ends in ("any", talk.ended), f"{found} ({talk.ended}); {heard}"
    )


def judged(question: str, verdict: Verdict) -> Judgement:
    """A judge's answer: yes holds, no fails, unsure cannot tell. Pure."""
    quoted = ", ".join(f"“{quote}”" for quote in verdict.quotes)
    found = ": ".join(part for part in (verdict.answer, verdict.reason, quoted) if part)
    text, unsure = f"the judge says yes to “{question}”", verdict.answer == "unsure"
    return Judgement("judge", text, verdict.answer == "yes", found, in_doubt=unsure)


@dataclass(frozen=True, slots=True)
class _Answered:
    transcript: str


class _Speaker:
    """A call as a persona needs it; its turns are noted as those of written sentences are."""

    def __init__(self, call: Call, progress: Progress, quality: QualityJudge, ears: Hears) -> None:
        self._call = call
        self._progress = progress
        self._quality = quality
        self._ears = ears
        self._until_s = 0.0

    async def noise(self, noise: Any) -> None:
        await self._call.noise(noise)

    async def say(self, what: Any) -> None:
        said = await self._call.say(what, wait=False)
        self._quality.on_said(said)
        self._until_s = said.speech_end_s
        self._progress.said(said.utterance.text or said.utterance.name, said.start_s)
        await self._call.until(said.end_s)

    async def answer(self, within_s: float = 20) -> _Answered:
        answer = await self._ears.next_answer(within_s)
        while not isinstance(answer, str) and self._is_cut(answer):
            heard, answer = answer, await self._ears.next_answer(within_s)
            if isinstance(answer, str):
                return _Answered(heard.text)
        if isinstance(answer, str):
            raise ExpectationFailed("No answer.", found=answer)
        return _Answered(answer.text)

    def _is_cut(self, answer: HeardAnswer) -> bool:
        """It came in a pause between two sentences: the one to all of them is still to come."""
        return answer.start_s is not None and answer.start_s < self._until_s and answer.interrupted
