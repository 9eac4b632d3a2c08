"""Launch of Chromium, and its end, whatever happens in between."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from playwright.async_api import Browser, Playwright
from playwright.async_api import Error as PlaywrightError

from harness.blocks import async_block
from harness.browser.chromium import ChromiumInfo, Source, locate_chromium
from harness.browser.devtools import DevTools, connect_devtools
from harness.browser.driver import run_playwright
from harness.browser.driver_folder import PREFIX
from harness.browser.endpoint import endpoint_in, profile_of
from harness.browser.flags import chromium_flags, with_flags
from harness.browser.launch_cause import cause_of
from harness.errors import FixtureError, LaunchError
from harness.paths import StrPath

LAUNCH_WITHIN_S = 30.0
CLOSE_WITHIN_S = 5.0


@dataclass(frozen=True)
class Chromium:
    """A running Chromium, with Playwright's handle and a DevTools connection of our own."""

    browser: Browser
    devtools: DevTools
    info: ChromiumInfo
    device_mode: bool
    another: Another
    """Starts one more like it: the same program, as this one was started."""


class Another(Protocol):
    """Starts a Chromium with further arguments, and hosts that no proxy is asked for."""

    def __call__(
        self, args: Sequence[str], no_proxy: Sequence[str]
    ) -> AbstractAsyncContextManager[Chromium]: ...


@async_block()
async def open_chromium(
    *,
    headless: bool = True,
    device_mode: bool = False,
    own_devices: bool = False,
    fake_audio_file: StrPath | None = None,
    fake_audio_loops: bool = False,
    slow_mo_ms: float = 0.0,
    args: Sequence[str] = (),
    no_proxy: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    playwright: Playwright | None = None,
) -> AsyncIterator[Chromium]:
    """Start a Chromium; leaving the block leaves no process and no profile.

    Args:
        headless: the new headless mode, a full Chromium without a window. (The headless shell
            has no getUserMedia.)
        device_mode: pages get Chromium's fake microphone in place of none.
        own_devices: pages get the machine's own microphone and camera, and no fake ones.
        fake_audio_file: WAV that the fake microphone plays from each capture's start on.
        slow_mo_ms: slows Playwright's own actions down, to watch them.
        args: further arguments for Chromium; where one says something else than ours, it counts.
        options: further options, as Playwright's ``launch`` takes them.
        no_proxy: hosts that are asked directly, also where the environment names a proxy.
        playwright: one that runs already; else one is started and stopped here.

    Raises:
        ChromiumMissing: no Chromium was found.
        LaunchError: it did not start.
        FixtureError: ``fake_audio_file`` does not exist.
    """
    audio_file = None if fake_audio_file is None else Path(fake_audio_file)
    _check_audio_file(audio_file)
    path, source = locate_chromium(os.environ)
    flags = chromium_flags(
        is_root=_is_root(),
        device_mode=device_mode,
        own_devices=own_devices,
        fake_audio_file=audio_file,
        fake_audio_loops=fake_audio_loops,
    )
    async with contextlib.AsyncExitStack() as stack:
        if playwright is None:
            playwright = await stack.enter_async_context(run_playwright())
        whole = tuple(with_flags(args, flags))
        how = _How(
            path, source, playwright, headless, device_mode, slow_mo_ms, whole, options or {}
        )
        yield await stack.enter_async_context(_running(how, (), no_proxy))


@dataclass(frozen=True)
class _How:
    """With what a Chromium is started."""

    path: Path
    source: Source
    playwright: Playwright
    headless: bool
    device_mode: bool
    slow_mo_ms: float
    args: tuple[str, ...]
    options: Mapping[str, Any]


@contextlib.asynccontextmanager
async def _running(
    how: _How, args: Sequence[str], no_proxy: Sequence[str]
) -> AsyncIterator[Chromium]:
    async with contextlib.AsyncExitStack() as stack:
        environ = how.options.get("env") or os.environ
        browser = await _launch(how, args, _without_proxy(no_proxy, environ))
        remains = _Remains()
        stack.push_async_callback(_close, browser, remains)
        await remains.learn(browser)
        devtools = await stack.enter_async_context(connect_devtools(remains.devtools_url()))
        info = ChromiumInfo(how.path, browser.version, how.source)
        yield Chromium(browser, devtools, info, how.device_mode, partial(_running, how))


