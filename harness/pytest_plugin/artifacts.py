"""Artifacts of voice tests: kept when the test failed, or when pytest was asked to.

Everything goes to a temporary folder first. At the end of the test the folder moves to the
``--output`` of pytest-playwright, under the same name that it gives its own files, or goes away.
"""

from __future__ import annotations

import contextlib
import dataclasses
import difflib
import hashlib
import re
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright
from playwright.async_api import Error as PlaywrightError

if TYPE_CHECKING:
    from harness.browser.launch import Chromium

DEFAULT_OUTPUT = "test-results"
LONGEST_NAME = 255
SCREENSHOT_MS = 5_000


@dataclass(frozen=True)
class PluginOptions:
    """pytest-playwright's options, with its defaults where it is not in use."""

    output: Path
    headed: bool = False
    channel: str | None = None
    slow_mo_ms: float = 0
    tracing: str = "off"
    video: str = "off"
    screenshot: str = "off"
    full_page: bool = False
    base_url: str | None = None
    device: str | None = None
    browsers: tuple[str, ...] = ()
    """Names given by ``--browser``; none for the default, Chromium."""

    @classmethod
    def of(cls, config: pytest.Config) -> PluginOptions:
        """The options that pytest was started with."""

        def option(name: str, default: Any) -> Any:
            return config.getoption(name, default) or default

        return cls(
            output=Path(option("--output", DEFAULT_OUTPUT)).absolute(),
            headed=option("--headed", False),
            channel=option("--browser-channel", None),
            slow_mo_ms=option("--slowmo", 0),
            tracing=option("--tracing", "off"),
            video=option("--video", "off"),
            screenshot=option("--screenshot", "off"),
            full_page=option("--full-page-screenshot", False),
            base_url=option("--base-url", None) or _ini(config, "base_url"),
            device=option("--device", None),
            browsers=tuple(option("--browser", ())),
        )

    @property
    def keeps_always(self) -> bool:
        """Whether artifacts are asked for even where a test passes."""
        return "on" in (self.tracing, self.video, self.screenshot)


def _ini(config: pytest.Config, name: str) -> str | None:
    """A setting of an ini file, where a plugin has one of that name."""
    try:
        return str(config.getini(name)) or None
    except (KeyError, ValueError):
        return None


class TestFolder:
    """The artifacts of one test, while it runs and after it.

    Args:
        node_id: pytest's name of the test.
        temporary: an empty folder of its own.
        attempt: 1, and more where a failed test is run again: each attempt keeps its own.
    """

    __test__ = False

    def __init__(
        self,
        node_id: str,
        temporary: Path,
        playwright_options: PluginOptions,
        attempt: int = 1,
    ) -> None:
        self.path = temporary
        self.playwright_options = playwright_options
        again = f"-retry{attempt - 1}" if attempt > 1 else ""
        self.kept_at = playwright_options.output / folder_name(node_id, again)

    @property
    def is_empty(self) -> bool:
        """Nothing is in it: the test began no call."""
        return not any(path.is_file() for path in self.path.rglob("*"))

    def settle(self, failed: bool) -> None:
        """Move what is to stay to ``kept_at``, and remove the rest."""
        if failed and not self.is_empty:
            shutil.copytree(self.path, self.kept_at, dirs_exist_ok=True)
        elif self.playwright_options.keeps_always:
            for file in self._asked_for():
                target = self.kept_at / file.relative_to(self.path)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, target)
        shutil.rmtree(self.path, ignore_errors=True)

    def _asked_for(self) -> list[Path]:
        wanted = self.playwright_options
        names = {"playwright-trace.zip": wanted.tracing, "screenshot.png": wanted.screenshot}
        return [
            file
            for file in self.path.rglob("*")
            if file.is_file()
            and (names.get(file.name) or ("off", wanted.video)[file.suffix == ".webm"]) == "on"
        ]


async def playwright_devices() -> Mapping[str, Any]:
    """What Playwright knows of devices, by name; without what no context takes."""
    async with async_playwright() as playwright:
        return dict(playwright.devices)


