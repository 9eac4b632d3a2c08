"""What `harness record` does with what is typed; a real session is in tests/codegen."""

from __future__ import annotations

import asyncio
import io
import os
from pathlib import Path
from typing import Any, cast

import pytest

from harness.cli.record import RecordWish, as_text, has_screen, hold_session, record_conversation
from harness.codegen.make import MadeScenario
from harness.codegen.session import Session
from harness.errors import ExpectationFailed, UsageError


class FakeSession:
    """Remembers what was done; answers nothing the second time."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.closed = asyncio.Event()
        self.said = asyncio.Event()

    async def connected(self, within_s: float = 0) -> None:
        self.done.append("connected")

    async def say(self, what: str) -> None:
        self.done.append(f"say {what}")
        self.said.set()

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
    assert session.done == ["connected", "say a.wav", "answer", "say Good bye", "answer"]
    assert "no answer: silence" in capsys.readouterr().err


async def test_a_pipe_is_read_line_by_line_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    session = FakeSession()
    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        holding = asyncio.ensure_future(held(session, wish()))
        os.write(write, b"say one\nsa")
        await asyncio.wait_for(session.said.wait(), 10)
        os.write(write, b"y two")
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
    with pytest.raises(UsageError, match="no such command"):
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
