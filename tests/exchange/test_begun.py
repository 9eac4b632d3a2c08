"""When a call's time line began."""

from __future__ import annotations

import os
from pathlib import Path

from harness.exchange.begun import begun_ms
from harness.facts.call import CallOpened
from harness.trace import TraceWriter, read_trace


def test_the_page_s_clock_counts_and_else_when_the_trace_was_written(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with TraceWriter(path, {}) as trace:
        trace.add(CallOpened("native", "http://a/", 0.0), 2.5)
    os.utime(path, (1_000.0, 1_000.0))
    assert begun_ms(read_trace(path), tmp_path) == 997_500
    with TraceWriter(path, {}) as trace:
        trace.add(CallOpened("browser", "http://a/", 0.0, zero_ms=5_000.25), 2.5)
    assert begun_ms(read_trace(path), tmp_path) == 5_000.25
