"""Playwright's list of devices: what a page finds on a telephone or a tablet."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from harness.browser.driver import first_line
from harness.errors import LaunchError


@cache
def known_devices() -> Mapping[str, Mapping[str, Any]]:
    """The devices of the Playwright that is installed, by name. Half a second at the first time.

    Raises:
        LaunchError: Playwright's driver did not start.
    """
    with ThreadPoolExecutor(1) as thread:  # its synchronous half cannot run beside a loop
        return thread.submit(_read).result()


def _read() -> dict[str, dict[str, Any]]:
    try:
        with sync_playwright() as playwright:
            return {name: dict(device) for name, device in playwright.devices.items()}
    except (PlaywrightError, OSError) as error:
        raise LaunchError(
            "Playwright's driver did not tell its devices.",
            found=first_line(error),
            hint="`harness doctor` says what is missing",
        ) from error
