"""Sessions that are recorded: a page in a browser, its call, and what a person does and says."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from playwright.async_api import Error as PlaywrightError

from harness.browser.bundle import bundle
from harness.browser.driver import run_playwright
from harness.browser.launch import open_chromium
from harness.browser.page_errors import page_error
from harness.call.opening import CallOptions
from harness.call.utterance import from_text
from harness.codegen.acts import Seen, read_seen
from harness.codegen.page_call import PageCall, page_call_of
from harness.engines.browser.attach import AttachedCall, attach
from harness.errors import BrowserError, HarnessError, NoMicrophoneRequest
from harness.resources import web_dir
from harness.speech.tools import SpeechTools, real_tools

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Frame, Page

    from harness.call.heard_answer import HeardAnswer, Said
    from harness.call.user_speech import Sayable

CONSOLE = {"PWDEBUG": "console"}
"""With it Playwright gives pages its own choice of a locator, ``playwright.selector(element)``."""

LONGEST_S = 3600.0
"""How long a person may take until the page calls."""

CALLS_FIRST = (
    "let what starts the page's call come first, in the window, or typed or piped: "
    'click "text=Call us"'
)
UP_WITHIN_S = 20.0
LATE_S = 0.3
"""For what the page tells of the last click, once all is over."""

SELECTOR_OF = "element => globalThis.playwright?.selector(element) ?? null"

Microphone = Literal["virtual", "own"]


@dataclass(frozen=True)
class Words:
    """Something that was said through a file or as text: its words are known."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class RecordedSession:
    """What is left of a session."""

    url: str
    recording: Path
    """What was sent on the left, what was heard on the right."""

    seen: Sequence[Seen] = field(repr=False)
    words: Sequence[Words]
    page_call: PageCall
    options: CallOptions = field(default_factory=CallOptions)
    """How the page was opened."""


class Session:
    """One session, while it is recorded. Made by `open_session`.

    Args:
        page: Playwright's; use it as a user would.
        call: the page's call.
        tools: what speaks.
        url: of the page.
        out: where the call is recorded.
        options: how it was opened.
    """

    def __init__(
        self,
        page: Page,
        call: AttachedCall,
        tools: SpeechTools,
        url: str,
        out: Path,
        options: CallOptions,
    ) -> None:
        self.page = page
        self.call = call
        self.closed = asyncio.Event()
        """The person closed the window."""

        self._url = url
        self._out = out
        self._options = options
        self._tools = tools
        self._seen: list[Seen] = []
        self._said: list[Said] = []
        self._up_s: float | None = None
        self._telling: set[asyncio.Task[None]] = set()
        page.on("close", lambda _: self.closed.set())

    async def connected(self, within_s: float = UP_WITHIN_S) -> None:
        """Wait until the page's call is up.

        Raises:
            NoMicrophoneRequest: it never began one; what to do is about whoever records.
            HarnessError: it does not come up.
        """
        try:
            await self.call.connected(within_s)
        except NoMicrophoneRequest as error:
            raise NoMicrophoneRequest(
                error.message, expected=error.expected, found=error.found, hint=CALLS_FIRST
            ) from error
        if self._up_s is None:
            self._up_s = self.call.now_s

    async def say(self, what: Sayable) -> None:
        """Speak into the page's microphone, once its call is up; raises as `Call.say`."""
        await self.connected()
        self._said.append(await self.call.say(what))

    async def say_text(self, text: str) -> None:
        """Speak words, were they the name of a file; otherwise as `say`."""
        await self.say(await self._tools.offload(from_text, text, self._tools.synthesiser))

    async def answer(self, within_s: float = 20) -> HeardAnswer:
        """The answer to what was said last, once it is over; raises as `Call.answer`."""
        return await self.call.answer(within_s)

    async def finish(self) -> RecordedSession:
        """What the session was; the recording itself is whole once the session's block is left.

        Raises:
            HarnessError: the page never called.
        """
        if self._up_s is None and self.closed.is_set():
            raise BrowserError(
                "There is nothing to keep: the page had not called.",
                expected="a page that calls, and somebody who speaks",
                found="a window that was closed before",
            )
        if self._up_s is None:
            await self.connected(0.5)
        if not self.closed.is_set():
            with contextlib.suppress(PlaywrightError):
                await self.page.wait_for_timeout(LATE_S * 1000)
        await asyncio.gather(*self._telling, return_exceptions=True)
        assert self._up_s is not None
        words = [
            Words(said.speech_start_s, said.end_s, said.utterance.text)
            for said in self._said
            if said.utterance.text
        ]
        seen = sorted(self._seen, key=lambda one: one.at_s)
        call = page_call_of(self.call.recorder.events.snapshot(), self._up_s)
        recording = self._out / "call.wav"
        return RecordedSession(self._url, recording, seen, words, call, self._options)

    def on_seen(self, source: Mapping[str, Any], data: Any) -> None:
        """What the page's recorder tells; of a frame it takes a moment to know which it is."""
        if not isinstance(data, dict):
            return
        at_s, frame = self.call.now_s, source["frame"]
        window = self._window(source["page"])
        if frame.parent_frame is None:
            self._keep(read_seen(data, at_s, window=window))
            return
        task = asyncio.ensure_future(self._of_frame(frame, data, at_s, window))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    def _window(self, page: Page) -> int | None:
        if page is self.page:
            return None
        others = [each for each in self.page.context.pages if each is not self.page]
        return others.index(page) + 1 if page in others else None

    async def _of_frame(
        self, frame: Frame, data: Mapping[str, Any], at_s: float, window: int | None
    ) -> None:
        frames: list[str] = []
        with contextlib.suppress(PlaywrightError):  # it is gone: any frame that has it counts
            inner: Frame | None = frame
            while inner is not None and inner.parent_frame is not None:
                selector = await (await inner.frame_element()).evaluate(SELECTOR_OF)
                if not selector:
                    break
                frames.insert(0, str(selector))
                inner = inner.parent_frame
        self._keep(read_seen(data, at_s, frames=frames, window=window))

    def _keep(self, seen: Seen | None) -> None:
        if seen is not None:
            self._seen.append(seen)


