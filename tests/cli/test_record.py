"""What `harness record` does with what is typed; a real session is in tests/codegen."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.cli.interrupts import run_async
from harness.cli.record import (
    RecordWish,
    as_text,
    has_screen,
    hold_session,
    record_conversation,
    run_test,
)
from harness.codegen.make import MadeScenario
from harness.codegen.session import LONGEST_S, UP_WITHIN_S, Session
from harness.errors import ExpectationFailed, PeerLost, UsageError


class FakeSession:
    """Remembers what was done; answers nothing the second time."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.closed = asyncio.Event()
        self.said = asyncio.Event()

    async def connected(self, within_s: float = 0) -> None:
        self.done.append("connected")

    def spoken(self) -> list[str]:
        return [one for one in self.done if one != "connected"]

    async def say(self, what: str) -> None:
        self.done.append(f"say {what}")
        self.said.set()

    async def say_text(self, text: str) -> None:
        await self.say(f"“{text}”")

    async def answer(self, within_s: float = 0) -> Any:
        self.done.append("answer")
        raise ExpectationFailed("No answer.", found="silence")


def wish(*say: str) -> RecordWish:
    return RecordWish("http://h/", Path("desk"), say)


async def held(session: FakeSession, wanted: RecordWish) -> None:
    await hold_session(cast("Session", session), wanted)


async def test_what_is_given_is_said_and_then_what_stands_in_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    session = FakeSession()
    monkeypatch.setattr("sys.stdin", io.StringIO('# a remark\nsay "Good bye"\nend\nsay nothing\n'))
    await held(session, wish("a.wav"))
    assert session.spoken() == ["say a.wav", "answer", "say “Good bye”", "answer"]
    assert "no answer: silence" in capsys.readouterr().err


class Uncalled(FakeSession):
    """Calls once its button is clicked; gives up at once where its caller has not much time."""

    def __init__(self) -> None:
        super().__init__()
        self.called = asyncio.Event()
        self.page = SimpleNamespace(locator=lambda _: SimpleNamespace(click=self._click))

    async def _click(self, **_: object) -> None:
        self.done.append("click")
        self.called.set()

    async def connected(self, within_s: float = UP_WITHIN_S) -> None:
        if within_s < LONGEST_S and not self.called.is_set():
            raise PeerLost("The page never called.")
        await self.called.wait()


async def test_a_click_in_a_pipe_makes_the_page_call_before_anything_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Uncalled()
    monkeypatch.setattr("sys.stdin", io.StringIO("click text=Call\nsay two\nend\n"))
    await asyncio.wait_for(held(session, wish("one")), 10)
    assert session.done == ["click", "say one", "answer", "say two", "answer"]


@pytest.mark.parametrize("piped", ["", "say two\n", "end\n"])
async def test_a_page_that_never_calls_is_told_where_nobody_is_there_to_click(
    piped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(piped))
    with pytest.raises(PeerLost, match="never called"):
        await asyncio.wait_for(held(Uncalled(), wish("one")), 10)


async def test_somebody_who_sees_the_window_may_take_their_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Uncalled()
    monkeypatch.setattr("sys.stdin", None)
    holding = asyncio.ensure_future(
        hold_session(cast("Session", session), wish("one"), is_seen=True)
    )
    await asyncio.sleep(0)
    session.called.set()
    await asyncio.wait_for(holding, 10)
    assert session.done == ["say one", "answer"]


async def test_what_cannot_be_said_is_told_before_the_next_line_is_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Mute(FakeSession):
        async def say(self, what: str) -> None:
            raise UsageError(f"There is no file {what}.")

    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        with pytest.raises(UsageError, match=r"no file a\.wav"):
            await asyncio.wait_for(held(Mute(), wish("a.wav")), 10)
        os.close(write)


