"""Open a call: a browser, a page, a trace; and leave nothing behind."""

from __future__ import annotations

import contextlib
import platform
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from playwright.async_api import Error as PlaywrightError

from harness.audio.clip import CALL_RATE_HZ, AudioClip
from harness.audio.timeline import StereoRecorder
from harness.browser.launch import Chromium, open_chromium
from harness.browser.voice_page import VoicePage, open_voice_page
from harness.call.call import Call
from harness.call.events import CallEvent
from harness.call.page_host import host_page
from harness.call.page_watch import watch_page
from harness.call.recorder import CallRecorder
from harness.call.rest import ServerAddress
from harness.call.voice_activity import VoiceActivity
from harness.call.wire import RealtimeWire
from harness.clock import Clock, MonotonicClock
from harness.errors import (
    ExpectationFailed,
    HarnessError,
    NegotiationFailed,
    NoMicrophoneRequest,
    PageClosed,
    UsageError,
)
from harness.speech.interface import Recogniser, Synthesiser
from harness.streams.waiting import expect
from harness.trace import TraceWriter


@dataclass(frozen=True)
class CallOptions:
    """How a call is opened; the defaults suit a test."""

    name: str = "call"
    session: Mapping[str, Any] = field(default_factory=dict)
    """Session settings for our own page, partial."""

    start: Sequence[Mapping[str, Any]] = ()
    """What to do on the page so that it calls: {"click": selector}, {"fill": {selector: text}},
    {"press": key}."""

    connect_s: float = 20
    headless: bool = True
    started_s: float | None = None
    """When the work on this call began (clock time); its opening where absent."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    """More facts for the trace's header."""


@asynccontextmanager
async def open_call(
    url: str | None = None,
    *,
    server: ServerAddress | None = None,
    out: Path | str | None = None,
    chromium: Chromium | None = None,
    options: CallOptions | None = None,
    recogniser: Recogniser | None = None,
    synthesiser: Synthesiser | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Call]:
    """Open a page and wait until its call is up.

    Args:
        url: the page; our own Realtime page where absent (then ``server`` is needed).
        server: where our page calls; its key stays in Python.
        out: folder for ``trace.jsonl`` and ``call.wav``; a temporary one where absent.
        chromium: a running browser to share; one of its own where absent.

    Raises:
        UsageError: neither url nor server.
        BrowserError, NegotiationFailed, ServerError: the call did not come up; the trace up to
            that point is in ``out``.
    """
    if url is None and server is None:
        raise UsageError("Nothing to call: give a page's url, or a server for our own page.")
    options = options or CallOptions()
    clock = clock or MonotonicClock()
    started_s = clock.now_s() if options.started_s is None else options.started_s
    async with AsyncExitStack() as stack:
        folder = Path(out) if out else Path(stack.enter_context(tempfile.TemporaryDirectory()))
        trace = stack.enter_context(_open_trace(folder, url, server, options))
        opening = _Opening(
            folder,
            trace,
            options,
            recogniser or _recogniser(),
            synthesiser or _synthesiser(),
            clock,
            started_s,
        )
        try:
            if chromium is None:
                chromium = await stack.enter_async_context(open_chromium(headless=options.headless))
            page = await stack.enter_async_context(open_voice_page(chromium, clock=clock))
            async with opening.recording(page, url, server) as call:
                yield call
        except BaseException as error:
            _note_error(trace, error)
            raise


@dataclass
class _Opening:
    """The parts of one call while it is being opened and closed."""

    folder: Path
    trace: TraceWriter
    options: CallOptions
    recogniser: Recogniser
    synthesiser: Synthesiser
    clock: Clock
    started_s: float

    @asynccontextmanager
    async def recording(
        self, page: VoicePage, url: str | None, server: ServerAddress | None
    ) -> AsyncIterator[Call]:
        recording = StereoRecorder()
        recorder = CallRecorder(
            page, self.trace, recording, RealtimeWire(), lambda: VoiceActivity(_detector())
        )
        call = Call(
            page,
            recorder,
            RealtimeWire(),
            self.recogniser,
            self.synthesiser,
            lambda start_s, end_s: _heard_between(page, start_s, end_s),
            self.clock,
        )
        try:
            async with recorder, AsyncExitStack() as hosting:
                watch_page(page.page, lambda kind, facts: recorder.note(kind, facts, call.now_s))
                if url is None:
                    assert server is not None
                    url = await hosting.enter_async_context(
                        host_page(server, self.options.session, recorder.fail, self._hide)
                    )
                await self._connect(call, recorder, url)
                yield call
                recorder.hanging_up = True
        finally:
            self._finish(recorder, recording, page)

    def _hide(self, secret: str) -> None:
        self.trace.masker.known.add(secret)

    async def _connect(self, call: Call, recorder: CallRecorder, url: str) -> None:
        try:
            await call.page.goto(url)
            await _act(call, self.options.start)
            await call.page.microphone.ready(within_s=self.options.connect_s)
            await expect(
                recorder.events,
                lambda event: _is_up(recorder, event),
                self.options.connect_s,
                what="a connected call",
            )
        except HarnessError as error:
            raise _why_not_up(error, recorder, url, self.options.connect_s) from error
        facts = {
            "engine": "browser",
            "url": url,
            "uncertainty_s": round(call.page.uncertainty_s, 6),
        }
        recorder.note("call.opened", facts, call.now_s)

    def _finish(self, recorder: CallRecorder, recording: StereoRecorder, page: VoicePage) -> None:
        """Write what is left to write; a broken disk is said once, at the end."""
        facts = {
            "uncertainty_s": round(page.uncertainty_s, 6),
            "audio_uncertainty_s": round(page.timeline.audio_uncertainty_s, 6),
            "heard_dropped": page.heard.dropped,
            "sent_dropped": page.sent.dropped,
            "wall_s": round(self.clock.now_s() - self.started_s, 3),
            "gap_frames": recording.facts.gap_frames,
        }
        ended_s = page.timeline.python_to_s(self.clock.now_s())
        self.trace.write("harness", "call.closed", facts, ended_s)
        recording.write(self.folder / "call.wav")
        if self.trace.broken:
            raise self.trace.broken


