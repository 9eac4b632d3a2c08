"""Bringing a call up on any line: what is said when it does not come up."""

from __future__ import annotations

import asyncio
import errno
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from harness.audio.growing_wav import GrowingWav
from harness.call.call import Call
from harness.call.callers import Caller, Callers
from harness.call.fault_log_reader import ReadFaults
from harness.call.opening import CallInfo, CallOptions, open_on_line
from harness.call.recordings import Recordings
from harness.errors import (
    ArtifactError,
    BackendFailed,
    ExpectationFailed,
    HarnessError,
    NegotiationFailed,
    NoMicrophoneRequest,
    PageClosed,
    PeerLost,
    ServerRefused,
)
from harness.facts.browser import (
    DialogAnswered,
    PageException,
    RedirectBegan,
    WebSocketOpened,
    WindowFollowed,
    WindowOpened,
)
from harness.facts.steps import Note
from harness.hidden import Hidden
from harness.line.interface import LineCapabilities, LineReport
from harness.line.mixing_microphone import MixingMicrophone
from harness.speech.tools import real_tools
from harness.testing.hand_clock import HandClock
from harness.trace import read_trace
from tests.support.fake_page import FakePage
from tests.support.waiting import until

CHANNEL = {"connection": "c", "channel": "d", "label": "oai-events"}


class FakeLine(FakePage):
    """Comes up, or not, as the test says."""

    capabilities = LineCapabilities("fake", has_page=False, is_real_time=False)
    page = None
    uncertainty_s = 0.0
    address = "nowhere"

    def __init__(self, connect: Any) -> None:
        super().__init__()
        self.timeline.pair_python(0.0, 0.0, 0.0)
        self.microphone = MixingMicrophone(self.timeline)
        self._connect = connect

    async def connect(self, within_s: float, report: LineReport) -> None:
        self._connect(self, report)

    async def send_text(self, label: str, text: str) -> None: ...

    async def hang_up(self) -> None: ...


@asynccontextmanager
async def opened(connect: Any) -> AsyncIterator[FakeLine]:
    yield FakeLine(connect)


NEVER_UP_S, COMES_UP_S = 0.05, 30.0
"""How long a call is waited for that cannot come up, and one that does."""


async def open_and_close(
    connect: Any, out: Path, *, connect_s: float = NEVER_UP_S, **options: Any
) -> None:
    async with open_on_line(
        Call,
        opened(connect),
        CallInfo(
            engine="fake", page="http://p/", server="s", secrets=["sk-hidden"], facts={"seed": 3}
        ),
        real_tools(),
        out=out,
        options=CallOptions(connect_s=connect_s, name="n", **options),
        clock=HandClock(),
    ):
        pass


async def test_a_line_that_comes_up_is_a_call_with_its_engine_in_the_trace(tmp_path: Path) -> None:
    def connect(line: FakeLine, report: LineReport) -> None:
        report.hide("hidden-too")
        report.note(Note("sk-hidden and hidden-too"))
        line.tell("data_channel.open", CHANNEL, 0.1)

    await open_and_close(connect, tmp_path, connect_s=COMES_UP_S, autoplay="user-gesture")
    trace = read_trace(tmp_path / "trace.jsonl")
    assert trace.header["autoplay"] == "user-gesture"
    assert (trace.header["engine"], trace.header["seed"], trace.header["name"]) == ("fake", 3, "n")
    assert trace.of_type("call.opened")[0].data["engine"] == "fake"
    assert "hidden" not in (tmp_path / "trace.jsonl").read_text()
    assert (tmp_path / "call.wav").exists()


async def test_a_line_that_does_not_come_up_is_said_with_what_it_met(tmp_path: Path) -> None:
    def connect(line: FakeLine, report: LineReport) -> None:
        line.tell("peer_connection.failed", {"error": "no way through"}, 0.1)

    with pytest.raises(NegotiationFailed, match="no way through"):
        await open_and_close(connect, tmp_path)
    (error,) = read_trace(tmp_path / "trace.jsonl").of_type("error")
    assert error.data["kind"] == "NegotiationFailed"


async def test_a_page_that_asks_for_no_microphone_is_heard_first(tmp_path: Path) -> None:
    def connect(line: FakeLine, report: LineReport) -> None:
        report.note(DialogAnswered("confirm", "Go on?", "dismiss"))
        report.note(PageException("boom"))
        raise NoMicrophoneRequest("No.", expected="a call", found="none", hint="click")

    with pytest.raises(NoMicrophoneRequest) as told:
        await open_and_close(connect, tmp_path)
    assert told.value.found == (
        "the page: exception: boom; confirm() “Go on?” was answered with Cancel; none"
    )
    assert told.value.expected == "a call"
    assert "mend what the page says" in str(told.value.hint)


