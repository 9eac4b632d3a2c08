"""Events of a trace: those that are looked at later say what the others would have said."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ArtifactError
from harness.facts.connection import Stats
from harness.kept_stats import LOST
from harness.trace import Trace, TraceWriter, read_trace
from harness.trace_events import (
    MOST_REPORTS,
    EventOfLine,
    EventOnDisk,
    TraceEvent,
    WholeEvents,
    line_of,
)

COUNT = 3 * MOST_REPORTS


def report(number: int) -> list[dict[str, Any]]:
    known = {f"n{i}": f"it stays what it is, {i}" for i in range(10)}
    return [
        {"id": id, "timestamp": number + 0.5, **known, "packets": number * step}
        for id, step in (("in", 3), ("out", 0))
    ]


def write(path: Path, count: int = COUNT) -> list[TraceEvent]:
    """What was written: reports of two connections, and a message after each."""
    with TraceWriter(path, {"name": "t"}) as trace:
        return [event for number in range(count) for event in _second(trace, number)]


def _second(trace: TraceWriter, number: int) -> Iterator[TraceEvent]:
    data = {"connection": f"c{number % 2}", "report": report(number)}
    yield trace.write("page", "stats", data, number)
    message = {"connection": "c0", "channel": "d", "label": "l", "direction": "sent",
               "text": f"{number}", "size": 1}  # fmt: skip
    yield trace.write("page", "data_channel.message", message, number)


@pytest.fixture(params=["short", "long"])
def is_long(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    if request.param == "long":
        monkeypatch.setattr("harness.trace.LONG_BYTES", 0)
    return bool(request.param == "long")


@pytest.fixture
def written(tmp_path: Path) -> list[TraceEvent]:
    return write(tmp_path / "trace.jsonl")


@pytest.fixture
def trace(is_long: bool, written: list[TraceEvent], tmp_path: Path) -> Trace:
    return read_trace(tmp_path / "trace.jsonl")


def test_reports_are_whole_in_order_and_from_anywhere(
    trace: Trace, written: list[TraceEvent]
) -> None:
    assert trace.events == written
    assert written == trace.events
    for number in (COUNT, 7, COUNT + 2, 58, 60, 62, 0):
        assert trace.events[number].data == written[number].data
    assert isinstance(trace.of_type("stats")[-1].fact, Stats)


def test_differences_are_made_whole_when_they_are_looked_at(trace: Trace, is_long: bool) -> None:
    types = [type(event) for event in trace.of_type("stats")[:3]]
    other = EventOnDisk if is_long else EventOfLine
    assert types == [EventOnDisk if is_long else TraceEvent] * 2 + [other]


def test_one_look_does_not_change_what_the_next_one_sees(trace: Trace) -> None:
    event = trace.of_type("stats")[5]
    event.data["connection"] = "changed"
    event.data.pop("report")
    assert event.data == {"connection": "c1", "report": report(5)}


def test_an_event_that_is_looked_at_later_can_be_copied_and_sent(trace: Trace) -> None:
    event = trace.of_type("stats")[5]
    for other in (copy.copy(event), copy.deepcopy(event), pickle.loads(pickle.dumps(event))):
        assert type(other) is TraceEvent
        assert other == event
    assert event != trace.events[0]
    assert replace(event, t_s=None) == TraceEvent(event.seq, None, "page", "stats", event.data)


def reads_of(trace: Trace, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    read: list[int] = []
    for kind in {type(event) for event in trace.events} - {TraceEvent}:
        real = kind.read  # type: ignore[attr-defined]

        def noted(event: Any, real: Any = real) -> Any:
            read.append(event.seq)
            return real(event)

        monkeypatch.setattr(kind, "read", noted)
    return read


def test_read_in_order_each_line_is_read_once(
    trace: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reads_of(trace, monkeypatch)
    for event in trace.events:
        assert event.data == event.data
    assert len(read) == len(set(read))


def test_a_window_that_is_looked_at_again_is_not_read_again(
    trace: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reads_of(trace, monkeypatch)
    window = trace.of_type("stats")[COUNT // 2 :][:30]
    for _ in range(5):
        assert all(event.data["report"] for event in window)
    assert len(read) <= 30 + 2 * 30, "the window, and behind each connection's last whole one"


def test_a_line_that_is_missing_loses_what_follows_it_until_the_next_whole_one(
    written: list[TraceEvent], tmp_path: Path, is_long: bool
) -> None:
    path = tmp_path / "trace.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[1 + 8]  # the fifth report, the third of its connection
    path.write_bytes(b"".join(lines))
    trace = read_trace(path)
    told = trace.of_type("stats")
    lost = [event.seq for event in told if LOST in event.data]
    assert lost == list(range(12, 120, 4))
    assert trace.lost == len(lost)
    assert told[5].data == {"connection": "c0", "report": [], LOST: 8}
    assert [e for e in told if e.seq not in lost] == [
        e for e in written if e.type == "stats" and e.seq not in (8, *lost)
    ]
    followed = WholeEvents()
    assert [followed.event(raw) for raw in lines[1:]] == trace.events


def test_a_trace_that_grows_is_the_same_and_one_that_was_replaced_is_not(
    written: list[TraceEvent], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.trace.LONG_BYTES", 0)
    path = tmp_path / "trace.jsonl"
    trace = read_trace(path)
    assert trace.events[4].data == written[4].data
    with path.open("ab") as file:
        file.write(b"{}\n")
    assert trace.events[4].data == written[4].data
    path.with_name("other").write_bytes(b"x")
    path.with_name("other").replace(path)
    with pytest.raises(ArtifactError, match="a moment ago"):
        _ = trace.events[4].data


def test_followed_line_by_line_it_is_the_same(written: list[TraceEvent], tmp_path: Path) -> None:
    whole = WholeEvents()
    lines = (tmp_path / "trace.jsonl").read_bytes().splitlines()[1:]
    assert [whole.event(raw) for raw in lines] == written


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"seq": 1, "t_s": 0, "source": "a"}'])
def test_what_is_no_event_is_refused(raw: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        line_of(raw)


def test_a_line_is_read_as_it_was_written() -> None:
    line = {"seq": 1, "t_s": None, "source": "page", "type": "x", "more": 1, "data": {"a": "ä"}}
    assert line_of(json.dumps(line, ensure_ascii=False).encode() + b"\n") == line
