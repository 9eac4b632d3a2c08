"""Judgements of a run's steps: noted for the trace, told to people, and summed up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase

from harness.call.call import Call
from harness.call.so_far import clips_so_far, findings_so_far, stats_so_far
from harness.facts.steps import ExpectationJudged, Note, StepFact
from harness.scenario.expectations import Judgement, describe
from harness.scenario.findings_wish import judge_findings
from harness.scenario.model import Scenario
from harness.scenario.problems import Problems, judge_problems
from harness.scenario.progress import Progress
from harness.scenario.stats_wish import StatsWish
from harness.score.judgement import Outcome
from harness.score.stats_bounds import judge_stats

SECOND_ANSWER = "second_answer"
"""What `allow_problems` calls a turn that is answered twice."""

CUT_IN_TOLERANCE_S = 0.05
"""An interruption that comes so much earlier or later than asked is told."""


class JudgementLog:
    """The judgements of one run; `step` is the number of the step that is judged, from 1.

    Args:
        call: its recorder keeps the notes.
        scenario: what it allows.
        progress: for people who watch.
    """

    def __init__(self, call: Call, scenario: Scenario, progress: Progress) -> None:
        self._call = call
        self._scenario = scenario
        self._progress = progress
        self._outcomes: set[Outcome] = set()
        self.problems = Problems(scenario.allow_problems)
        """What the service reported, and what of it a step waited for."""

        self.step = 0
        """0 before the first one."""

        self._aside: list[Judgement] | None = None

    @contextmanager
    def aside(self) -> Iterator[list[Judgement]]:
        """Within the block judgements are not noted, but given: they may not count in the end."""
        outer, self._aside = self._aside, []
        try:
            yield self._aside
        finally:
            self._aside = outer

    @property
    def verdict(self) -> str:
        """passed, failed or cannot_tell: the worst of what was judged so far."""
        worst = next((o for o in ("failed", "cannot_tell") if o in self._outcomes), None)
        return worst or "passed"

    def allows(self, code: str) -> bool:
        """Whether the scenario lets a problem of this code pass."""
        return any(fnmatchcase(code, pattern) for pattern in self._scenario.allow_problems)

    def judge(self, judgements: list[Judgement], *, soft: bool = False) -> bool:
        """Note what the step was worth, in each respect; whether all of it holds.

        Args:
            soft: whether nothing fails by it.
        """
        if self._aside is not None:
            self._aside += judgements
        else:
            for judgement in judgements:
                if not soft:
                    self._outcomes.add(judgement.outcome)
                self._expectation(judgement, judgement.verdict, soft=soft)
        return all(judgement.passed for judgement in judgements)

    def judge_second_answers(self) -> None:
        """One turn has one answer, unless steps asked for more or the scenario allows it."""
        if self.allows(SECOND_ANSWER):
            return
        for found in self._call.second_answers():
            text = "each turn is answered once"
            hint = f"; `allow_problems: [{SECOND_ANSWER}]` allows it"
            self.judge([Judgement(SECOND_ANSWER, text, False, found + hint)])

    def judge_agent(self) -> None:
        """At the end: where others are heard in its place, silence of the agent's says nothing."""
        missing = self._call.recorder.agent_missing
        heard = dict.fromkeys(one.connection for one in self._call.recorder.others.heard())
        if missing is None or not heard:
            return
        text = "the agent's connection brings sound"
        found = f"none came on “{missing.wanted}” (`agent`); heard on: {', '.join(heard)}"
        self.judge([Judgement("agent", text, False, found)])

    async def stats_of_turn(self, wish: StatsWish) -> list[Judgement]:
        """getStats since the user began to speak last, against what is expected of it."""
        recorder = self._call.recorder
        began_s = max((said.speech_start_s for said in clips_so_far(recorder)), default=0.0)
        stats = await self._call.offload(stats_so_far, recorder)
        since = stats.between(began_s, float("inf"))
        return judge_stats(wish, since, "over the turn")

    async def judge_whole_call(self) -> None:
        """At the end: getStats, and what is wrong with the call, where that is expected."""
        if (bounds := self._scenario.stats) is not None:
            stats = await self._call.offload(stats_so_far, self._call.recorder)
            self.judge(judge_stats(bounds, stats, "over the call"))
        if (wish := self._scenario.findings) is not None:
            found = await self._call.offload(findings_so_far, self._call.recorder)
            self.judge(judge_findings(wish, found, self._scenario.ignore_findings))

    def judge_problems(self) -> None:
        """At the end: a later step may have waited for what came earlier."""
        for step, judgement in judge_problems(self.problems.unexpected):
            self.step = step
            self.judge([judgement])

    def _expectation(self, judgement: Judgement, verdict: str, *, soft: bool = False) -> None:
        judged = ExpectationJudged(
            step=self.step,
            kind=judgement.kind,
            text=judgement.text,
            verdict=verdict,
            evidence=judgement.facts(),
            soft=soft,
        )
        self.note(judged)
        self._progress.expectation(judgement.text, verdict, judgement.evidence, self._call.now_s)

    def skip_from(self, number: int) -> None:
        """The conversation ended: from this step on (counted from 0) nothing can be expected."""
        for index in range(number, len(self._scenario.steps)):
            step = self._scenario.steps[index]
            if step.expect is not None:
                self.step = index + 1
                text = describe(step.expect)
                skipped = Judgement("skipped", text, False, "the conversation had ended before")
                self._expectation(skipped, "skipped")

    def note_cut_in(self, asked_s: float, real_s: float | None) -> None:
        """Say where the interruption did not come when it was asked to."""
        if real_s is not None and abs(real_s - asked_s) > CUT_IN_TOLERANCE_S:
            text = (
                f"Step {self.step}: the interruption cut in {real_s:.3f} s after the answer's "
                f"first sound; {asked_s:g} s was asked for."
            )
            self.note(Note(text))

    def remark(self, text: str) -> None:
        """Something to be known, for whoever reads the report."""
        self.note(Note(text))

    def note(self, fact: StepFact) -> None:
        """A fact for the trace and the events, now."""
        self._call.recorder.note(fact, self._call.now_s)
