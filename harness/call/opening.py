"""Opening of a call on a line, its recording and its end; the same for every engine."""

from __future__ import annotations

import asyncio
import contextlib
import platform
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from harness.audio.clip import CALL_RATE_HZ
from harness.audio.stereo_recorder import RecordingFacts
from harness.call.bad_network import counted_network
from harness.call.call import Call
from harness.call.callers import Callers
from harness.call.coming_up import come_up, told_why
from harness.call.dialog_answers import DialogAnswers
from harness.call.fault_log_reader import FaultLogReader, write_faults
from harness.call.recorder import CallRecorder
from harness.call.recordings import Recordings
from harness.cassette.files import check_target
from harness.cassette.taking import keep_cassette
from harness.clock import Clock, MonotonicClock
from harness.context.threads.choice import AnyContext
from harness.errors import HarnessError, UsageError
from harness.facts.call import CallClosed, CallFailed
from harness.facts.catalogue import AnyFact
from harness.facts.steps import Note
from harness.hidden import NOTHING, Hidden
from harness.line.autoplay import Autoplay
from harness.line.interface import Line
from harness.line.microphone_access import PageMicrophoneWish
from harness.network.redirect_rules import Redirect
from harness.network.wish import Network
from harness.paths import StrPath
from harness.protocols.choice import AUTO, ProtocolChoice, adapters, name_of
from harness.protocols.interface import VoiceProtocol
from harness.redact import shown
from harness.speech.tools import SpeechTools
from harness.speech.voice_activity import VoiceActivity
from harness.trace import TraceWriter
from harness.version import VERSION

AnyCall = TypeVar("AnyCall", bound=Call)

REMOVED = (
    "Files of this call were removed while it ran. Its trace and its recordings were written again "
    "at its end; whatever else was in the folder is gone."
)


@dataclass(frozen=True)
class CallOptions:
    """How a call is opened; the defaults suit a test."""

    name: str = "call"
    session: Mapping[str, Any] = field(default_factory=dict)
    """Session settings, partial: for our own page, and for engines without a page."""

    start: Sequence[Mapping[str, Any]] = ()
    """What to do on the page so that it calls, as a scenario has it: {"click": selector},
    {"fill": {"label": …, "value": …}}, {"press": key} and so on."""

    to_call: str = ""
    """What would make the page call, for the error where it does not; ours in general if absent."""

    camera: bool = True
    """Whether the page finds a camera."""

    autoplay: Autoplay = "allowed"
    """Whether the page is heard before its user has clicked. "user-gesture": as in people's
    browsers, after a click, a touch or a key, or while it has a microphone or a camera open."""

    playwright_trace: bool = False
    """Whether ``playwright-trace.zip`` is kept beside the call: what was done on the page, in
    Playwright's own form, without what is hidden; the report draws it."""

    requests: bool = False
    """Whether the trace gets the page's requests, with what was sent and answered."""

    microphone: PageMicrophoneWish = "allow"
    """Whether the page gets a microphone. Where it does not, the call is up once it was refused.
    "device": it finds a real sound device, of a sound server of the call's own (PulseAudio)."""

    context: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Options of the page's context, as Playwright's ``new_context`` takes them; also ``device``, a
    name of Playwright's list, and ``cookies``, as its ``add_cookies`` takes them."""

    conversation: AnyContext | None = None
    """What the call knows from before and keeps for later: a context's YAML file, its definition,
    or a `ContextChoice`, which says where it is kept; see docs/contexts.md."""

    login: Callable[..., Awaitable[Any]] | None = None
    """Gives what the page's context has of a login, see `harness.engines.browser.login.Login`."""

    dialogs: DialogAnswers = "accept"
    """How alert, confirm and prompt of the page are answered: all alike, or by the first rule that
    fits, {"contains": text, "answer": "accept" or "dismiss", "prompt": what is typed}."""

    redirect: Redirect | None = None
    """Which hosts the page finds on this machine instead, answered by the local server: "openai",
    or rules, {"from": address, "to": "server"}. Such a call has a Chromium of its own."""

    protocol: ProtocolChoice = AUTO
    """The voice protocol of the page: recognised by what it does ("auto"), or named: "realtime",
    "rtvi", "livekit", "none" (by ear alone), "module:name", an adapter, or what makes one."""
    agent: str = AUTO
    """Which connection is the agent's, where a page has several: recognised by the protocol
    ("auto"), all of them ("all"), "connection-1", or "channel:" and the label of its data channel.
    What the page plays of others is kept in ``others.wav`` and not judged."""

    network: Network | None = None
    """What packets meet between the page and its remote peers: a profile's name, or conditions,
    {"loss": "5%", "delay_ms": 80}; see docs/networks.md. None: nothing stands between them."""

    connect_s: float = 20
    reconnects_s: float | None = None
    """How long the page may take to connect again by itself, once its connection was lost; None: a
    lost call is over."""

    headless: bool = True
    started_s: float | None = None
    """When the work on this call began (wall clock); its opening where absent."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    """More facts for the trace's header."""

    hidden: Hidden = NOTHING
    """What is never written: values that the call knows, such as passwords."""

    hidden_later: Callable[[], Hidden] = Hidden
    """The same as it is known once the page is there, such as the cookies that its login earned."""

    prepare: Callable[[], Awaitable[None]] | None = None
    """Done before anything is opened, such as telling the server what to say. What goes wrong there
    goes wrong in this call, and stands in its trace."""

    needs: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
    """Entered while the call comes up: raises when what it needs, such as the page's own program,
    is no more."""

    callers: Callers = field(default_factory=Callers)
    """The users of the calls that are run together: what one says is no answer to another."""

    witness: FaultLogReader | None = None
    """Asked at the end what the server did in faults' names."""

    record: StrPath | None = None
    """Folder of a cassette that is made of the call when it has ended; see docs/cassettes.md."""

    overwrite: bool = False
    """Whether `record` may replace a cassette that somebody edited since it was recorded."""


