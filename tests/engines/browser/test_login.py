"""Logins: once for a run, in a context of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from harness.browser.launch import Chromium
from harness.engines.browser.login import Logins
from harness.errors import BrowserError, ServerUnreachable
from tests.support.small_server import html, serve

FORM = """
<form method=post action=/in><label>Name <input name=name></label><button>Sign in</button></form>
<script>localStorage.setItem("seen", "yes");</script>
"""
STEPS: list[dict[str, Any]] = [
    {"fill": {"label": "Name", "value": "kim"}},
    {"click": {"role": "button", "name": "Sign in"}},
    {"wait_for": {"text": "Hello kim"}},
]


async def test_a_login_is_done_once_and_its_cookies_and_storage_are_given(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    came = []

    async def sign_in(request: web.Request) -> web.Response:
        name = str((await request.post())["name"])
        came.append(name)
        page = web.Response(text=f"Hello {name}", content_type="text/html")
        page.set_cookie("who", name)
        return page

    async with serve({("GET", "/"): html(FORM), ("POST", "/in"): sign_in}) as url:
        earned: list[Any] = []
        logins = Logins(on_done=earned.append)
        state = await logins.of(STEPS, tmp_path)(shared_chromium, url, {})
        assert earned == [state]
        again = await logins.of(STEPS, tmp_path)(shared_chromium, f"{url}/other", {})
        assert again is state
        assert earned == [state], "told once"
        other = [{"fill": {"label": "Name", "value": "li"}}, STEPS[1]]
        await logins.of(other, tmp_path)(shared_chromium, url, {})
        german = {"locale": "de-DE"}
        await logins.of(STEPS, tmp_path)(shared_chromium, url, german)
    assert came == ["kim", "li", "kim"]
    assert [cookie["value"] for cookie in state["cookies"]] == ["kim"]
    assert state["origins"][0]["localStorage"] == [{"name": "seen", "value": "yes"}]
    assert not (tmp_path / "login-failed.png").exists()


async def test_a_login_that_fails_names_its_step_and_keeps_a_picture(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    async def refused(_: web.Request) -> web.Response:
        return web.Response(text="Who are you?", content_type="text/html")

    async with serve({("GET", "/"): html(FORM), ("POST", "/in"): refused}) as url:
        logins = Logins()
        steps = [*STEPS[:2], {**STEPS[2], "within_s": 2}]
        with pytest.raises(BrowserError, match="failed in its step 3") as caught:
            await logins.of(steps, tmp_path)(shared_chromium, url, {})
        assert caught.value.found == "nothing matches; the page has text “Who are you?”"
        assert str(tmp_path / "login-failed.png") in (caught.value.hint or "")
        with pytest.raises(BrowserError) as again:
            await logins.of(steps, tmp_path / "other")(shared_chromium, url, {})
        assert again.value is caught.value
    assert (tmp_path / "login-failed.png").read_bytes().startswith(b"\x89PNG")


async def test_a_picture_of_a_login_shows_nothing_that_was_typed(
    shared_chromium: Chromium, tmp_path: Path
) -> None:
    """Whatever stands in the field, the picture is the same."""
    pictures = []
    async with serve({("GET", "/"): html(FORM)}) as url:
        for number, value in enumerate(("window-seat", "corner")):
            out = tmp_path / str(number)
            steps: list[dict[str, Any]] = [
                {"fill": {"label": "Name", "value": value}},
                {"click": "#no", "within_s": 0.1},
            ]
            with pytest.raises(BrowserError, match="in its step 2"):
                await Logins().of(steps, out)(shared_chromium, url, {})
            pictures.append((out / "login-failed.png").read_bytes())
    assert pictures[0] == pictures[1]


async def test_a_login_on_a_page_that_nobody_serves(
    shared_chromium: Chromium, unused_tcp_port: int, tmp_path: Path
) -> None:
    login = Logins().of(STEPS, tmp_path)
    with pytest.raises(ServerUnreachable):
        await login(shared_chromium, f"http://127.0.0.1:{unused_tcp_port}/", {})
