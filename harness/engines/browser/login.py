"""Logins of a run: steps on a page, taken once, whose cookies and storage later pages begin with.

What a login gives is kept in memory alone.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, StorageState

from harness.browser.launch import Chromium
from harness.browser.new_context import new_context
from harness.browser.page_errors import page_error
from harness.engines.browser.page_acts import PICTURE, read_act, what_of
from harness.engines.browser.page_user import PageUser
from harness.errors import BrowserError, HarnessError, ServerRefused, UsageError
from harness.facts.steps import PageActed

Login = Callable[[Chromium, str | None, Mapping[str, Any]], Awaitable[StorageState]]
"""Gives a context's storage state: of this browser, for the page at this address, in a context with
these options."""

LOAD_WITHIN_S = 30.0


class Logins:
    """The logins of a run; each is done when it is first needed, and then never again.

    Args:
        on_done: told what each gives.
    """

    def __init__(self, on_done: Callable[[StorageState], None] = lambda _: None) -> None:
        self._on_done = on_done
        self._done: dict[str, StorageState | HarnessError] = {}

    def of(self, steps: Sequence[Mapping[str, Any]], out: Path) -> Login:
        """The login with these steps.

        Args:
            steps: as `PageUser.act` takes them.
            out: where a picture is kept if it fails.
        """

        async def login(
            chromium: Chromium, url: str | None, context: Mapping[str, Any]
        ) -> StorageState:
            key = json.dumps([list(steps), url and _origin(url), dict(context)], default=str)
            if key not in self._done:
                try:
                    state = await _log_in(chromium, url, context, steps, out)
                except HarnessError as error:
                    self._done[key] = error
                else:
                    self._on_done(state)
                    self._done[key] = state
            done = self._done[key]
            if isinstance(done, HarnessError):
                raise done
            return done

        return login


def _origin(url: str) -> str:
    """Pages of one site share a login."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


async def _log_in(
    chromium: Chromium,
    url: str | None,
    options: Mapping[str, Any],
    steps: Sequence[Mapping[str, Any]],
    out: Path,
) -> StorageState:
    """Take the steps in a context of their own.

    Raises:
        BrowserError: a step did not work; it says which one, and where the picture is.
    """
    context = await new_context(chromium.browser, options)
    try:
        page = await context.new_page()
        user = PageUser(page, _opener(page), _nobody, out)
        if url is not None:
            await _opener(page)(url, LOAD_WITHIN_S)
        for number, step in enumerate(steps, start=1):
            try:
                await user.act(step)
            except UsageError:
                raise
            except HarnessError as error:
                raise await _failed(error, user, number, step, out) from error
        return await context.storage_state(indexed_db=True)
    finally:
        with contextlib.suppress(PlaywrightError):
            await context.close()


def _opener(page: Page) -> Callable[[str, float], Awaitable[None]]:
    async def goto(url: str, within_s: float) -> None:
        try:
            timeout_ms = within_s * 1000
            response = await page.goto(url, wait_until="domcontentloaded", timeout=timeout_ms)
        except PlaywrightError as error:
            raise page_error(error, url) from error
        if response is not None and response.status >= 400:
            found = f"HTTP {response.status} {response.status_text}".rstrip()
            raise ServerRefused("The page's server answered with an error.", found=found)

    return goto


def _nobody(_: PageActed) -> None:
    """Nothing of a login is in a trace."""


async def _failed(
    error: HarnessError, user: PageUser, number: int, step: Mapping[str, Any], out: Path
) -> HarnessError:
    kind, content, _ = read_act(step)
    hint = "correct the steps under page.login, or see why the page does not take them"
    with contextlib.suppress(HarnessError, PlaywrightError, OSError):
        hint = f"look at {out / await user.picture(PICTURE, hides_fields=True)}; {hint}"
    return BrowserError(
        f"The login failed in its step {number} ({kind}).",
        expected=f"{kind} {what_of(kind, content)}".rstrip(),
        found=error.found or error.message,
        hint=hint,
    )