@dataclass(frozen=True)
class CallInfo:
    """Where a call happens, for its trace; all but the engine may be unknown."""

    engine: str
    page: str | None = None
    server: str | None = None
    secrets: Sequence[str] = field(default=(), repr=False)
    """Exact values that must be in no trace."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    """What else tells this engine's run from another, such as its seed."""


@asynccontextmanager
async def open_on_line(
    make_call: type[AnyCall],
    opened_line: AbstractAsyncContextManager[Line],
    info: CallInfo,
    tools: SpeechTools,
    *,
    out: StrPath | None = None,
    options: CallOptions | None = None,
    clock: Clock | None = None,
    wall: Clock | None = None,
    waits: bool = True,
) -> AsyncIterator[AnyCall]:
    """A call on a line, once it is up.

    Args:
        make_call: what the engine's calls are: `Call`, or what adds to it.
        opened_line: makes the line, and ends it.
        info: the engine, the page and the server, for the trace.
        tools: what speaks, listens and understands in it.
        out: folder for ``trace.jsonl`` and ``call.wav``; a temporary one where absent.
        options: how it is opened; the defaults suit a test.
        clock: what the line's timeline is paired with.
        wall: how long the work takes; the same clock, unless the conversation's time is virtual.
        waits: until it is up; else whoever makes it call does, by `come_up`.

    Raises:
        HarnessError: the call did not come up; the trace up to that point is in ``out``.
        UsageError: ``options.record`` holds something else, or the call spoke another protocol.
    """
    options, clock = options or CallOptions(), clock or MonotonicClock()
    if options.record is not None:
        check_target(Path(options.record), overwrite=options.overwrite)
    wall = wall or clock
    protocols = adapters(options.protocol)
    started_s = wall.now_s() if options.started_s is None else options.started_s
    async with AsyncExitStack() as stack:
        folder = Path(out) if out else Path(stack.enter_context(tempfile.TemporaryDirectory()))
        trace = stack.enter_context(_open_trace(folder, info, options))
        opening = _Opening(
            folder, trace, options, tools, clock, wall, started_s, protocols, make_call, waits
        )
        try:
            if options.prepare is not None:
                await options.prepare()
            line = await stack.enter_async_context(opened_line)
            trace.hide(options.hidden_later())
            async with opening.recording(line) as call:
                with call.uses.of_block():
                    yield call
        except BaseException as error:
            _note_error(trace, error)
            with contextlib.suppress(Exception):  # not in place of what went wrong
                opening.keep_cassette(of_broken_call=True)
            raise
        try:
            opening.keep_cassette()
        except HarnessError as error:  # what was to be kept is not: that is no run that passed
            _note_error(trace, error)
            raise


class _Report:
    """What a line tells besides its envelopes goes to the recorder."""

    def __init__(self, call: Call, trace: TraceWriter) -> None:
        self._call = call
        self._trace = trace

    def note(self, fact: AnyFact) -> None:
        self._call.recorder.note(fact, self._call.now_s)

    def fail(self, error: HarnessError) -> None:
        self._call.recorder.fail(error)

    def hide(self, secret: str) -> None:
        self._trace.masker.known.add(secret)


