"""Runner of a scenario's steps on the page, and judge of what is expected of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from harness.call.call import Call
from harness.call.call_end import CallEnd
from harness.call.page_said import page_said
from harness.call.so_far import findings_so_far
from harness.call.utterance import Utterance
from harness.engines.browser.finding_snapshots import FindingSnapshots
from harness.engines.browser.page_snapshot import take_snapshot
from harness.engines.browser.page_user import PageUser
from harness.errors import ExpectationFailed, HarnessError, PageClosed
from harness.facts.browser import SnapshotTaken
from harness.facts.call import CallHungUp
from harness.facts.steps import Note, PageActed
from harness.scenario.locators import in_words
from harness.scenario.model import Hold, Step
from harness.scenario.page_expectations import PageCheck, PageExpectation
from harness.scenario.page_steps import HangUp, PageStep, act_of, page_text
from harness.score.judgement import Judgement

ACTS = frozenset({"click", "fill", "press", "select", "check", "uncheck", "upload", "goto"})
"""What the user does; the other steps on the page only look, or wait."""

RELEASE_AFTER_S = 0.2
"""A person lets go of the button a little after the last word."""

LOOK_EVERY_S = 0.05
REST_WITHIN_S = 0.5
"""Where a part of the call has ended, the rest may take so long."""


class PageRunner:
    """The steps of one run on the page of its call.

    Args:
        call: in a browser.
        folder: where files of the scenario are.
        out: where pictures are kept.
        within_s: how long a step may take that does not say.
    """

    def __init__(self, call: Call, folder: Path, out: Path, within_s: float) -> None:
        self._call = call
        self._folder = folder
        self._within_s = within_s
        self._page = call.page

        def note(fact: PageActed | SnapshotTaken) -> None:
            call.recorder.note(fact, call.now_s)

        self._user = PageUser(self._page.page, self._page.goto, note, out)
        self._out = out
        self._snapshots = FindingSnapshots(self._take_snapshot, note)
        self._end = CallEnd()
        self._events = call.events("*")

    async def act(self, step: PageStep) -> list[Judgement]:
        """Take a step; what it failed by.

        Raises:
            HarnessError: the call broke, or a selector cannot be read.
        """
        self._see_that_the_call_lasts()
        if step.kind in ACTS:
            self._call.user_acts()
        try:
            await self._user.act(act_of(step, self._folder, self._within_s))
        except ExpectationFailed as error:
            self._see_that_the_call_lasts()
            return [self._failed(step.kind, f"{step.kind} {page_text(step)}", error)]
        return []

    async def hold(self, wanted: Hold, utterance: Utterance) -> list[Judgement]:
        """Press, speak, release; what it failed by. Raises as `act`."""
        self._see_that_the_call_lasts()
        self._call.user_acts()
        content = wanted.model_dump(exclude_none=True, exclude={"while_", "within_s"})
        try:
            async with self._user.holding(content, wanted.within_s or self._within_s):
                said = await self._call.say(utterance, wait=False)
                await self._call.until(said.end_s + RELEASE_AFTER_S)
        except ExpectationFailed as error:
            return [self._failed("hold", f"hold {hold_text(wanted)}", error)]
        return []

    async def hang_up(self, wanted: HangUp) -> list[Judgement]:
        """Click on what ends the call, and see that it has ended. Raises as `act`."""
        self._see_that_the_call_lasts()
        text = f"{in_words(wanted.click)} ends the call"
        self._follow_end()
        self._end.user_hangs_up()
        left, from_s = self._page.calls_left, self._call.now_s
        self._call.user_acts()
        self._call.recorder.hanging_up = True  # what closes now was meant to close
        self._call.recorder.note(CallHungUp(), from_s)
        self._page.may_go()
        click = act_of(PageStep(click=wanted.click), self._folder, self._within_s)
        try:
            await self._user.act(click)
        except PageClosed:
            return [Judgement("hang_up", text, True, "the page closed itself")]
        except ExpectationFailed as error:
            return [self._failed("hang_up", text, error)]
        within_s = wanted.within_s or self._within_s
        if not await self._ends(within_s, left):
            found = f"{within_s:g} s after the click {self._end.left}"
            return [Judgement("hang_up", text, False, self._with_page_said(found))]
        if self._end.left and self._page.calls_left == left:
            self._call.recorder.note(
                Note(f"After its user hung up on the page, {self._end.left}."), self._call.now_s
            )
        found = f"ended {self._call.now_s - from_s:.1f} s after the click"
        return [Judgement("hang_up", text, True, found)]

    async def expect(self, wanted: PageExpectation, within_s: float | None) -> list[Judgement]:
        """Look until each part holds, for as long as it may take. Raises as `act`."""
        return [await self._judged(check, within_s) for check in wanted.checks]

    async def keep_snapshots(self) -> None:
        """Picture and markup of the page, for each finding that had not shown before."""
        found = await self._call.offload(findings_so_far, self._call.recorder)
        await self._snapshots.take(found)

    # --- inside ---------------------------------------------------------------------------

    async def _take_snapshot(self, finding: str) -> SnapshotTaken | None:
        known = self._call.recorder.masker.known
        return await take_snapshot(self._page.page, self._user, self._out, known, finding)

    async def _judged(self, check: PageCheck, within_s: float | None) -> Judgement:
        self._see_that_the_call_lasts()
        longest_s = check.within_s or within_s or self._within_s
        look = await self._user.check(check.kind, check.content, longest_s)
        self._see_that_the_call_lasts()
        found = look.found if look.holds else self._with_page_said(look.found)
        return Judgement(f"page_{check.kind}", check.text, look.holds, found)

    async def _ends(self, within_s: float, left: int) -> bool:
        """Wait until the call has ended, and a little longer for all of it."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + within_s
        while True:
            self._follow_end()
            if self._page.calls_left > left or self._end.is_whole:
                return True
            if self._end.has_ended:
                until_s = min(until_s, loop.time() + REST_WITHIN_S)
            if loop.time() >= until_s:
                return self._end.has_ended
            await asyncio.sleep(LOOK_EVERY_S)

    def _follow_end(self) -> None:
        for event in self._events.take_available():
            self._end.on_call_event(event)

    def _failed(self, kind: str, text: str, error: ExpectationFailed) -> Judgement:
        return Judgement(kind, text, False, self._with_page_said(error.found or error.message))

    def _with_page_said(self, found: str) -> str:
        said = page_said(self._call.recorder.events.snapshot())
        return f"the page: {said}; {found}" if said else found

    def _see_that_the_call_lasts(self) -> None:
        cause = self._call.recorder.events.cause
        if isinstance(cause, HarnessError):
            raise cause


def hold_text(wanted: Hold) -> str:
    """What is held, in words."""
    return wanted.key or in_words(wanted)


def step_text(step: Step) -> str:
    """A step on the page in a few words, for the trace and for people who watch."""
    if step.hold is not None:
        return hold_text(step.hold)
    if isinstance(step.hang_up, HangUp):
        return in_words(step.hang_up.click)
    return page_text(step)
