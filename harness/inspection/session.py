"""One inspection: a page is opened, watched, spoken to and let go of, with a trace that stays."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterable, Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol

from harness import typed_commands as typed
from harness.audio.level import rms_dbfs
from harness.call.coming_up import come_up
from harness.call.opening import CallOptions
from harness.call.utterance import Utterance, from_file, from_text
from harness.codegen.session import Microphone
from harness.engines.browser.finding_snapshots import FindingSnapshots
from harness.engines.browser.page_snapshot import forget_snapshots, take_snapshot
from harness.engines.browser.page_user import PageUser
from harness.errors import HarnessError, UsageError
from harness.facts.browser import PagePaused, SnapshotTaken
from harness.facts.call import NotPlayed
from harness.facts.steps import PageActed
from harness.findings.finding import Finding
from harness.findings.watch import FindingsWatch
from harness.inspection.board import Board, finding_lines
from harness.inspection.opened_page import OpenedPage, opened_page
from harness.inspection.page_pause import PagePause
from harness.inspection.recorded_scenario import Act
from harness.inspection.sayings import Sayings
from harness.inspection.trace_tail import TraceTail
from harness.line.audio import AudioFrames
from harness.network.bad_network import PCAP
from harness.redact import MASK
from harness.speech.tools import real_tools
from harness.streams.event_stream import EventStream
from harness.terminal_text import printable
from harness.trace import TraceEvent

LOOK_EVERY_S = 0.1
UP_WITHIN_S = 20.0
"""For a page that nobody sees; one that is shown has its user's time."""

SHOWN_WITHIN_S = 3600.0
PLAYBACK_EVERY_S = 1.0
SETTLES_S = 0.5
MOST_LINES = 20
"""Events told one by one at each look; of a page that does a thousand things a second, the rest is
counted."""

Kind = Literal["event", "finding", "note", "problem"]

SPOKEN = typed.SayText | typed.SayFile | typed.StopSaying | typed.Mute
"""What the virtual microphone does."""


class View(Protocol):
    """What shows an inspection to people."""

    def line(self, text: str, kind: Kind) -> None:
        """One more line; fit for a terminal."""

    def refresh(self, board: Board) -> None:
        """How it stands now."""


@dataclass(frozen=True, slots=True)
class InspectOptions:
    """What is opened, and how."""

    url: str
    out: Path
    """Folder for trace and recording."""

    call: CallOptions = field(default_factory=CallOptions)
    for_s: float | None = None
    """How long it is watched; None: until `quit`, or the end of what is typed."""

    pauses: bool = False
    """Whether a finding holds the page's scripts."""

    attach: int | None = None
    """The DevTools port of a browser that runs already; None: one of its own."""

    microphone: Microphone = "virtual"
    """virtual: what is typed is said; own: a person speaks into the machine's."""

    @property
    def is_shown(self) -> bool:
        """Whether somebody sees the page, and may click in it."""
        return self.attach is not None or not self.call.headless


async def inspect_page(
    options: InspectOptions, view: View, lines: AsyncIterable[str]
) -> Sequence[Act]:
    """Open a page and watch it until one of its ends: typed, timed, or the page's own.

    Args:
        options: what is opened.
        view: told everything as it comes.
        lines: what is typed, a command each; see `harness.typed_commands`.

    Returns:
        What was done on the page, for a scenario. Trace and recording are in ``options.out``.

    Raises:
        HarnessError: no browser, or no page there.
    """
    tail, board, watch = TraceTail(options.out / "trace.jsonl"), Board(), FindingsWatch()
    for name in ("trace.jsonl", PCAP):  # of an earlier one
        (options.out / name).unlink(missing_ok=True)
    forget_snapshots(options.out)
    call_options = replace(options.call, name="inspect")
    inspection: Inspection | None = None
    try:
        opening = opened_page(
            options.url, options.attach, options.out, call_options, options.microphone
        )
        async with opening as opened:
            opened.call.recorder.hanging_up = True  # a call that ends is no reason to look away
            inspection = Inspection(opened, options, view, tail, board, watch)
            await inspection.run(lines)
    finally:
        for event in tail.take_all():
            board.take(event)
            _tell(view, watch.take(event))
        _tell(view, watch.end())
    return inspection.acts


