"""The user of a page: what a scenario lets them do there, with what hindered them in words."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page

from harness.engines.browser.drawn_boxes import tick
from harness.engines.browser.elements import Elements, only_pressable
from harness.engines.browser.page_acts import read_act, what_of
from harness.engines.browser.page_checks import BUSY, Look, check_page
from harness.engines.browser.page_reasons import in_words, nothing_to_act_on
from harness.engines.browser.targets import has_target, read_frames, read_target, read_window
from harness.errors import (
    BrowserError,
    ExpectationFailed,
    PageClosed,
    PageCrashed,
    ServerError,
)
from harness.facts.steps import PageActed
from harness.redact import MASK

LEAST_MS = 300
"""For the act itself, where its element came late."""

GRACE_S = 1.0
"""A page that is busy for so much longer than a step may take does not answer at all."""

PICTURE_WITHIN_S = 5.0
FIELDS = "input, textarea, [contenteditable]"
"""What people type into."""

LONGEST_RESULT = 2_000

GoTo = Callable[[str, float], Awaitable[None]]


class PageUser:
    """The hands and eyes of the user on a page.

    Args:
        page: Playwright's.
        goto: opens an address in it, within so many seconds.
        note: told each act.
        out: where pictures are kept; nowhere where absent.
    """

    def __init__(
        self, page: Page, goto: GoTo, note: Callable[[PageActed], None], out: Path | None = None
    ) -> None:
        self.elements = Elements(page)
        self._page = page
        self._goto = goto
        self._note = note
        self._out = out

    async def act(self, step: Mapping[str, Any]) -> None:
        """Take one step.

        Args:
            step: as a scenario has it, {"click": "#start"}, {"fill": {"label": "Name", "value":
                "Kim"}} and so on; beside it may stand ``within_s``.

        Raises:
            ExpectationFailed: it did not work; ``found`` says why.
            UsageError: no such step, or a selector that cannot be read.
            PageClosed, PageCrashed: the page went away.
        """
        kind, content, within_s = read_act(step)
        if kind == "fill" and "value" not in content:
            for selector, text in content.items():
                await self._act("fill", {"css": selector, "value": text}, within_s)
            return
        await self._act(kind, content, within_s)

    async def check(self, kind: str, wanted: Mapping[str, Any], within_s: float) -> Look:
        """Look at the page until something holds; see `check_page`."""
        return await check_page(self.elements, kind, wanted, within_s)

    @asynccontextmanager
    async def holding(
        self, wanted: str | Mapping[str, Any], within_s: float
    ) -> AsyncIterator[None]:
        """Hold the mouse down on an element, or a ``key``, as long as the block takes.

        Raises: as `act`.
        """
        content = {"css": wanted} if isinstance(wanted, str) else wanted
        what, began_s = what_of("hold", content), time.monotonic()
        work = self._press_down(content, within_s)
        release = await self._told("hold", what, content, work, within_s)
        try:
            yield
        finally:
            try:
                await release()
            except PlaywrightError as error:
                raise _gone(error) from error
            self._note(PageActed("release", what, round(time.monotonic() - began_s, 3)))

    # --- inside ---------------------------------------------------------------------------

    async def _act(self, kind: str, content: Mapping[str, Any], within_s: float) -> None:
        work = self._work(kind, content, within_s)
        await self._told(kind, what_of(kind, content), content, work, within_s)

    async def _told(
        self,
        kind: str,
        what: str,
        content: Mapping[str, Any],
        work: Awaitable[Any],
        within_s: float,
    ) -> Any:
        """Do it, and note how that went; errors of Playwright's become ours."""
        began_s, value = time.monotonic(), content.get("value")

        def note(result: Any = None, problem: str = "") -> None:
            took_s = round(time.monotonic() - began_s, 3)
            told = None if kind == "hold" else result
            self._note(PageActed(kind, what, took_s, value, told, problem))

        try:
            async with asyncio.timeout(within_s + GRACE_S):
                result = await work
        except TimeoutError as error:
            note(problem=BUSY)
            raise _failed(kind, what, BUSY) from error
        except PlaywrightError as error:
            if not self._closed_a_window(kind, error):
                note(problem=in_words(error))
                raise _failed(kind, what, in_words(error)) from error
            result = None
        except ExpectationFailed as error:
            note(problem=error.found or error.message)
            raise
        if isinstance(result, _Secret):
            value, result = MASK, None
        note(result)
        return result

    def _closed_a_window(self, kind: str, error: PlaywrightError) -> bool:
        """Whether all that happened is that a window closed itself over it.

        Raises:
            PageClosed, PageCrashed: it is the page itself that went away.
        """
        is_gone = "has been closed" in error.message or "crashed" in error.message
        if is_gone and (self._page.is_closed() or "crashed" in error.message):
            raise _gone(error) from error
        return is_gone and kind in ("click", "press")

    async def _work(self, kind: str, content: Mapping[str, Any], within_s: float) -> Any:
        """The act itself; what it gives is for the trace."""
        match kind:
            case "goto":
                await self._open(str(content["url"]), within_s)
            case "wait_for":
                await self._wait_for(content, within_s)
            case "screenshot":
                return await self.picture(str(content["name"]))
            case "evaluate":
                return await self._evaluate(content, within_s)
            case "press" if not has_target(content):
                await self._window(content).keyboard.press(str(content["key"]))
            case _:
                return await self._on_element(kind, content, within_s)
        return None

    async def _on_element(self, kind: str, content: Mapping[str, Any], within_s: float) -> Any:
        located, left_ms = await self._located(kind, content, within_s)
        match kind:
            case "click":
                await located.click(timeout=left_ms)
            case "fill":
                is_secret = await located.get_attribute("type", timeout=left_ms) == "password"
                await located.fill(str(content["value"]), timeout=left_ms)
                return _Secret() if is_secret else None
            case "press":
                await located.press(str(content["key"]), timeout=left_ms)
            case "select":
                await located.select_option(content["value"], timeout=left_ms)
            case "check" | "uncheck":
                await tick(located, kind == "check", left_ms)
            case "upload":
                await located.set_input_files(list(content["files"]), timeout=left_ms)
        return None

    async def _located(
        self, kind: str, content: Mapping[str, Any], within_s: float
    ) -> tuple[Locator, float]:
        """The element, and the milliseconds that are left for the act."""
        target, began_s = read_target(content), time.monotonic()
        located = await self.elements.wait(target, within_s)
        if located is None:
            found = await nothing_to_act_on(self.elements, target)
            raise _failed(kind, what_of(kind, content), found)
        if kind in ("click", "hold") and target.nth is None and await located.count() > 1:
            located = await only_pressable(located) or located  # else Playwright tells them all
        left_s = within_s - (time.monotonic() - began_s)
        return located, max(left_s * 1000, LEAST_MS)

    async def _press_down(
        self, content: Mapping[str, Any], within_s: float
    ) -> Callable[[], Awaitable[None]]:
        """Press, and give what releases it."""
        if key := content.get("key"):
            keyboard = self._window(content).keyboard
            await keyboard.down(str(key))
            return lambda: keyboard.up(str(key))
        located, left_ms = await self._located("hold", content, within_s)
        await located.click(trial=True, timeout=left_ms)  # can it be clicked at all?
        await located.hover(timeout=left_ms)
        mouse = located.page.mouse
        await mouse.down()
        return mouse.up

    async def _wait_for(self, content: Mapping[str, Any], within_s: float) -> None:
        if "url" in content:
            kind, wanted = "url", {"glob": content["url"]}
        else:
            kind, wanted = str(content.get("state", "visible")), {"of": content}
        look = await self.check(kind, wanted, within_s)
        if not look.holds:
            raise _failed("wait_for", what_of("wait_for", content), look.found)

    async def _open(self, url: str, within_s: float) -> None:
        try:
            await self._goto(urljoin(self._page.url, url), within_s)
        except (PageClosed, PageCrashed):
            raise
        except (ServerError, BrowserError) as error:
            found = ": ".join(part for part in (error.message.rstrip("."), error.found) if part)
            raise _failed("goto", url, found) from error

    async def picture(self, name: str, *, hides_fields: bool = False) -> str:
        """Keep a picture of the page; the name of its file.

        Args:
            hides_fields: what stands in fields is painted over; nobody asked for this picture, and
                it may be a secret.
        """
        if self._out is None:
            return ""
        file = _free_name(self._out, name)
        timeout_ms = PICTURE_WITHIN_S * 1000
        hidden = [frame.locator(FIELDS) for frame in self._page.frames] if hides_fields else []
        await self._page.screenshot(path=self._out / file, timeout=timeout_ms, mask=hidden)
        return file

    async def _evaluate(self, content: Mapping[str, Any], within_s: float) -> Any:
        frames = read_frames(_listed(content.get("frame")))
        scope: Page | Locator = self._window(content)
        if frames:
            found = await self.elements.find(read_target({"css": "html", **content}))
            scope = found if found is not None else scope
        try:
            async with asyncio.timeout(within_s):
                result = await scope.evaluate(str(content["js"]))
        except TimeoutError as error:
            raise _failed("evaluate", str(content["js"]), f"no result in {within_s:g} s") from error
        text = json.dumps(result, ensure_ascii=False, default=str)
        return json.loads(text) if len(text) <= LONGEST_RESULT else text[:LONGEST_RESULT] + "…"

    def _window(self, content: Mapping[str, Any]) -> Page:
        page = self.elements.window(read_window(content.get("page")))
        if page is None:
            raise ExpectationFailed("The page opened no such window.", found="no window")
        return page


class _Secret:
    """What was typed is not to be told."""


def _free_name(folder: Path, name: str) -> str:
    file, number = f"{name}.png", 2
    while (folder / file).exists():
        file, number = f"{name}-{number}.png", number + 1
    return file


def _listed(frame: Any) -> Sequence[Any] | None:
    return [frame] if isinstance(frame, str | Mapping) else frame


def _failed(kind: str, what: str, found: str) -> ExpectationFailed:
    return ExpectationFailed(
        "A step on the page did not work.", expected=f"{kind} {what}", found=found
    )


def _gone(error: PlaywrightError) -> BrowserError:
    line = error.message.splitlines()[0]
    kind = PageCrashed if "crash" in line else PageClosed
    return kind("The page went away.", expected="a page that stays open", found=line)