async def test_a_window_that_the_page_opened_is_told(tmp_path: Path) -> None:
    def connect(line: FakeLine, report: LineReport) -> None:
        report.note(WindowOpened("http://h/call"))
        report.note(WindowFollowed("http://h/call"))
        raise NoMicrophoneRequest("No.", expected="a call", found="none", hint="click")

    with pytest.raises(NoMicrophoneRequest) as told:
        await open_and_close(connect, tmp_path)
    assert told.value.found == "the page: it opened a new window, http://h/call; none"
    assert "is listened to, too: do in it" in str(told.value.hint)


async def test_what_a_page_says_goes_before_a_click_that_did_not_work(tmp_path: Path) -> None:
    def connect(line: FakeLine, report: LineReport) -> None:
        report.note(PageException("boom"))
        raise PageClosed("An action did not work.", expected="a button", found="none", hint="look")

    with pytest.raises(PageClosed) as told:
        await open_and_close(connect, tmp_path)
    assert told.value.found == "the page: exception: boom; none"
    assert (told.value.expected, told.value.hint) == ("a button", "look")


async def test_what_broke_the_call_says_more_than_that_it_is_not_up(tmp_path: Path) -> None:
    def connect(line: FakeLine, report: LineReport) -> None:
        report.fail(PeerLost("gone"))

    with pytest.raises(PeerLost, match="gone"):
        await open_and_close(connect, tmp_path)


async def test_a_refusal_stays_that_refusal(tmp_path: Path) -> None:
    def connect(line: FakeLine, report: LineReport) -> None:
        raise ServerRefused("no") from HarnessError("deeper")

    with pytest.raises(ServerRefused, match="no"):
        await open_and_close(connect, tmp_path)


async def test_a_page_that_speaks_over_a_websocket_alone_is_told_apart(tmp_path: Path) -> None:
    def connect(line: FakeLine, report: LineReport) -> None:
        report.note(WebSocketOpened("wss://voice.test/realtime"))

    with pytest.raises(NegotiationFailed, match="began no call") as told:
        await open_and_close(connect, tmp_path)
    assert told.value.found == "neither, but a WebSocket to wss://voice.test/realtime"


async def test_a_websocket_beside_a_peer_connection_is_no_reason(tmp_path: Path) -> None:
    def connect(line: FakeLine, report: LineReport) -> None:
        report.note(WebSocketOpened("ws://127.0.0.1/hot-reload"))
        line.tell("peer_connection.created", {"connection": "c"}, 0.1)

    with pytest.raises(NegotiationFailed) as told:
        await open_and_close(connect, tmp_path)
    assert "WebSocket" not in str(told.value)


async def test_a_redirect_that_no_request_matched_is_part_of_why(tmp_path: Path) -> None:
    def connect(line: FakeLine, report: LineReport) -> None:
        report.note(RedirectBegan(["openai"], "http://127.0.0.1:1"))
        raise NoMicrophoneRequest("No.", expected="a call", found="none", hint="click")

    with pytest.raises(NoMicrophoneRequest) as told:
        await open_and_close(connect, tmp_path)
    assert told.value.found == "none; redirect openai: no request matched"


async def test_what_a_call_needs_is_needed_while_it_comes_up(tmp_path: Path) -> None:
    @asynccontextmanager
    async def backend() -> AsyncIterator[None]:
        try:
            yield
        except HarnessError as error:
            raise BackendFailed("It is gone.") from error

    def connect(line: FakeLine, report: LineReport) -> None:
        raise ServerRefused("no")

    with pytest.raises(BackendFailed, match="It is gone"):
        await open_and_close(connect, tmp_path, needs=backend)
    (error,) = read_trace(tmp_path / "trace.jsonl").of_type("error")
    assert error.data["kind"] == "BackendFailed"


async def test_what_a_page_earned_by_its_login_is_hidden_from_its_first_event_on(
    tmp_path: Path,
) -> None:
    """It is known when the line is there, and the trace is older than that."""
    asked = []

    def connect(line: FakeLine, report: LineReport) -> None:
        report.note(Note("the cookie is window-seat-4711"))
        line.tell("data_channel.open", CHANNEL, 0.0)

    def ask() -> Hidden:
        asked.append("once")
        return Hidden(frozenset({"window-seat-4711"}))

    await open_and_close(connect, tmp_path, connect_s=COMES_UP_S, hidden_later=ask)
    (note,) = read_trace(tmp_path / "trace.jsonl").of_type("note")
    assert note.data["text"] == "the cookie is •••"
    assert asked == ["once"]


def up(line: FakeLine, report: LineReport) -> None:
    line.tell("data_channel.open", CHANNEL, 0.1)


