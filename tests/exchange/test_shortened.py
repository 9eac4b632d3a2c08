"""Traces as they are packed: whole lines, and of what was before the kept part the small things."""

from __future__ import annotations

from pathlib import Path

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
