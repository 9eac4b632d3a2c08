"""Beginning of a call's time line, by the clock on the wall."""

from __future__ import annotations

from pathlib import Path

from harness.facts.call import CallOpened
from harness.trace import Trace

TRACE = "trace.jsonl"


def begun_ms(trace: Trace, folder: Path) -> float:
    """When second 0 was, milliseconds since 1970.

    As the page's clock had it, where the trace says so; else by when the file was written last,
    which is when its last event was.

    Args:
        trace: of the call.
        folder: where its file is.
    """
    for event in trace.of_type(CallOpened.type):
        if isinstance(event.fact, CallOpened) and event.fact.zero_ms is not None:
            return event.fact.zero_ms
    last_s = max((event.t_s for event in trace.events if event.t_s is not None), default=0.0)
    return ((folder / TRACE).stat().st_mtime - last_s) * 1000