async def test_a_pipe_is_read_line_by_line_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    session = FakeSession()
    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        holding = asyncio.ensure_future(held(session, wish()))
        os.write(write, b"say one\nsa")
        await asyncio.wait_for(session.said.wait(), 10)
        os.write(write, b"y two\nwait\n")  # it has waited by itself
        os.close(write)
        await asyncio.wait_for(holding, 10)
    assert session.done == ["say one", "answer", "say two", "answer"]


async def test_the_window_that_is_closed_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    session = FakeSession()
    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        session.closed.set()
        await asyncio.wait_for(held(session, wish()), 10)
        os.close(write)


async def test_a_person_talks_until_the_window_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    session = FakeSession()
    monkeypatch.setattr("sys.stdin", io.StringIO('say "Hello"\n'))
    holding = asyncio.ensure_future(hold_session(cast("Session", session), wish(), by_person=True))
    await asyncio.wait_for(session.said.wait(), 10)
    assert not holding.done()
    session.closed.set()
    await asyncio.wait_for(holding, 10)


async def test_a_mistake_in_a_file_of_commands_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("sya hello\n"))
    with pytest.raises(UsageError, match="no command “sya”"):
        await held(FakeSession(), wish())


@pytest.mark.parametrize(
    ("environ", "platform", "seen"),
    [({}, "linux", False), ({"DISPLAY": ":0"}, "linux", True), ({}, "darwin", True)],
)
def test_a_screen(environ: dict[str, str], platform: str, seen: bool) -> None:
    assert has_screen(environ, platform) is seen


def test_a_folder_that_is_there_is_refused_before_anything_opens(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(UsageError, match="there already"):
        record_conversation(RecordWish("http://h/", tmp_path), as_json=False)


async def test_what_others_say_does_not_steer_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Answered(FakeSession):
        async def answer(self, within_s: float = 0) -> Any:
            return SimpleNamespace(transcript="Yes.\x1b]0;mine\x07\nharness: fine")

    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    await held(Answered(), wish("a.wav"))
    assert capsys.readouterr().err == ("harness: answered: Yes.\\x1b]0;mine\\x07\\nharness: fine\n")
    made = MadeScenario(Path("a"), Path("b"), (Path("c"),), ("Hi\x1b[2J",), 0, {})
    assert "\x1b" not in as_text(made, 0)


MADE = MadeScenario(Path("desk.yaml"), Path("test_desk.py"), (), (), 0, {})


class Kept(FakeSession):
    """Gets a signal while it speaks; was up then, or not."""

    def __init__(self, number: signal.Signals, *, is_up: bool) -> None:
        super().__init__()
        self._number = number
        self._is_up = is_up

    async def say(self, what: str) -> None:
        os.kill(os.getpid(), self._number)
        await asyncio.Event().wait()

    async def finish(self) -> str:
        if not self._is_up:
            raise PeerLost("The page never called.")
        return "recorded"


@pytest.fixture
def recorded_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Kept], list[str]]:
    """Records with a session that is given; tells what was done with it."""
    done: list[str] = []

    async def tested(_: MadeScenario) -> int:
        done.append("tested")
        return 0

    def write(recorded: str, *_: object) -> MadeScenario:
        done.append(recorded)
        return MADE

    def use(session: Kept) -> list[str]:
        @asynccontextmanager
        async def opened(*_: object, **__: object) -> AsyncIterator[Kept]:
            yield session

        monkeypatch.setattr("harness.cli.record.open_session", opened)
        return done

    monkeypatch.setattr("harness.cli.record.write_recorded", write)
    monkeypatch.setattr("harness.cli.record.shipped_ears", lambda: None)
    monkeypatch.setattr("harness.cli.record.run_test", tested)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    return use


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_kill_keeps_what_was_recorded_and_ends_the_command(
    number: signal.Signals, code: int, tmp_path: Path, recorded_by: Callable[[Kept], list[str]]
) -> None:
    done = recorded_by(Kept(number, is_up=True))
    with pytest.raises(SystemExit) as ended:
        record_conversation(RecordWish("http://h/", tmp_path / "desk", ("one",)), as_json=False)
    assert ended.value.code == code
    assert done == ["recorded"]


