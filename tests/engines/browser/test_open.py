"""A call is opened, used and closed; what it leaves is its trace and recording."""

from pathlib import Path

import pytest
import soundfile

from harness.browser.launch import Chromium
from harness.engines.browser import line as page_line
from harness.engines.browser.open import CallOptions, open_call
from harness.errors import PageClosed, UsageError
from harness.server.process.launch import RunningServer
from harness.trace import read_trace
from tests.support.small_server import html, serve


async def test_a_call_leaves_trace_and_recording_and_no_key(
    shared_chromium: Chromium, shared_server: RunningServer, tmp_path: Path
) -> None:
    async with open_call(server=shared_server, chromium=shared_chromium, out=tmp_path) as call:
        await call.expect("session.created")
        await call.silence(0.5)
    trace = read_trace(tmp_path / "trace.jsonl")
    kinds = [event.type for event in trace.events]
    for kind in ("user_media.granted", "peer_connection.offer", "data_channel.open", "call.opened"):
        assert kind in kinds
    assert kinds[-1] == "call.closed"
    assert trace.of_type("error") == []
    recording = soundfile.info(tmp_path / "call.wav")
    assert recording.duration >= 0.5
    text = (tmp_path / "trace.jsonl").read_text()
    assert shared_server.api_key not in text
    assert "ek_" not in text


async def test_nothing_to_call_is_a_usage_error(shared_chromium: Chromium) -> None:
    with pytest.raises(UsageError, match="Nothing to call"):
        async with open_call(chromium=shared_chromium):
            pass


async def test_a_wrong_selector_in_the_page_actions_is_named(
    shared_chromium: Chromium, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_line, "ACTION_MS", 200)
    options = CallOptions(start=[{"click": "#nowhere"}])
    async with serve({("GET", "/"): html("<p>hello</p>")}) as url:
        with pytest.raises(PageClosed, match="#nowhere"):
            async with open_call(url, chromium=shared_chromium, out=tmp_path, options=options):
                pass
    assert read_trace(tmp_path / "trace.jsonl").of_type("error")


async def test_an_error_in_the_test_itself_is_in_the_trace(
    shared_chromium: Chromium, shared_server: RunningServer, tmp_path: Path
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with open_call(server=shared_server, chromium=shared_chromium, out=tmp_path):
            _ = 1 / 0
    (error,) = read_trace(tmp_path / "trace.jsonl").of_type("error")
    assert error.data["kind"] == "ZeroDivisionError"
    assert (tmp_path / "call.wav").exists()