def launch_options() -> dict[str, Any]:
    """What to launch a Chromium with, so that its pages can be listened to and calls come up.

        browser = playwright.chromium.launch(**harness.launch_options())

    Gives ``executable_path`` (a full Chromium: the headless shell has no getUserMedia) and
    ``args``; both of Playwright's colours take them, and so does ``launch_persistent_context``.

    Raises:
        ChromiumMissing: no Chromium was found.
    """
    path, _ = locate_chromium(os.environ)
    return {"executable_path": path, "args": chromium_flags(is_root=_is_root())}


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _without_proxy(hosts: Sequence[str], environ: Mapping[str, str]) -> dict[str, str] | None:
    """An environment in which no proxy is asked for these hosts; None for the usual one."""
    if not hosts:
        return None
    known = environ.get("no_proxy") or environ.get("NO_PROXY")
    joined = ",".join([*([known] if known else []), *hosts])
    return {**environ, "no_proxy": joined, "NO_PROXY": joined}


def _check_audio_file(path: Path | None) -> None:
    if path is not None and not path.is_file():
        raise FixtureError(
            "The fake microphone's audio file is missing.", expected="a WAV file", found=str(path)
        )


async def _launch(how: _How, args: Sequence[str], environ: dict[str, str] | None) -> Browser:
    try:
        ours: dict[str, Any] = {
            "executable_path": how.path,
            "headless": how.headless,
            "slow_mo": how.slow_mo_ms,
            "timeout": LAUNCH_WITHIN_S * 1000,
            # Ctrl-C reaches the block that holds this one, which then closes it in order.
            **dict.fromkeys(("handle_sigint", "handle_sigterm", "handle_sighup"), False),
            **how.options,
            "args": [*how.args, *args],
        }
        if environ is not None:
            ours["env"] = {**environ}
        return await how.playwright.chromium.launch(**ours)
    except PlaywrightError as error:
        cause = cause_of(error)
        raise LaunchError(
            "Chromium did not start.",
            expected=f"{how.path} to run",
            found=cause.found,
            hint=cause.hint,
        ) from error


class _Remains:
    """What a Chromium would leave behind: its process and its profile."""

    def __init__(self) -> None:
        self.pid: int | None = None
        self.profile: Path | None = None

    async def learn(self, browser: Browser) -> None:
        session = await browser.new_browser_cdp_session()
        processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
        self.pid = next(p["id"] for p in processes if p["type"] == "browser")
        command_line = (await session.send("SystemInfo.getInfo"))["commandLine"]
        await session.detach()
        self.profile = profile_of(command_line)

    def devtools_url(self) -> str:
        """Chromium writes port and path of its endpoint into its profile."""
        try:
            assert self.profile is not None
            return endpoint_in(self.profile)
        except (OSError, ValueError, AssertionError) as error:
            raise LaunchError(
                "Chromium did not open its DevTools endpoint.",
                expected=f"the file DevToolsActivePort in {self.profile}",
                found=str(error),
                hint="a policy of this machine may forbid remote debugging",
            ) from error

    def clear(self) -> None:
        """Remove what an orderly end would have removed."""
        if self.pid is not None and _is_chromium(self.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        # In a folder that we made ourselves, and nowhere else: what else there is, is somebody's.
        if self.profile is not None and self.profile.parent.name.startswith(PREFIX):
            shutil.rmtree(self.profile, ignore_errors=True)


async def _close(browser: Browser, remains: _Remains) -> None:
    try:
        with contextlib.suppress(PlaywrightError, ConnectionError, TimeoutError):
            async with asyncio.timeout(CLOSE_WITHIN_S):
                await browser.close()
    finally:
        remains.clear()


def _is_chromium(pid: int) -> bool:
    """Whether the process still is the browser (its number may have been given away)."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"remote-debugging-pipe" in command