async def device_options(name: str | None) -> dict[str, Any]:
    """What a context of Playwright's device takes: viewport, user agent, touch.

    Raises:
        pytest.UsageError: there is no such device.
    """
    if name is None:
        return {}
    devices = await playwright_devices()
    if name not in devices:
        near = difflib.get_close_matches(name, devices, n=3)
        raise pytest.UsageError(
            f"--device {name}: Playwright knows no such device."
            + (f" Did you mean {' or '.join(near)}?" if near else "")
        )
    return {key: value for key, value in devices[name].items() if key != "default_browser_type"}


class WatchedBrowser:
    """A browser whose new contexts are recorded as pytest-playwright's options say.

    Stands in for Playwright's `Browser`; everything but new contexts is passed on.

    Args:
        context: what every context takes, where its opener says nothing else.
    """

    def __init__(
        self,
        browser: Browser,
        folder: Path,
        playwright_options: PluginOptions,
        title: str,
        context: Mapping[str, Any] | None = None,
    ) -> None:
        self._browser = browser
        self._folder = folder
        self.playwright_options = playwright_options
        self._title = title
        # Firefox and WebKit are refused; the name of a device's browser is no option of a context.
        known = (context or {}).items()
        self._context = {name: value for name, value in known if name != "default_browser_type"}
        self._contexts: list[BrowserContext] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._browser, name)

    def as_browser(self) -> Browser:
        """This object for code that wants Playwright's browser."""
        return cast("Browser", self)

    def watching(self, chromium: Chromium) -> Chromium:
        """The Chromium whose browser this is, watched; and so is one more like it."""

        @contextlib.asynccontextmanager
        async def another(args: Sequence[str], no_proxy: Sequence[str]) -> AsyncIterator[Chromium]:
            async with chromium.another(args, no_proxy) as made:
                self._browser = made.browser
                yield dataclasses.replace(made, browser=self.as_browser())

        return dataclasses.replace(chromium, browser=self.as_browser(), another=another)

    async def new_context(self, **options: Any) -> BrowserContext:
        """A context that is traced and filmed as the options say."""
        options = {**self._context, **options}
        if self.playwright_options.video != "off":
            options["record_video_dir"] = self._folder
        context = await self._browser.new_context(**options)
        if self.playwright_options.tracing != "off":
            await context.tracing.start(title=self._title, screenshots=True, snapshots=True)
        self._contexts.append(context)
        return context

    async def finish(self) -> None:
        """Before the contexts close: the last screenshot, Playwright's trace."""
        for context in self._contexts:
            with contextlib.suppress(PlaywrightError):  # the page may have crashed: that is news
                await self._finish(context)

    async def _finish(self, context: BrowserContext) -> None:
        if self.playwright_options.screenshot != "off" and context.pages:
            path = self._folder / "screenshot.png"
            await context.pages[0].screenshot(
                path=path, timeout=SCREENSHOT_MS, full_page=self.playwright_options.full_page
            )
        if self.playwright_options.tracing != "off":
            await context.tracing.stop(path=self._folder / "playwright-trace.zip")


def folder_name(node_id: str, again: str = "") -> str:
    """The folder of a test, as pytest-playwright names it; ``again`` tells attempts apart."""
    name = re.sub(r"[^a-z0-9]+", "-", node_id.lower()).strip("-") + again
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[:100]}-{hashlib.sha256(name.encode()).hexdigest()[:7]}-{name[-100:]}"


def first_line(error: BaseException) -> str:
    """What an error says first, or its kind where it says nothing."""
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def failure_text(reports: list[pytest.TestReport]) -> str | None:
    """Why the test failed, in one line; None where it did not."""
    for report in reports:
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            message = str(getattr(crash, "message", report.longreprtext))
            return message.strip().splitlines()[0] if message.strip() else "failed"
    return None


def empty_output(output: Path, began_s: float) -> None:
    """Remove what runs before this one left in ``--output``, and nothing of this one.

    Args:
        began_s: when this run began, seconds since 1970.
    """
    for entry in output.iterdir() if output.is_dir() else ():
        with contextlib.suppress(OSError):  # another process of this run may have removed it
            if entry.stat().st_mtime < began_s:
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def write_report(out: Path, folders: list[Path]) -> None:
    """The report of a failed test's calls."""
    from harness.report.write import write_reports

    traced = [folder for folder in folders if (folder / "trace.jsonl").exists()]
    if traced:  # a call that failed before its browser was there has none
        write_reports(out, traced)