@asynccontextmanager
async def open_session(
    url: str,
    out: Path,
    *,
    microphone: Microphone = "virtual",
    headless: bool = False,
    options: CallOptions | None = None,
) -> AsyncIterator[Session]:
    """A page in a browser, followed from its first moment on.

    Args:
        url: the page.
        out: folder for the trace and the recording.
        microphone: "virtual" speaks files and texts, "own" is the machine's.
        headless: without a window.
        options: redirect, protocol, agent and network of the call; the others have no effect.

    Raises:
        BrowserError: no browser, or nobody answers at the address.
        UsageError: a redirect, a protocol or a network that cannot be.
    """
    async with AsyncExitStack() as stack:
        opening = person_page(microphone=microphone, headless=headless)
        page = await stack.enter_async_context(opening)
        options = replace(options or CallOptions(), name="record")
        kind = kind_of(microphone)
        tools = real_tools(None, None, ())
        call = await stack.enter_async_context(
            attach(page, options, tools, out=out, microphone=kind, goes_to=url)
        )
        session = Session(page, call, tools, url, out, options)
        await _follow(page.context, session)
        try:
            await page.goto(url, wait_until="domcontentloaded")
        except PlaywrightError as error:
            raise page_error(error, url) from error
        yield session


@asynccontextmanager
async def person_page(*, microphone: Microphone, headless: bool) -> AsyncIterator[Page]:
    """A page in a browser for a person; the machine's own microphone is theirs to speak into.

    Args:
        microphone: "own" gives every page the machine's own microphone and camera.
        headless: without a window.

    Raises:
        BrowserError: no browser.
    """
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(run_playwright(CONSOLE))
        chromium = await stack.enter_async_context(
            open_chromium(headless=headless, own_devices=microphone == "own", playwright=playwright)
        )
        context = await chromium.browser.new_context(no_viewport=not headless)
        stack.push_async_callback(_close, context)
        if microphone == "own":
            await context.grant_permissions(["microphone", "camera"])
        yield await context.new_page()


def kind_of(microphone: Microphone) -> Literal["virtual", "device"]:
    """What the page is given: ours, or the browser's own."""
    return "device" if microphone == "own" else "virtual"


async def _follow(context: BrowserContext, session: Session) -> None:
    """Let every document of the context tell what is done in it."""
    binding = f"_{secrets.token_hex(16)}"
    await context.expose_binding(binding, session.on_seen)
    script = bundle(web_dir() / "recorder" / "recorder.js")
    await context.add_init_script(f"(() => {{ {script}\ninstallRecorder({binding!r}); }})();")
    context.on("dialog", _accept)


async def _accept(dialog: Any) -> None:
    """As a scenario does where it says nothing else."""
    with contextlib.suppress(PlaywrightError):
        await dialog.accept()


async def _close(context: BrowserContext) -> None:
    with contextlib.suppress(PlaywrightError, HarnessError):
        await context.close()
