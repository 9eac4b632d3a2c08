"""Playwright's driver, with a temporary folder of its own that goes with it.

The driver keeps profiles and artifacts in the temporary folder, Chromium one for its lock. They
remove them where they end in order; where a signal reaches the whole process group, or a launch
is cancelled, they do not. So both get a folder that is ours to remove.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright, async_playwright

from harness.browser.driver_folder import driver_folder
from harness.errors import LaunchError

GONE_WITHIN_S = 5.0

_environ: ContextVar[Mapping[str, str] | None] = ContextVar(
    "environment of the driver", default=None
)


@contextlib.asynccontextmanager
async def run_playwright(environ: Mapping[str, str] | None = None) -> AsyncIterator[Playwright]:
    """Start Playwright's driver; leaving the block leaves nothing that it or its browsers made.

    Args:
        environ: what its environment has beside the process's own.

    Raises:
        LaunchError: the driver did not start.
    """
    _give_the_driver_its_environment()
    async with (
        driver_folder() as folder,
        _driver({**(environ or {}), "TMPDIR": str(folder)}) as playwright,
    ):
        yield playwright


@contextlib.asynccontextmanager
async def _driver(environ: Mapping[str, str]) -> AsyncIterator[Playwright]:
    manager = async_playwright()
    try:
        yield await _started(manager, environ)
    finally:
        with contextlib.suppress(PlaywrightError, ConnectionError):
            await manager.__aexit__(None, None, None)


async def _started(
    manager: AbstractAsyncContextManager[Playwright], environ: Mapping[str, str]
) -> Playwright:
    """Cancelled, it first waits for the driver: one that is half started cannot be stopped."""
    token = _environ.set(environ)
    starting = asyncio.ensure_future(manager.__aenter__())
    _environ.reset(token)
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait({starting}, timeout=GONE_WITHIN_S)
        if starting.done() and not starting.cancelled():
            starting.exception()  # read, so that nobody is told of what no longer matters
        raise
    except Exception as error:  # a driver whose libraries are missing ends in a plain Exception
        raise LaunchError(
            "Playwright's driver did not start.",
            found=first_line(error),
            hint="`harness doctor` says what is missing",
        ) from error


@functools.cache
def _give_the_driver_its_environment() -> None:
    """Let the driver's environment be that of whoever starts it.

    Playwright copies our environment at one private place. To change ``os.environ`` would reach
    every other process that is started meanwhile. Can go when ``start()`` takes an environment;
    in a Playwright that has this place no more, an orderly end still leaves nothing.
    """
    for name in ("playwright._impl.transport", "playwright._impl._transport"):
        with contextlib.suppress(ImportError, AttributeError):
            module: Any = importlib.import_module(name)
            module.get_driver_env = _with_ours(module.get_driver_env)
            return


def _with_ours(driver_environment: Callable[[], dict[str, str]]) -> Callable[[], dict[str, str]]:
    def environment() -> dict[str, str]:
        return {**driver_environment(), **(_environ.get() or {})}

    return environment


def first_line(error: Exception) -> str:
    """What Playwright says first; its call log and drawings follow."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else "no message"
