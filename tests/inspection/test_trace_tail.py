"""A trace that is followed while it grows."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ArtifactError
from harness.inspection.trace_tail import TraceTail
from harness.trace import TraceWriter, read_trace


def test_each_event_comes_once_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    tail = TraceTail(path)
    assert tail.take() == []
    with TraceWriter(path, {"name": "a"}) as trace:
        assert tail.take() == []
        trace.write("page", "one", {"text": "line\u2028separator"}, 0.5)
        assert [event.type for event in tail.take()] == ["one"]
        trace.write("page", "two")
        trace.write("page", "three")
        assert [event.type for event in tail.take()] == ["two", "three"]
    assert tail.take_all() == []
    assert TraceTail(path).take_all() == read_trace(path).events


def test_half_a_line_waits_for_its_rest(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    line = b'{"seq": 0, "t_s": null, "source": "page", "type": "one", "data": {}}\n'
    path.write_bytes(b'{"harness_trace": 1}\n' + line[:30])
    tail = TraceTail(path)
    assert tail.take() == []
    with path.open("ab") as file:
        file.write(line[30:])
    assert [event.type for event in tail.take()] == ["one"]


def test_a_line_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_bytes(b'{"harness_trace": 1}\nnonsense\n')
    with pytest.raises(ArtifactError, match="nonsense"):
        TraceTail(path).take()


def test_reports_are_whole_also_where_a_look_ends_between_them(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    tail, found = TraceTail(path), []
    with TraceWriter(path, {"name": "a"}) as trace:
        written = []
        for number in range(40):
            entry = {"id": "in", "timestamp": number, "stays": "x" * 200, "packets": number}
            data = {"connection": "c", "report": [entry]}
            written.append(trace.write("page", "stats", data, number))
            found += tail.take() if number % 7 == 0 else []
    assert found + tail.take_all() == written
    assert path.read_text(encoding="utf-8").count('"since"') == 38