def _open_trace(
    folder: Path, url: str | None, server: ServerAddress | None, options: CallOptions
) -> TraceWriter:
    from harness import __version__

    header = {
        "harness": __version__,
        "name": options.name,
        "engine": "browser",
        "page": url or "realtime",
        "server": server.url if server else None,
        "python": platform.python_version(),
        "sample_rate_hz": CALL_RATE_HZ,
        **options.facts,
    }
    return TraceWriter(folder / "trace.jsonl", header, secrets=[server.api_key] if server else [])


async def _act(call: Call, actions: Sequence[Mapping[str, Any]]) -> None:
    page = call.page.page
    for action in actions:
        try:
            if action.get("click"):
                await page.click(str(action["click"]), timeout=5_000)
            for selector, text in (action.get("fill") or {}).items():
                await page.fill(selector, text, timeout=5_000)
            if action.get("press"):
                await page.keyboard.press(str(action["press"]))
        except PlaywrightError as error:
            raise PageClosed(
                "An action on the page did not work.",
                expected=f"an element for {dict(action)}",
                found=str(error).splitlines()[0],
                hint="check the selectors under page.start in the scenario",
            ) from error


def _is_up(recorder: CallRecorder, event: CallEvent) -> bool:
    """The data channel is open; or, on a page without one, the connection is up."""
    if event.type == "data_channel.open":
        return True
    connected = event.type == "peer_connection.state" and event.data.get("state") == "connected"
    kinds = {kept.type for kept in recorder.events.snapshot()}
    return connected and "data_channel.created" not in kinds


def _why_not_up(
    error: HarnessError, recorder: CallRecorder, url: str, within_s: float
) -> HarnessError:
    """The error that says most: the cause that broke the call, or what the page met."""
    if isinstance(error.__cause__, HarnessError):
        return error.__cause__
    events = recorder.events.snapshot()
    # A page whose call fails at once gives the microphone back before anybody could speak into it.
    asked = any(event.type == "user_media.granted" for event in events)
    gave_up = isinstance(error, NoMicrophoneRequest) and asked
    if not isinstance(error, ExpectationFailed) and not gave_up:
        return error
    return NegotiationFailed(
        f"The page asked for the microphone, but its call did not come up within {within_s:g} s.",
        expected="a connected peer connection with an open data channel",
        found=_problems(events) or error.found or "no sign of a call",
        hint=f"open {url.split('?')[0]} in a browser and look at its console; the trace has more",
    )


def _problems(events: list[CallEvent]) -> str:
    """HTTP failures, refused descriptions and console errors, in the order they came."""
    lines = []
    for event in events:
        data = event.data
        if event.type == "page.http_error":
            lines.append(f"{data['method']} {data['url']} answered {data['status']}")
        elif event.type == "page.request_failed":
            lines.append(f"{data['method']} {data['url']} failed: {data['error']}")
        elif event.type == "page.console" and data.get("level") == "error":
            lines.append(f"console: {data['text']}")
        elif "error" in data and event.source == "page":
            lines.append(f"{event.type}: {data['error']}")
    return "; ".join(dict.fromkeys(lines))


def _heard_between(page: VoicePage, start_s: float, end_s: float) -> AudioClip:
    """What was heard from start to end, silence where nothing was."""
    samples = np.zeros(max(0, round((end_s - start_s) * CALL_RATE_HZ)), np.float32)
    for frames in page.heard.snapshot():
        at = round((frames.start_s - start_s) * CALL_RATE_HZ)
        first, last = max(0, at), min(len(samples), at + len(frames.samples))
        if first < last:
            samples[first:last] += frames.samples[first - at : last - at]
    return AudioClip(samples, CALL_RATE_HZ)


def _note_error(trace: TraceWriter, error: BaseException) -> None:
    with contextlib.suppress(Exception):
        trace.write("harness", "error", {"kind": type(error).__name__, "message": str(error)})


def _detector() -> Any:
    from harness.speech.silero import SileroDetector

    return SileroDetector()


def _recogniser() -> Recogniser:
    from harness.speech.moonshine import MoonshineRecogniser

    return MoonshineRecogniser()


def _synthesiser() -> Synthesiser:
    from harness.speech.nanotts import NanoTtsSynthesiser

    return NanoTtsSynthesiser()