async def in_call(
    out: Path, act: Callable[[FakeLine, Call], Awaitable[None]], connect: Any = up
) -> None:
    """Do something in a call that is up."""
    lines: list[FakeLine] = []

    @asynccontextmanager
    async def kept_line() -> AsyncIterator[FakeLine]:
        lines.append(FakeLine(connect))
        yield lines[0]

    async with open_on_line(
        Call,
        kept_line(),
        CallInfo(engine="fake"),
        real_tools(),
        out=out,
        options=CallOptions(connect_s=COMES_UP_S, name="n"),
        clock=HandClock(),
    ) as call:
        await act(lines[0], call)


async def test_a_folder_that_was_removed_in_mid_call_is_there_again_and_that_is_told(
    tmp_path: Path,
) -> None:
    async def remove(line: FakeLine, call: Call) -> None:
        line.hear(0.0, LOUD)
        await asyncio.sleep(0)
        shutil.rmtree(tmp_path / "run")
        line.hear(1.0, LOUD)

    await in_call(tmp_path / "run", remove)
    samples, _ = soundfile.read(tmp_path / "run" / "call.wav")
    assert np.abs(samples[:, 1]).min() > 0.4
    trace = read_trace(tmp_path / "run" / "trace.jsonl")
    assert "were removed" in trace.of_type("note")[0].data["text"]
    assert trace.events[-1].type == "call.closed"


async def test_a_trace_that_cannot_be_made_again_is_an_error(tmp_path: Path) -> None:
    """A folder stands where it was."""

    async def replace(line: FakeLine, call: Call) -> None:
        (tmp_path / "trace.jsonl").unlink()
        (tmp_path / "trace.jsonl").mkdir()

    with pytest.raises(ArtifactError, match=r"Cannot write .*trace\.jsonl"):
        await in_call(tmp_path, replace)


async def test_a_full_disk_is_an_error_by_its_name_once_the_call_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ArtifactError, match="No space left"):
        await in_call(tmp_path, full(monkeypatch))
    trace = read_trace(tmp_path / "trace.jsonl")
    (failed,) = trace.of_type("recording.failed")
    assert "No space left" in failed.data["message"]
    assert [event.type for event in trace.events][-2:] == ["call.closed", "error"]
    assert soundfile.info(tmp_path / "call.wav").frames == 48_000, "what was there before stays"


async def test_a_full_disk_does_not_stand_in_for_what_else_went_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def disappoint(line: FakeLine, call: Call) -> None:
        await full(monkeypatch)(line, call)
        raise ExpectationFailed("Expected an answer.")

    with pytest.raises(ExpectationFailed):
        await in_call(tmp_path, disappoint)
    trace = read_trace(tmp_path / "trace.jsonl")
    assert len(trace.of_type("recording.failed")) == 1
    assert [event.data["kind"] for event in trace.of_type("error")] == ["ExpectationFailed"]


class Cancelled:
    """A witness whose answer is not waited for."""

    async def begin(self) -> None: ...

    async def read(self) -> ReadFaults:
        raise asyncio.CancelledError


async def test_what_was_recorded_is_kept_where_the_server_is_not_waited_for(
    tmp_path: Path,
) -> None:
    with pytest.raises(asyncio.CancelledError):
        await open_and_close(up, tmp_path, connect_s=COMES_UP_S, witness=Cancelled())
    assert soundfile.info(tmp_path / "call.wav").samplerate == 48_000
    types = [event.type for event in read_trace(tmp_path / "trace.jsonl").events]
    assert types[-2:] == ["call.closed", "error"]


async def test_a_call_that_cannot_be_made_leaves_no_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Recordings] = []
    close = Recordings.close

    def noted(recordings: Recordings) -> bool:
        closed.append(recordings)
        return close(recordings)

    class Unjoinable(Callers):
        def join(self, name: str) -> Caller:
            raise RuntimeError(name)

    monkeypatch.setattr(Recordings, "close", noted)
    with pytest.raises(RuntimeError):
        await open_and_close(up, tmp_path, connect_s=COMES_UP_S, callers=Unjoinable())
    assert len(closed) == 1


LOUD = np.full(48_000, 0.5, np.float32)


def full(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeLine, Call], Awaitable[None]]:
    """The disk is full from the second second on."""

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def fill(line: FakeLine, call: Call) -> None:
        line.hear(0.0, LOUD)
        await until(lambda: call.recorder.recordings.facts.frames == len(LOUD))
        monkeypatch.setattr(GrowingWav, "write", no_room)
        line.hear(1.0, LOUD)
        line.hear(2.0, LOUD)
        await call.expect("recording.failed")

    return fill
