"""Findings and statistics of a call that runs, from its trace."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from harness.call.events import CallEvent, matching
from harness.errors import UsageError
from harness.facts.call import ClipPlayed, NotPlayed
from harness.findings.finding import Finding
from harness.findings.watch import findings_of
from harness.score.call_stats import CallStats
from harness.trace import Trace, TraceEvent, read_trace

if TYPE_CHECKING:
    from harness.call.recorder import CallRecorder


def findings_so_far(recorder: CallRecorder) -> list[Finding]:
    """What is wrong with the call until now, the gravest first.

    Raises:
        UsageError: the trace was a temporary one, and has gone with the call's block.
        ArtifactError: the trace cannot be read.
    """
    events = _trace(recorder, "call.findings").events
    unplayed = recorder.playback.unplayed() if recorder.playback is not None else []
    facts = [NotPlayed(**asdict(stretch)) for stretch in unplayed]  # told in the trace at the end
    more = [
        TraceEvent(len(events) + number, fact.start_s, fact.source, fact.type, fact.to_data())
        for number, fact in enumerate(facts)
    ]
    return findings_of([*events, *more])


def stats_so_far(recorder: CallRecorder) -> CallStats:
    """The statistics of the call until now.

    Raises:
        UsageError, ArtifactError: as `findings_so_far`.
    """
    return CallStats(_trace(recorder, "call.stats").of_type("stats"))


def _trace(recorder: CallRecorder, for_what: str) -> Trace:
    if not recorder.trace_path.parent.is_dir():
        raise UsageError(
            f"`{for_what}` needs the call's trace, which has gone with its block.",
            expected="its use inside of the block, or a folder that the trace is kept in",
            found="a call without `out=…`, whose block was left",
            hint="use it inside of the block, or give one, as in `listen(page, out=folder)`",
        )
    return read_trace(recorder.trace_path)


def clips_so_far(recorder: CallRecorder) -> list[ClipPlayed]:
    """What the user said until now, in order of time."""
    reader = recorder.events.reader(from_start=True, match=matching(ClipPlayed))
    facts = [event.fact for event in reader.take_available()]
    return [fact for fact in facts if isinstance(fact, ClipPlayed)]


async def reports_every(
    every_s: float, events: AsyncIterable[CallEvent]
) -> AsyncIterator[dict[str, Any]]:
    """The getStats reports among these events, at most one each ``every_s`` of the timeline."""
    last_s = float("-inf")
    async for event in events:
        if event.t_s - last_s >= every_s * 0.9:
            last_s = event.t_s
            yield dict(event.data)
