"""Traces as they are packed: whole lines, and of what was before the kept part the small things."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.exchange.shortened import last_s, shortened_lines, whole_lines
from harness.trace import TraceWriter, read_trace
from tests.support.healthy_call import HEALTHY, ticking


def trace(folder: Path) -> Path:
    path = folder / "trace.jsonl"
    with TraceWriter(path, {"name": "a"}) as writer:
        for t_s, fact in [*HEALTHY, *ticking(20.0)]:
            writer.write(fact.source, fact.type, fact.to_data(), t_s)
    return path


def test_half_a_line_is_left_out(tmp_path: Path) -> None:
    path = trace(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"seq": 999, "t_s"')
    assert b"".join(whole_lines(path)) == whole
    assert last_s(path) == 20.0


def test_before_the_kept_part_only_what_is_small_stays(tmp_path: Path) -> None:
    path = trace(tmp_path)
    short = tmp_path / "short.jsonl"
    short.write_bytes(b"".join(shortened_lines(path, 15.0)))
    before, after = read_trace(path), read_trace(short)
    assert after.header == before.header
    assert [event.t_s for event in after.of_type("stats")] == [15.0, 16.0, 17.0, 18.0, 19.0, 20.0]
    assert not after.of_type("data_channel.message")
    kept = [e for e in before.events if e.type not in ("stats", "data_channel.message")]
    assert [e for e in after.events if e.type != "stats"] == kept
    assert b"".join(shortened_lines(path, 0.0)) == path.read_bytes()


@pytest.mark.parametrize("from_s", [0.5, 7.0, 30.0, 44.5])
def test_reports_of_the_kept_part_are_whole(tmp_path: Path, from_s: float) -> None:
    """The ones that they are differences to are left out."""
    path, short = tmp_path / "trace.jsonl", tmp_path / "short.jsonl"
    with TraceWriter(path, {"name": "a"}) as writer:
        for number in range(90):
            entry = {"id": "in", "timestamp": number, "stays": "ä" * 200, "packets": number}
            data = {"connection": f"c{number % 2}", "report": [entry]}
            writer.write("page", "stats", data, None if number == 3 else number / 2)
    short.write_bytes(b"".join(shortened_lines(path, from_s)))
    before, after = read_trace(path), read_trace(short)
    kept = [event for event in before.events if event.t_s is None or event.t_s >= from_s]
    assert after.events == kept
    assert after.lost == 0
    assert short.stat().st_size < path.stat().st_size + 400


def test_a_report_that_was_lost_before_stays_so(tmp_path: Path) -> None:
    path, short = tmp_path / "trace.jsonl", tmp_path / "short.jsonl"
    with TraceWriter(path, {"name": "a"}) as writer:
        for number in range(9):
            entry = {"id": "in", "timestamp": number, "stays": "x" * 200, "packets": number}
            writer.write("page", "stats", {"connection": "c", "report": [entry]}, number)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    short.write_bytes(b"".join(shortened_lines(path, 5.0)))
    assert read_trace(short).events == [e for e in read_trace(path).events if e.seq >= 5]
    assert read_trace(short).lost == 4
