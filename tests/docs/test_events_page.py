"""The page about events: its programs do what they say; its tables are held in tests/facts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

import harness
from harness.call.events import CallEvent, matching
from harness.kept_stats import whole
from harness.resources import fixtures_dir
from harness.streams.event_stream import EventReader, EventStream
from harness.trace import TraceWriter

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


@pytest.fixture
def reported(tmp_path: Path) -> list[list[Any]]:
    """What the reports of a call in the page's folder say; the folder is its own."""
    told = []
    with TraceWriter(tmp_path / "out" / "greeting" / "trace.jsonl", {}) as trace:
        for number in range(3):
            entry = {"id": "IT01A1", "stays": "x" * 200, "timestamp": number + 0.5}
            data = {"connection": "c", "report": [{**entry, "packetsReceived": number}]}
            told.append([float(number), trace.write("page", "stats", data, number).data])
    return told


def shown_commands() -> list[str]:
    """Those of the page's one block for a command line."""
    (block,) = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    return [
        one for one in re.split(r"^(?=python|jq|#)", block, flags=re.MULTILINE) if one[:1] != "#"
    ]


def printed(command: str, folder: Path) -> list[Any]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(command, shell=True, cwd=folder, env={**os.environ, "PATH": path},
                         capture_output=True, check=True, text=True)  # fmt: skip
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_whole_reports_are_one_line_of_python(tmp_path: Path, reported: list[list[Any]]) -> None:
    (whole,) = [one for one in shown_commands() if one.startswith("python")]
    assert printed(whole, tmp_path) == reported


@pytest.mark.skipif(shutil.which("jq") is None, reason="needs jq")
def test_jq_shows_what_changed_and_what_is_whole(tmp_path: Path, reported: list[list[Any]]) -> None:
    changed, whole = [one for one in shown_commands() if one.startswith("jq")]
    assert printed(changed, tmp_path) == [[0], [1, 1], [2, 2]]
    assert printed(whole, tmp_path) == [reported[0][1]["report"]]


def test_the_line_that_is_shown_is_one_that_readers_take() -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    stamp = {"timestamp": 1.0}
    report = [{"id": id, **stamp} for id in ("IT01A1", "ROA1", "CPa")]
    report.append({"id": "CPb", **stamp, "nominated": True})
    before = {"connection": "connection-0", "report": report}
    assert whole(before, json.loads(shown))["report"] == [
        {"id": "IT01A1", "timestamp": 1796040953491.03, "packetsReceived": 929, "jitter": 0.003},
        {"id": "ROA1", "timestamp": 1796040949328.545},
        {"id": "CPb", "timestamp": 1796040953491.03},
    ]
