"""A session with a real page: what a person does and says becomes a test that passes at once."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from harness import yaml12
from harness.browser.flags import FAKE_DEVICES
from harness.browser.launch import Chromium, open_chromium
from harness.call.opening import CallOptions
from harness.cli.record import run_test
from harness.client.server_api import set_script
from harness.codegen.make import write_recorded
from harness.codegen.session import Session, open_session
from harness.errors import NoMicrophoneRequest
from harness.server.process.launch import RunningServer
from harness.trace import read_trace
from tests.support.counter_desk import desk_module, served
from tests.support.recorded_calls import scribes
from tests.support.small_server import serve
from tests.support.stock_client import hosted_page_routes

SAID = "Two, please."
RATE_HZ = 48_000


async def talk_at_the_desk(session: Session, password: str) -> None:
    """As a person does: with keys and a mouse."""
    page = session.page
    await page.get_by_label("Name").press_sequentially("kim")
    await page.get_by_label("Password").press_sequentially(password)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_label("I agree to be heard").click()
    await page.get_by_role("button", name="Call the desk").click()
    await session.connected()
    await page.get_by_role("button", name="Hold to talk").hover()
    await page.mouse.down()
    await session.say(SAID)
    await page.mouse.up()
    await session.answer()
    await page.get_by_role("button", name="Hang up").click()


async def test_a_page_that_did_not_call_is_told_with_what_can_be_typed(tmp_path: Path) -> None:
    async def connected(within_s: float) -> None:
        raise NoMicrophoneRequest("The page did not open the microphone.", found="no call of it")

    page, call = SimpleNamespace(on=lambda *_: None), SimpleNamespace(connected=connected)
    session = Session(page, call, None, "http://x/", tmp_path, CallOptions())  # type: ignore[arg-type]
    with pytest.raises(NoMicrophoneRequest, match='click "text=') as caught:
        await session.connected()
    assert caught.value.found == "no call of it"


@pytest.mark.browser
@pytest.mark.realtime
async def test_a_session_becomes_a_test_that_passes(
    tmp_path: Path, shared_server: RunningServer, unused_tcp_port: int
) -> None:
    desk = desk_module()
    await set_script(shared_server, {"rules": [{"say": "Certainly."}]})
    app = desk.create_app(shared_server.url, shared_server.api_key)
    async with served(app, unused_tcp_port) as url:
        async with open_session(url, tmp_path / "call", headless=True) as session:
            await talk_at_the_desk(session, desk.PASSWORD)
            recorded = await session.finish()
        made = write_recorded(recorded, tmp_path / "desk", scribes(["?"], ["Certainly."]))
        code = await run_test(made)
    data = yaml12.load(made.scenario.read_text(encoding="utf-8"))
    assert data["page"]["start"] == [
        {"fill": {"role": "textbox", "name": "Name", "value": "kim"}},
        {"fill": {"role": "textbox", "name": "Password", "value": "${DESK_PASSWORD}"}},
        {"click": {"role": "button", "name": "Sign in"}},
        {"check": {"role": "checkbox", "name": "I agree to be heard"}},
        {"click": {"role": "button", "name": "Call the desk"}},
    ]
    steps = [step for step in data["steps"] if "silence" not in step]
    speech = {"file": "turn-01.flac", "text": SAID}
    assert steps[0] == {"hold": {"role": "button", "name": "Hold to talk", "while": speech}}
    assert list(steps[1]) == ["wait"]
    assert steps[2] == {"hang_up": {"click": {"role": "button", "name": "Hang up"}}}
    assert desk.PASSWORD.encode() not in b"".join(
        path.read_bytes() for path in made.scenario.parent.iterdir() if path.is_file()
    )
    assert code == 0
    assert app[desk.LOGINS] == ["kim", "kim"]


def with_a_microphone(tone: Path) -> Callable[..., AbstractAsyncContextManager[Chromium]]:
    """Chromium's fake one in place of the machine's, which has none: it plays a tone."""
    soundfile.write(tone, 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE_HZ) / RATE_HZ), RATE_HZ)
    flags = ["--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={tone}"]
    return functools.partial(open_chromium, args=[FAKE_DEVICES, *flags])


async def until_sent(session: Session) -> None:
    async with asyncio.timeout(20):
        async for frames in session.call.line.sent.reader():
            if np.abs(frames.samples).max() > 0.1:
                return


@pytest.mark.browser
@pytest.mark.realtime
async def test_a_person_is_recorded_behind_a_network_on_a_page_of_the_hosted_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chromium = with_a_microphone(tmp_path / "tone.wav")
    monkeypatch.setattr("harness.codegen.session.open_chromium", chromium)
    options = CallOptions(redirect=["openai"], network="good-wifi")
    async with (
        serve(hosted_page_routes()) as url,
        open_session(
            f"{url}/", tmp_path, microphone="own", headless=True, options=options
        ) as session,
    ):
        await session.page.locator("#talk").click()
        await session.connected()
        await until_sent(session)
        recorded = await session.finish()
    assert recorded.options.network == "good-wifi"
    trace = read_trace(tmp_path / "trace.jsonl").events
    assert {"page.redirected", "network.began"} <= {event.type for event in trace}
    sent = soundfile.read(recorded.recording, always_2d=True)[0][:, 0]
    assert np.abs(sent).max() > 0.1
