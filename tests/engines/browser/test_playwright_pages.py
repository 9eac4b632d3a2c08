"""Playwright's pages while they are listened to: what is put into their context, and taken out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError

from harness.browser.endpoint import PageAddress
from harness.call.opening import CallOptions
from harness.engines.browser import playwright_pages
from harness.engines.browser.playwright_pages import prepared, probe_settings
from harness.errors import UsageError

ADDRESS = PageAddress("ws://127.0.0.1:1/", "T", "http://h/")


class Script:
    """What Playwright gives for an init script; one of a context that is gone cannot be closed."""

    def __init__(self, is_gone: bool) -> None:
        self.closed = False
        self._is_gone = is_gone

    async def close(self) -> None:
        self.closed = True
        if self._is_gone:
            raise PlaywrightError("Target page, context or browser has been closed")


class Context:
    """A context of Playwright's, as far as init scripts go."""

    def __init__(self, script: Script | None) -> None:
        self.scripts: list[str] = []
        self._script = script
        self.pages: list[Any] = []

    async def add_init_script(self, script: str) -> Script | None:
        self.scripts.append(script)
        return self._script


@pytest.mark.parametrize("script", [Script(False), Script(True), None])
async def test_the_script_is_there_for_the_length_of_the_block(
    script: Script | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older Playwright gives nothing to take it out with."""

    async def address(_: Any) -> PageAddress:
        return ADDRESS

    monkeypatch.setattr(playwright_pages, "address_of", address)
    context = Context(script)
    page: Any = SimpleNamespace(context=context)
    async with prepared(
        page, CallOptions(camera=False, requests=True, autoplay="user-gesture")
    ) as given:
        assert given.probe is not None
        assert given.probe.autoplay == "user-gesture"
        assert not given.probe.camera
        assert given.probe.requests
        assert given.probe.key in context.scripts[0]
        assert script is None or not script.closed
    assert script is None or script.closed
    async with prepared(context, None) as given:  # type: ignore[arg-type]
        assert given.probe is not None
        assert given.probe.camera
    assert len(context.scripts) == 2


def test_a_page_of_somebody_elses_browser_gets_no_sound_device() -> None:
    with pytest.raises(UsageError, match="cannot be given a sound device"):
        probe_settings(CallOptions(microphone="device"))
