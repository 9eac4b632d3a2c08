"""The page about events: its programs do what they say; its tables are held in tests/facts."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

import harness
from harness.call.events import CallEvent, matching
from harness.resources import fixtures_dir
from harness.streams.event_stream import EventReader, EventStream

PAGE = (Path(harness.__file__).parent / "docs" / "events.md").read_text(encoding="utf-8")
STREAM, TRACE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)

JUDGED = {"answer_id": "a", "spans": [], "voice_to_voice_s": 0.5, "unheard": "", "remark": "new"}


class EndedCall:
    """A call of two events, as far as the program reads it."""

    def __init__(self) -> None:
        self._events: EventStream[CallEvent] = EventStream("events")
        connected = {"connection": "c", "kind": "connection", "state": "connected"}
        self._events.push(CallEvent(1.0, "page", "peer_connection.state", connected))
        judged = {**JUDGED, "copied": "the user's own words"}
        self._events.push(CallEvent(2.0, "harness", "answer.judged", judged))
        self._events.end()

    def events(self, what: str | type[Any] = "*") -> EventReader[CallEvent]:
        return self._events.reader(match=matching(what))


async def test_the_stream_is_read_by_class_and_by_case(capsys: pytest.CaptureFixture[str]) -> None:
    code = compile(STREAM, "events.md", "exec", flags=0x2000)  # PyCF_ALLOW_TOP_LEVEL_AWAIT
    assert isinstance(code, CodeType)
    await FunctionType(code, {"call": EndedCall()})()
    assert capsys.readouterr().out.splitlines() == [
        "2.0 0.5 new",
        "the connection is connected",
        "that was the user's own words",
    ]


def test_a_trace_is_read_by_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out" / "greeting"
    folder.mkdir(parents=True)
    shutil.copy(fixtures_dir() / "traces" / "barge-in" / "trace.jsonl", folder)
    monkeypatch.chdir(tmp_path)
    exec(TRACE, {})
    assert capsys.readouterr().out == "the answer stops when interrupted passed\n"