def test_a_kill_while_it_is_written_waits_for_that_and_leaves_nothing_else(
    tmp_path: Path, recorded_by: Callable[[Kept], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = recorded_by(Kept(signal.SIGINT, is_up=True))
    stopping = threading.Event()

    def write(*_: object) -> MadeScenario:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stopping.wait(10)
        done.append("written")
        return MADE

    class Told(io.StringIO):
        def write(self, text: str) -> int:
            if "stopping" in text and "listening" in self.getvalue():
                stopping.set()
            return super().write(text)

    monkeypatch.setattr("harness.cli.record.write_recorded", write)
    monkeypatch.setattr("sys.stderr", Told())
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    asked = RecordWish("http://h/", tmp_path / "desk", ("one",))
    with pytest.raises(SystemExit) as ended:
        record_conversation(asked, as_json=False)
    assert ended.value.code == 143
    assert done == ["written"]
    assert not list(tmp_path.iterdir()), "the recording is gone"


def test_ctrl_c_ends_the_recording_and_the_test_is_run(
    tmp_path: Path, recorded_by: Callable[[Kept], list[str]]
) -> None:
    done = recorded_by(Kept(signal.SIGINT, is_up=True))
    asked = RecordWish("http://h/", tmp_path / "desk", ("one",))
    assert record_conversation(asked, as_json=False) == 0
    assert done == ["recorded", "tested"]


def test_a_kill_before_the_call_keeps_nothing_and_says_so(
    tmp_path: Path,
    recorded_by: Callable[[Kept], list[str]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = recorded_by(Kept(signal.SIGTERM, is_up=False))
    url = "http://kim:window-seat@h/?token=t0p"
    with pytest.raises(SystemExit) as ended:
        record_conversation(RecordWish(url, tmp_path / "desk", ("one",)), as_json=False)
    assert ended.value.code == 143
    assert done == []
    told = capsys.readouterr().err
    assert "recording http://h/;" in told
    assert "nothing is kept: the page had not called" in told
    assert "window-seat" not in told
    assert "t0p" not in told


def test_a_test_that_is_interrupted_ends_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It closes its browser by itself."""
    test, mark = tmp_path / "test_desk.py", tmp_path / "mark"
    test.write_text(
        "import os, pathlib, signal, time\n"
        "def test_desk():\n"
        "    try:\n"
        f"        os.kill({os.getpid()}, signal.SIGTERM)\n"
        "        time.sleep(60)\n"
        "    finally:\n"
        f"        pathlib.Path({str(mark)!r}).write_text('closed')\n",
        encoding="utf-8",
    )
    made = MadeScenario(tmp_path / "desk.yaml", test, (), (), 0, {})
    monkeypatch.setattr("sys.stderr", sys.__stderr__)  # a real file, for the process
    with pytest.raises(SystemExit) as ended:
        run_async(run_test(made))
    assert ended.value.code == 143
    assert mark.read_text() == "closed"


def test_people_are_told_what_came_out_and_what_it_needs(tmp_path: Path) -> None:
    made = MadeScenario(
        *(Path("desk/desk.yaml"), Path("desk/test_desk.py"), (Path("desk/turn-01.flac"),)),
        *(("Hello.",), 3, {"DESK_PASSWORD": "window-seat"}),
    )
    text = as_text(made, 0)
    assert text.splitlines() == [
        "desk/desk.yaml: 1 said, 3 done on the page",
        "  turn-01.flac  Hello.",
        "set before it runs: DESK_PASSWORD",
        "pytest desk/test_desk.py (it passed just now)",
    ]
    assert "did not pass" in as_text(made, 1)


@pytest.mark.parametrize("url", ["", "localhost:3000", "index.html"])
def test_an_address_that_the_scenario_could_not_have_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no address of a page"):
        record_conversation(RecordWish(url, tmp_path / "desk", ()), as_json=False)