class Inspection:
    """The parts of one inspection while its page is open."""

    def __init__(
        self,
        opened: OpenedPage,
        options: InspectOptions,
        view: View,
        tail: TraceTail,
        board: Board,
        watch: FindingsWatch,
    ) -> None:
        self.acts: list[Act] = []
        """What the user did on the page, but for speaking."""

        self._call = opened.call
        self._page = opened.page
        self._options = options
        self._view = view
        self._tail = tail
        self._board = board
        self._watch = watch
        self._pause: PagePause | None = None
        self._settled = asyncio.Event()
        self._seq = -1
        self._paused: tuple[str, float] | None = None
        self._looked_s = 0.0
        self._was_secret = False
        self._tools = real_tools(None, None, ())
        self._sayings = Sayings(self._settled, self._say, self._problem)
        self._user = PageUser(opened.page, opened.goto, self._note_act, options.out)
        self._snapshots = FindingSnapshots(self._take_snapshot, self._note_act)

    async def run(self, lines: AsyncIterable[str]) -> None:
        """Watch, and do what is typed, until one of its ends."""
        if self._options.pauses:
            self._pause = await PagePause.of(self._page, self._told_pause)
        ends = [self._do_all(lines), self._page_ends()]
        if self._options.for_s is not None:
            ends.append(asyncio.sleep(self._options.for_s))
        beside = [
            self._follow(),
            self._come_up(),
            self._measure("you", self._call.line.sent),
            self._measure("page", self._call.line.heard),
        ]
        try:
            await _until_one_ends(ends, beside)
        finally:
            await self._sayings.drop()
            if self._pause is not None:
                self._note_pause()
                await self._pause.aclose()

    # --- watching -------------------------------------------------------------------------

    async def _follow(self) -> None:
        while True:
            shown = left = 0
            for event in self._tail.take():
                self._seq = event.seq
                line = self._board.take(event)
                if line is not None and shown < MOST_LINES:
                    self._view.line(line, "event")
                    shown += 1
                elif line is not None:
                    left += 1
                await self._found(self._watch.take(event))
            await self._call.note_own_voices()
            for event in self._unplayed():
                await self._found(self._watch.take(event))
            if left:
                self._view.line(f"      and {left} events more", "note")
            self._view.refresh(self._board)
            await asyncio.sleep(LOOK_EVERY_S)

    def _unplayed(self) -> list[TraceEvent]:
        """What was not played so far: the trace tells it at the end of the call alone."""
        recorder, now_s = self._call.recorder, self._call.now_s
        if recorder.playback is None or now_s - self._looked_s < PLAYBACK_EVERY_S:
            return []
        self._looked_s = now_s
        lost = [
            replace(one, end_s=one.end_s - SETTLES_S)  # what came last may still be played
            for one in recorder.playback.unplayed()
            if one.end_s - one.start_s > SETTLES_S
        ]
        facts = [NotPlayed(**asdict(one)) for one in lost]
        return [
            TraceEvent(self._seq + 1, fact.start_s, fact.source, fact.type, fact.to_data())
            for fact in facts
        ]

    async def _found(self, found: Sequence[Finding]) -> None:
        self._board.findings += found
        _tell(self._view, found)
        if self._pause is None or not self._pause.is_paused:  # its scripts would not answer
            await self._snapshots.take(found)
        if self._pause is not None and any(one.severity != "note" for one in found):
            await self._pause.pause()

    async def _measure(self, who: str, stream: EventStream[AudioFrames]) -> None:
        with contextlib.suppress(HarnessError):  # what ended it is told elsewhere
            async for frames in stream.reader(from_start=False):
                if len(frames.samples):
                    self._board.levels_dbfs[who] = rms_dbfs(frames.samples)
        await asyncio.Event().wait()

    async def _come_up(self) -> None:
        """Say in the trace when the call is up, or why it is not."""
        within_s = SHOWN_WITHIN_S if self._options.is_shown else UP_WITHIN_S
        call = self._call
        try:
            await come_up(call.line, call.recorder, within_s, lambda: call.now_s)
        except HarnessError as error:
            self._problem(error)
        self._settled.set()  # not where the inspection ends first: nothing is said then
        await asyncio.Event().wait()

    async def _page_ends(self) -> None:
        try:
            async for _ in self._call.events(from_start=False):
                pass
        except HarnessError as error:
            self._problem(error)

    # --- doing ----------------------------------------------------------------------------

    async def _do_all(self, lines: AsyncIterable[str]) -> None:
        async for line in lines:
            try:
                command = typed.INSPECT.read(line)
                if isinstance(command, typed.Quit):
                    return
                if command is not None:
                    await self._do(command)
            except HarnessError as error:
                self._problem(error)
        await self._sayings.all_said()
        if self._options.for_s is not None:
            await asyncio.Event().wait()

    async def _do(self, command: typed.Command) -> None:
        match command:
            case typed.Help():
                self._note(typed.INSPECT.help)
            case typed.ShowFindings():
                _tell(self._view, self._board.findings)
                if not self._board.findings:
                    self._note("nothing was found until now")
            case typed.Continue():
                self._note_pause()
                if self._pause is None or not await self._pause.go_on():
                    self._note("the page is not paused")
            case _ if self._pause is not None and self._pause.is_paused:
                self._note("the page is paused: type “continue” first")
            case _:
                await self._act(command)

    async def _act(self, command: typed.Command) -> None:
        call, tools = self._call, self._tools
        if self._options.microphone == "own" and isinstance(command, SPOKEN):
            raise UsageError("Your own microphone says what you say: nothing typed is said.")
        match command:
            case typed.SayText(text):
                self._sayings.add(partial(tools.offload, from_text, text, tools.synthesiser))
            case typed.SayFile(file):
                self._sayings.add(partial(tools.offload, from_file, file))
            case typed.StopSaying():
                await self._sayings.drop()
                await call.stop_speaking()
            case typed.Mute(muted):
                await call.mute(muted)
                self._board.is_muted = muted
            case typed.HangUp():
                await call.hang_up()
            case typed.Snapshot():
                await self._keep_snapshot()
            case typed.Click(selector):
                await self._act_on_page({"click": selector})
            case typed.Fill(selector, text):
                await self._act_on_page({"fill": {"css": selector, "value": text}})
            case typed.Press(key):
                await self._act_on_page({"press": key})
            case typed.WaitSeconds(seconds):
                await self._sayings.all_said()
                await asyncio.sleep(seconds)
            case typed.WaitAnswer(within_s):
                await self._sayings.all_said()
                answer = await call.answer(within_s=within_s)
                self._note(f"answer: {answer.text or 'without words'}")

    async def _act_on_page(self, step: Mapping[str, Any]) -> None:
        self._was_secret = False
        await self._user.act(step)
        self.acts.append(Act(self._call.now_s, step, self._was_secret))

    async def _say(self, utterance: Utterance) -> None:
        await self._call.say(utterance, wait=False, queue=True)

    async def _take_snapshot(self, finding: str) -> SnapshotTaken | None:
        known = self._call.recorder.masker.known
        return await take_snapshot(self._page, self._user, self._options.out, known, finding)

    async def _keep_snapshot(self) -> None:
        kept = await self._take_snapshot("")
        if kept is None:
            self._note("there is no snapshot: the page is gone, or too busy")
            return
        self._note_act(kept)
        self._note(f"kept: {kept.picture}, {kept.dom}")

    # --- telling --------------------------------------------------------------------------

    def _note_act(self, fact: Any) -> None:
        if isinstance(fact, PageActed) and fact.value == MASK:
            self._was_secret = True
        self._call.recorder.note(fact, self._call.now_s)

    def _note_pause(self) -> None:
        """Say in the trace that what the page does late now was held by us."""
        if self._paused is not None:
            (place, since_s), self._paused = self._paused, None
            self._board.paused_at = ""
            paused_s = round(self._call.now_s - since_s, 3)
            self._note_act(PagePaused(place, paused_s))

    def _told_pause(self, place: str) -> None:
        self._paused = (place, self._call.now_s)
        self._board.paused_at = printable(place)
        self._note(f"paused at {place}; “continue” lets it go on")

    def _note(self, text: str) -> None:
        for line in text.splitlines():
            self._view.line(printable(line), "note")

    def _problem(self, error: HarnessError) -> None:
        for line in str(error).splitlines():
            self._view.line(printable(line), "problem")


def _tell(view: View, found: Sequence[Finding]) -> None:
    for finding in found:
        for line in finding_lines(finding):
            view.line(line, "finding")


async def _until_one_ends(
    ends: Sequence[Coroutine[Any, Any, Any]], beside: Sequence[Coroutine[Any, Any, Any]]
) -> None:
    """Run all of them until one of the ends is over, or any fails; then none runs any more."""
    tasks = [asyncio.ensure_future(one) for one in (*ends, *beside)]
    ending = set(tasks[: len(ends)])
    try:
        waiting = set(tasks)
        while not ending - waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