@dataclass
class _Opening(Generic[AnyCall]):
    """The parts of one call while it is being opened and closed."""

    folder: Path
    trace: TraceWriter
    options: CallOptions
    tools: SpeechTools
    clock: Clock
    wall: Clock
    started_s: float
    protocols: Sequence[VoiceProtocol]
    make_call: type[AnyCall]
    waits: bool

    @asynccontextmanager
    async def recording(self, line: Line) -> AsyncIterator[AnyCall]:
        recordings = Recordings(self.folder)
        make_detector = self.tools.make_detector
        try:
            recorder = CallRecorder(
                line,
                self.trace,
                recordings,
                self.protocols,
                lambda: VoiceActivity(make_detector()),
                self.options.reconnects_s,
            )
            caller = self.options.callers.join(self.options.name)
            call = self.make_call(line, recorder, self.tools, self.clock, caller)
            async with recorder, counted_network(line):
                await self._connect(call, recorder)
                async with self._with_context(call):
                    yield call
                    recorder.hanging_up = True
        finally:
            try:
                await self._write_faults(line)
            finally:  # also where that is cancelled: what was recorded is kept
                self._finish(recordings, line)
        if broken := self.trace.broken or recordings.broken:
            raise broken  # not in place of what else went wrong: that is the verdict

    def keep_cassette(self, *, of_broken_call: bool = False) -> None:
        """Make a cassette of the call, where one is wanted.

        Args:
            of_broken_call: the call was not held to its end. What it left is better than nothing,
                and not than the cassette that is there already.

        Raises:
            UsageError: the call spoke no Realtime protocol.
            ArtifactError: it cannot be written.
        """
        if self.options.record is not None:
            target, overwrite = Path(self.options.record), self.options.overwrite
            if of_broken_call and target.exists() and any(target.iterdir()):
                return
            keep_cassette(self.folder, target, self.trace.masker, overwrite=overwrite)

    async def _connect(self, call: Call, recorder: CallRecorder) -> None:
        line, within_s = call.line, self.options.connect_s
        async with self.options.needs():
            with told_why(recorder, line, within_s, self.options.to_call):
                await line.connect(within_s, _Report(call, self.trace))
            if self.waits:
                await come_up(line, recorder, within_s, lambda: call.now_s, self.options.to_call)

    @asynccontextmanager
    async def _with_context(self, call: Call) -> AsyncIterator[None]:
        """The call's context, if it is to have one, from here to the call's end."""
        wanted, within_s = self.options.conversation, self.options.connect_s
        if wanted is not None and not self.waits:
            raise UsageError(
                "A context cannot be bound before the call is up.",
                expected="a call that is waited for",
                found="a page that is listened to",
                hint="`await call.context.bind(…)` once the page has called",
            )
        try:
            if wanted is not None:
                await call.context.bind(wanted, within_s=within_s, from_start=True)
            yield
        finally:
            await call.context.aclose()

    async def _write_faults(self, line: Line) -> None:
        witness = self.options.witness
        if witness is not None:
            await write_faults(witness, self.trace, line.timeline, line.uncertainty_s)

    def _finish(self, recordings: Recordings, line: Line) -> None:
        """Write what is left to write."""
        was_removed = recordings.close() or not self.trace.path.is_file()
        closed = CallClosed(
            uncertainty_s=round(line.uncertainty_s, 6),
            audio_uncertainty_s=round(line.timeline.audio_uncertainty_s, 6),
            heard_dropped=line.heard.dropped,
            sent_dropped=line.sent.dropped,
            wall_s=round(self.wall.now_s() - self.started_s, 3),
            **recorded_facts(recordings.facts),
        )
        ended_s = line.timeline.python_to_s(self.clock.now_s())
        if was_removed:
            self.trace.add(Note(REMOVED), ended_s)
        self.trace.add(closed, ended_s)
        self.trace.restore()


def recorded_facts(recorded: RecordingFacts) -> dict[str, int]:
    """What the recording lacks or had to decide, in frames."""
    facts = asdict(recorded)
    del facts["frames"]
    return facts


def _open_trace(folder: Path, info: CallInfo, options: CallOptions) -> TraceWriter:
    header = {
        "harness": VERSION,
        "name": options.name,
        "engine": info.engine,
        "page": shown(info.page) if info.page else None,
        "server": shown(info.server) if info.server else None,
        "python": platform.python_version(),
        "sample_rate_hz": CALL_RATE_HZ,
        "protocol": name_of(options.protocol),
        **({"autoplay": options.autoplay} if info.page and options.autoplay != "allowed" else {}),
        **info.facts,
        **options.facts,
    }
    return TraceWriter(folder / "trace.jsonl", header, secrets=info.secrets, hidden=options.hidden)


def _note_error(trace: TraceWriter, error: BaseException) -> None:
    is_ended = isinstance(error, asyncio.CancelledError | KeyboardInterrupt)
    message = str(error) or ("The run was ended from outside, as by Ctrl-C." if is_ended else "")
    with contextlib.suppress(Exception):
        trace.add(CallFailed(type(error).__name__, message))
