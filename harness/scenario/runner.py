"""Runner of a scenario on a call: step by step, noting what happened and what it is worth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from harness.call.background_noise import level_dbfs
from harness.call.call import Call, HeardAnswer
from harness.call.events import CallEvent
from harness.call.utterance import Utterance
from harness.errors import ExpectationFailed
from harness.facts.steps import Note, StepEnded, StepStarted
from harness.line.noise import MadeNoise, NoiseWish
from harness.scenario.budgets import TurnNumbers
from harness.scenario.by_ear import judge_tool_call, judge_words_of_user, no_events
from harness.scenario.composed_expectations import Composed
from harness.scenario.conversing import Conversing
from harness.scenario.end_of_run import judge_whole
from harness.scenario.expectations import (
    OWN_VOICE,
    Judgement,
    copied_found,
    describe,
    judge_answer,
    tool_text,
    unanswered,
)
from harness.scenario.flow import Round
from harness.scenario.interrupting import judge_cut, reaction_of
from harness.scenario.interruption import Interruption
from harness.scenario.judgement_log import JudgementLog
from harness.scenario.model import Expectation, Hold, Scenario, Step, WaitFor
from harness.scenario.page_runner import PageRunner
from harness.scenario.page_steps import HangUp
from harness.scenario.planned_talks import PlannedTalk
from harness.scenario.progress import Progress
from harness.scenario.quality import QualityJudge
from harness.scenario.said import Say, fade_ms_of
from harness.scenario.step_text import step_text
from harness.scenario.thread_expectations import judge_thread
from harness.scenario.thread_steps import ThreadSteps, WidgetPress
from harness.scenario.tool_results import give_result
from harness.scenario.tool_wishes import ToolCall
from harness.score.latency import cut_off
from harness.streams.event_stream import EventReader
from harness.streams.waiting import NothingLikeIt, came_instead


class ScenarioRunner:
    """One run of one scenario on one call.

    A missing answer ends the conversation: what follows would speak to nobody. The expectations
    behind it are noted as skipped.

    Args:
        utterances: what the steps say, by step number, loaded beforehand.
        page: takes the steps on the page; needed where there are such.
        rounds: steps that end a round of `repeat`, counted from 0.
        noises: by step number; 0 is the one to begin with.
        quality: judges how speech sounds; needed where that is expected.
        talks: of callers that think, by step number.
        attachments: files, by step number.
    """

    def __init__(
        self,
        call: Call,
        scenario: Scenario,
        utterances: Mapping[int, Utterance],
        progress: Progress,
        page: PageRunner | None = None,
        rounds: Mapping[int, Round] | None = None,
        *,
        noises: Mapping[int, MadeNoise] | None = None,
        quality: QualityJudge | None = None,
        talks: Mapping[int, PlannedTalk] | None = None,
        attachments: Mapping[int, Path] | None = None,
    ) -> None:
        self._call = call
        self._page = page
        self._scenario = scenario
        self._utterances = utterances
        self._progress = progress
        self._noises = noises or {}
        self._tools: EventReader[CallEvent] = call.events("tool.called")
        self._all: EventReader[CallEvent] = call.events("*")
        self._log = JudgementLog(call, scenario, progress)
        self._judge, self._note = self._log.judge, self._log.note
        self._rounds = rounds or {}
        self._numbers = TurnNumbers()
        self._quality = quality or QualityJudge(call, {})
        self._thread = ThreadSteps(call, attachments or {}, scenario.defaults.event_s)
        self._composed = Composed(call, self._log, scenario.defaults, self)
        self._talks = Conversing(call, self._log, progress, self._quality, talks or {}, self)

    async def run(self) -> bool:
        """Run all steps; True where every expectation held and no unexpected problem was told.

        Raises:
            HarnessError: the call broke; what was judged so far is in the trace.
        """
        self._log.problems.on_call_events(self._all.take_available(), self._log.step)
        limit_s = self._scenario.timeout_s
        try:
            async with asyncio.timeout(limit_s) as limit:
                await self._run_steps()
        except TimeoutError:
            if limit_s is None or not limit.expired():
                raise
            self._judge_timeout(limit_s)
        judge_whole(self._call, self._scenario, self._numbers, self._log)
        self._log.judge_second_answers()
        self._log.judge_agent()
        self._log.judge_problems()
        await self._log.judge_whole_call()
        return self.verdict == "passed"

    async def _run_steps(self) -> None:
        if self._scenario.noise is not None:
            await self._noise(self._scenario.noise)
        if self._scenario.microphone is not None:
            await self._call.change_microphone(self._scenario.microphone)
        steps, self._next = self._scenario.steps, 0
        while self._next < len(steps):
            number = self._next
            self._next += 1
            self._log.step = number + 1
            goes_on = await self._run_step(steps[number])
            self._log.problems.on_call_events(self._all.take_available(), self._log.step)
            if not goes_on:
                self._log.skip_from(number + 1)
                break

    def _judge_timeout(self, limit_s: float) -> None:
        self._log.problems.on_call_events(self._all.take_available(), self._log.step)
        text = f"the steps are over within {limit_s:g} s (timeout_s)"
        found = f"step {self._log.step} of {len(self._scenario.steps)} was not over"
        self._judge([Judgement("timeout", text, False, found)])
        self._log.skip_from(self._log.step)

    @property
    def verdict(self) -> str:
        """passed, failed or cannot_tell: the worst of what was judged so far."""
        return self._log.verdict

    async def _run_step(self, step: Step) -> bool:
        kind, text = step.kind, step_text(step, self._utterances.get(self._log.step))
        self._note(StepStarted(self._log.step, kind, text))
        self._progress.step(kind, text, self._call.now_s)
        goes_on = await self._handler(step)()
        if self._page is not None and self._scenario.page.snapshots:
            await self._page.keep_snapshots()
        self._note(StepEnded(self._log.step, kind, "done" if goes_on else "stopped"))
        return goes_on

    def _handler(self, step: Step) -> Callable[[], Coroutine[Any, Any, bool]]:
        content, defaults = getattr(step, step.kind), self._scenario.defaults
        handlers: dict[str, Callable[[], Coroutine[Any, Any, bool]]] = {
            "say": lambda: self._say(content),
            "type": lambda: self._done(self._call.type_text(content)),
            "attach": lambda: self._done(self._thread.attach(self._log.step, content)),
            "stop": lambda: self._done(self._call.stop_speaking(fade_ms=fade_ms_of(content))),
            "expect": lambda: self._expectation(content),
            "converse": lambda: self._done(self._talks.hold(content, defaults.answer_s)),
            "interrupt": lambda: self._interrupt(content),
            "wait": lambda: self._wait(content),
            "silence": lambda: self._done(self._call.silence(content)),
            "mute": lambda: self._mute(content),
            "device": lambda: self._done(self._call.set_microphone(content.access)),
            "tool_result": lambda: self._judged(give_result(self._call, content)),
            "end_turn": lambda: self._done(self._call.end_turn()),
            "send": lambda: self._done(self._call.send_event(content)),
            "network": lambda: self._done(self._call.change_network(content)),
            "noise": lambda: self._done(self._noise(content)),
            "microphone": lambda: self._done(self._call.change_microphone(content)),
            "hang_up": lambda: self._hang_up(content),
            "hold": lambda: self._hold(content),
        }
        if isinstance(content, WidgetPress):
            return lambda: self._judged(self._thread.press(content))
        return handlers.get(step.kind) or (lambda: self._on_page(lambda page: page.act(step)))

    async def _hang_up(self, content: Literal[True] | HangUp) -> bool:
        if isinstance(content, HangUp):
            return await self._on_page(lambda page: page.hang_up(content))
        return await self._done(self._call.hang_up())

    async def _hold(self, wanted: Hold) -> bool:
        utterance = self._utterances[self._log.step]
        self._progress.said(utterance.text or utterance.name, self._call.now_s)
        return await self._on_page(lambda page: page.hold(wanted, utterance))

    async def _on_page(
        self, step: Callable[[PageRunner], Coroutine[Any, Any, list[Judgement]]]
    ) -> bool:
        """A step on the page; where it fails, what follows would act on another page."""
        assert self._page is not None
        return await self._judged(step(self._page))

    async def _judged(self, step: Coroutine[Any, Any, list[Judgement]]) -> bool:
        return self._judge(await step)

    async def _done(self, work: Coroutine[Any, Any, None]) -> bool:
        await work
        return True

    async def _say(self, content: str | Say) -> bool:
        utterance = self._utterances[self._log.step]
        how = content if isinstance(content, Say) else None
        said = await self._call.say(utterance, wait=False, queue=how is not None and how.queue)
        self._quality.on_said(said)
        self._progress.said(utterance.text or utterance.name, said.start_s)
        if how is None or how.wait:
            await self._call.until(said.end_s)
        return True

    async def _mute(self, content: bool | float) -> bool:
        if isinstance(content, bool):
            await self._call.mute(content)
            return True
        await self._call.mute(True)
        await self._call.silence(content)
        await self._call.mute(False)
        return True

    async def _noise(self, wish: NoiseWish) -> None:
        """One room for the whole conversation: its level is that beside all that is said."""
        beside_dbfs = await self._call.offload(level_dbfs, list(self._utterances.values()))
        await self._call.noise(self._noises.get(self._log.step, wish), beside_dbfs=beside_dbfs)

    async def _wait(self, wanted: WaitFor) -> bool:
        defaults = self._scenario.defaults
        if wanted.event is not None:
            return await self._event(wanted, wanted.within_s or defaults.event_s, "wait")
        answer = await self.next_answer(wanted.within_s or defaults.answer_s)
        if isinstance(answer, str):
            return self._judge([Judgement("wait", "an answer comes and ends", False, answer)])
        if answer.start_s is None:
            found = f"an answer came, and nobody heard it: {answer.unheard}"
            if answer.transcript:
                found += f"; its transcript says “{answer.transcript}”"
            self._judge([Judgement("wait", "an answer is heard, and ends", False, found)])
        elif answer.copied:
            found = copied_found(answer.copied)
            self._judge([Judgement("wait", "an answer is heard, and ends", False, found)])
        if wanted.pause_s is not None and answer.end_s is not None:
            await self._call.until(answer.end_s + wanted.pause_s)
        return True

    async def _interrupt(self, wanted: Interruption) -> bool:
        utterance = self._utterances[self._log.step]
        within_s = wanted.within_s or self._scenario.defaults.answer_s
        from_s = self._call.now_s
        self._progress.waiting("the answer to interrupt", from_s)
        try:
            said = await self._call.interrupt(
                utterance, after_s=wanted.after_ms / 1000, within_s=within_s
            )
        except ExpectationFailed as error:
            text = "an answer is heard, to be interrupted"
            unheard = self._call.why_unheard(from_s, self._call.now_s)
            found = unheard or error.found or error.message
            return self._judge([Judgement("interrupt", text, False, found)])
        self._progress.said(utterance.text or utterance.name, said.start_s)
        cut = await self.next_answer(within_s)
        if isinstance(cut, str):
            return self._judge([Judgement("interrupt", "the interrupted answer ends", False, cut)])
        cut_in_s = None if cut.start_s is None else said.speech_start_s - cut.start_s
        self._log.note_cut_in(wanted.after_ms / 1000, cut_in_s)
        tells = self._call.protocol.tells_now()
        if wanted.must_not_stop_within_s is None:
            reaction = reaction_of(said, cut, tells)
            self._numbers.add_measured("barge_in_reaction_s", reaction)
        self._judge(judge_cut(wanted, said, cut, tells))
        return True

    async def _expectation(self, wanted: Expectation) -> bool:
        self._progress.waiting(describe(wanted), self._call.now_s)
        end = self._rounds.get(self._log.step - 1)
        if end is None:
            return await self._composed.expect(wanted)
        holds, goes_on = await self._composed.end_round(wanted, end)
        if holds:
            self._next = end.next_step
        return goes_on

    async def expect(self, wanted: Expectation) -> bool:
        """Judge a plain expectation; whether the conversation goes on."""
        defaults = self._scenario.defaults
        if wanted.no_answer:
            return await self._expect_no_answer(wanted.within_s or defaults.event_s)
        goes_on = True
        if wanted.wants_answer:
            answer = await self.next_answer(wanted.within_s or defaults.answer_s)
            if isinstance(answer, str):
                self._judge(unanswered(wanted, answer))
                self._numbers.add("voice_to_voice_s", None)
                goes_on = False
            else:
                self._judge(await self._call.offload(judge_answer, wanted, answer))
                if wanted.quality is not None and answer.start_s is not None:
                    self._judge([await self._quality.answer(wanted.quality, answer)])
        if wanted.event is not None and goes_on:
            goes_on = await self._event(wanted, wanted.within_s or defaults.event_s, "event")
        if wanted.tool is not None and goes_on:
            goes_on = await self._expect_tool(wanted.tool, wanted.within_s or defaults.event_s)
        if wanted.user_quality is not None:
            self._judge([await self._quality.user(wanted.user_quality)])
        if wanted.user_words is not None:
            await self._expect_user_words(wanted.user_words, wanted.within_s or defaults.event_s)
        if wanted.thread is not None:
            limit_s = wanted.within_s or defaults.event_s
            self._judge([await judge_thread(self._call, wanted.thread, limit_s)])
        if wanted.page is not None:
            assert self._page is not None
            self._judge(await self._page.expect(wanted.page, wanted.within_s))
        if wanted.stats is not None:
            self._judge(await self._log.stats_of_turn(wanted.stats))
        return goes_on

    async def _expect_no_answer(self, within_s: float) -> bool:
        from_s = self._call.now_s
        found = await self._call.no_answer(within_s)
        text = f"no answer for {within_s:g} s"
        sound = await self._call.sound_without_voice(from_s)
        quiet = f"no voice was heard; {sound}" if sound else "nothing was heard"
        if found and sound:
            found += f"; {sound}"
        self._judge([Judgement("no_answer", text, found is None, found or quiet)])
        return True

    async def _expect_tool(self, wanted: ToolCall, within_s: float) -> bool:
        came = await self.next_tool(within_s, tool_text(wanted))
        self._judge([judge_tool_call(wanted, came, self._call.protocol)])
        return not isinstance(came, str)

    async def next_tool(self, within_s: float, text: str) -> CallEvent | str:
        """The next tool call, or in words what came instead; `text` is what is waited for."""
        try:
            return await self._call.next_of(self._tools, within_s, text)
        except ExpectationFailed as error:
            return error.found or ""

    async def _expect_user_words(self, words: list[str], within_s: float) -> None:
        self._judge([await judge_words_of_user(self._call, words, within_s)])

    async def _event(self, wanted: Expectation | WaitFor, within_s: float, kind: str) -> bool:
        pattern = wanted.event or "*"
        text = f"the event “{pattern}” comes"
        try:
            event = await self._call.expect(pattern, within_s, from_start=wanted.from_ == "start")
        except ExpectationFailed as error:
            why = no_events(self._call.protocol)
            found = "; ".join(filter(None, (error.found or error.message, error.hint, why)))
            return self._judge([Judgement(kind, text, False, found, in_doubt=bool(why))])
        self._log.problems.expect(pattern)
        if kind == "event":
            self._judge([Judgement(kind, text, True, f"{event.type} at {event.t_s:.3f} s")])
        return True

    async def next_answer(self, within_s: float) -> HeardAnswer | str:
        """The next answer that is heard, or in words what came instead."""
        from_s = self._call.now_s
        try:
            answer = await self._call.answer(within_s)
        except ExpectationFailed as error:
            unheard = self._call.why_unheard(from_s, self._call.now_s)
            came = error.came if isinstance(error, NothingLikeIt) else error.found
            came = unheard or came or came_instead([])
            return f"no answer within {within_s:g} s: {came}"
        if answer.start_s is None and (unheard := self._unheard(answer)):
            return f"no answer was heard: {unheard}; its transcript: “{answer.transcript}”"
        if self._log.allows(OWN_VOICE):
            answer = replace(answer, copied="")
        self._progress.heard(answer.text, answer.start_s or self._call.now_s)
        if (latency_s := answer.voice_to_voice_s) is not None:
            doubt_s = answer.voice_to_voice_uncertainty_s
            self._numbers.add("voice_to_voice_s", latency_s, doubt_s)
        if answer.voice_to_voice_s is not None and answer.cut_the_user_off:
            self._note(Note(f"Step {self._log.step}: {cut_off(answer.voice_to_voice_s)}."))
        return answer

    def _unheard(self, answer: HeardAnswer) -> str | None:
        began_s = [a.started_s for a in self._call.answers if a.answer_id == answer.answer_id]
        return self._call.why_unheard(min(began_s, default=0.0), self._call.now_s)
