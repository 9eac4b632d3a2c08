"""Expectations made of others: one of several, what must not come, what is asked again in rounds.

`Expecting` is what judges the plain ones: it takes from the call what came, so each is asked once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from harness.call.call import Call, HeardAnswer
from harness.call.events import CallEvent
from harness.errors import ExpectationFailed
from harness.scenario.by_ear import judge_tool_call, no_such_events, no_tools
from harness.scenario.expectations import (
    Judgement,
    describe,
    describe_absent,
    judge_answer,
    judge_tool,
    tool_text,
)
from harness.scenario.flow import Round
from harness.scenario.judgement_log import JudgementLog
from harness.scenario.model import Absent, Defaults, Expectation


class Expecting(Protocol):
    """What the runner of a scenario does for these."""

    async def expect(self, wanted: Expectation) -> bool:
        """Judge a plain expectation; whether the conversation goes on."""

    async def next_answer(self, within_s: float) -> HeardAnswer | str:
        """The next answer that is heard, or in words what came instead."""

    async def next_tool(self, within_s: float, text: str) -> CallEvent | str:
        """The next tool call, or in words what came instead; `text` is what is waited for."""


_OF_ANSWER_OR_TOOL = ("words", "phrase", "pattern", "not_words", "voice_to_voice_s", "tool")


@dataclass
class _Came:
    """What all alternatives of an `any_of` are judged by; waited for by the first that asks.

    In words where nothing came.
    """

    answer: HeardAnswer | str | None = None
    tool: CallEvent | str | None = None


class Composed:
    """Judges the expectations of one run that are made of others.

    Args:
        call: the conversation.
        log: where judgements are noted.
        defaults: how long to wait where an expectation does not say.
        expecting: judges plain expectations.
    """

    def __init__(
        self, call: Call, log: JudgementLog, defaults: Defaults, expecting: Expecting
    ) -> None:
        self._call = call
        self._log = log
        self._defaults = defaults
        self._expecting = expecting

    async def expect(self, wanted: Expectation) -> bool:
        """Judge an expectation of any kind; whether the conversation goes on."""
        found, goes_on = await self._judged(wanted)
        self._log.judge(found, soft=wanted.soft)
        return goes_on or wanted.soft

    async def end_round(self, wanted: Expectation, end: Round) -> tuple[bool, bool]:
        """Whether it holds at the end of a round, and whether the conversation goes on.

        Before the last round, what does not hold is no failure.
        """
        found, goes_on = await self._judged(wanted)
        holds = all(judgement.passed for judgement in found)
        if holds or end.number == end.of:
            rounds = f"in round {end.number} of at most {end.of}"
            found = [replace(j, evidence=f"{j.evidence}; {rounds}") for j in found]
            self._log.judge(found, soft=wanted.soft)
            return holds, goes_on or wanted.soft
        missing = "; ".join(j.evidence for j in found if not j.passed)
        self._log.remark(f"Round {end.number} of at most {end.of}: not yet ({missing}).")
        return False, True

    async def _judged(self, wanted: Expectation) -> tuple[list[Judgement], bool]:
        if wanted.any_of is not None:
            return await self._any_of(wanted.any_of)
        if wanted.absent is not None:
            return [await self._absent(wanted.absent)], True
        with self._log.aside() as found:
            goes_on = await self._expecting.expect(wanted)
        return found, goes_on

    # --- one of several ---------------------------------------------------------------------

    async def _any_of(self, alternatives: Sequence[Expectation]) -> tuple[list[Judgement], bool]:
        """What is about the next answer is judged first, all of it by the same one.

        So are those about a tool call: all of them are judged by the next one.
        """
        text = ", or ".join(describe(one) for one in alternatives)
        failed: list[Judgement] = []
        came = _Came()
        for wanted in sorted(alternatives, key=lambda one: not one.wants_answer):
            found = await self._alternative(wanted, alternatives, came)
            if all(judgement.passed for judgement in found):
                evidence = "; ".join(judgement.evidence for judgement in found)
                return [replace(found[0], kind="any_of", text=text, evidence=evidence)], True
            failed += [judgement for judgement in found if not judgement.passed]
        evidence = "; ".join(dict.fromkeys(judgement.evidence for judgement in failed))
        in_doubt = any(judgement.in_doubt for judgement in failed)
        answered = not isinstance(came.answer, str)
        return [Judgement("any_of", text, False, evidence, in_doubt=in_doubt)], answered

    async def _alternative(
        self, wanted: Expectation, alternatives: Sequence[Expectation], came: _Came
    ) -> list[Judgement]:
        """All that one of them says, up to what does not hold."""
        found: list[Judgement] = []
        if wanted.wants_answer:
            if came.answer is None:
                within_s = max(self._answer_s(one) for one in alternatives if one.wants_answer)
                came.answer = await self._expecting.next_answer(within_s)
            if isinstance(came.answer, str):
                return [Judgement("any_of", describe(wanted), False, came.answer)]
            found += await self._call.offload(judge_answer, wanted, came.answer)
        if wanted.tool is not None and all(one.passed for one in found):
            if came.tool is None:
                tools = [one for one in alternatives if one.tool is not None]
                within_s = max(one.within_s or self._defaults.event_s for one in tools)
                text = ", or ".join(tool_text(one.tool) for one in tools if one.tool is not None)
                came.tool = await self._expecting.next_tool(within_s, text)
            found.append(judge_tool_call(wanted.tool, came.tool, self._call.protocol))
        rest = wanted.model_copy(update=dict.fromkeys(_OF_ANSWER_OR_TOOL, None))
        others = (rest.event, rest.user_words, rest.page, rest.no_answer, rest.absent)
        if any(one is not None for one in others) and all(one.passed for one in found):
            found += (await self._judged(rest))[0]
        return found

    def _answer_s(self, wanted: Expectation) -> float:
        return wanted.within_s or self._defaults.answer_s

    # --- what must not come -------------------------------------------------------------------

    async def _absent(self, wanted: Absent) -> Judgement:
        within_s = wanted.within_s or self._defaults.event_s
        text = f"{describe_absent(wanted)} for {within_s:g} s"
        until_s = self._call.now_s + within_s
        came, hidden = await self._what_came(wanted, until_s)
        if came is None and (why := hidden or self._why_unseen(wanted)):
            return Judgement("absent", text, False, why, in_doubt=True)
        return Judgement("absent", text, came is None, came or "it did not come")

    def _why_unseen(self, wanted: Absent) -> str | None:
        """Why it could not have been seen, had it come; None: it would have been."""
        if wanted.tool is not None:
            return no_tools(self._call.protocol)
        if wanted.event is not None:
            return no_such_events(self._call.protocol, wanted.event)
        return None

    async def _what_came(self, wanted: Absent, until_s: float) -> tuple[str | None, str | None]:
        """What came of it, and why something that came may have been it."""
        if wanted.words is not None:
            return await self._words_came(wanted.words, until_s), None
        pattern, hidden = wanted.event or "tool.called", None
        while True:
            event = await _or_none(self._call.expect(pattern, max(0.0, until_s - self._call.now_s)))
            if event is None:
                return None, hidden
            if wanted.tool is None:
                return f"{event.type} at {event.t_s:.3f} s", None
            judged = judge_tool(wanted.tool, dict(event.data))
            if judged.passed:
                return f"{judged.evidence} at {event.t_s:.3f} s", None
            if judged.in_doubt:
                hidden = f"{judged.evidence}, at {event.t_s:.3f} s"

    async def _words_came(self, words: list[str], until_s: float) -> str | None:
        """What was heard of the words; an answer that has begun in time is heard to its end."""
        unwanted = Expectation(not_words=words)
        while True:
            left_s = max(0.0, until_s - self._call.now_s)
            is_speaking = bool(self._call.answers) and self._call.answers[-1].over_s is None
            answer = await self._expecting.next_answer(
                self._defaults.answer_s if left_s == 0 and is_speaking else left_s
            )
            if isinstance(answer, str):
                if left_s == 0:
                    return None
                continue
            for judged in await self._call.offload(judge_answer, unwanted, answer):
                if not judged.passed and judged.kind == "not_words":
                    return judged.evidence


async def _or_none(waiting: Awaitable[Any]) -> Any:
    """What comes, or None where nothing did."""
    try:
        return await waiting
    except ExpectationFailed:
        return None
