"""The lane of a Playwright trace: what a test did on its page, on the time line of the call."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.errors import ArtifactError
from harness.exchange.begun import begun_ms
from harness.exchange.playwright_trace import NAME, PlaywrightAction, read_playwright_trace
from harness.report.drawing import Bar, Lane, milliseconds, with_room
from harness.score.call_record import CallRecord


@dataclass(frozen=True, slots=True)
class ShownTrace:
    """What the report has of a Playwright trace."""

    lane: Lane
    command: str
    """Opens it in Playwright's own viewer."""

    note: str = ""
    """What is not shown of it, or why nothing is; "": all is."""


def playwright_lane(
    record: CallRecord, given: Path | None, beside: str | None, end_s: float
) -> ShownTrace | None:
    """The lane; None where no trace was given, and none lies beside the call.

    Args:
        record: the call.
        given: a trace; absent: the one beside the call.
        beside: how the report calls that one: its path from the report's own folder.
        end_s: of the time line.

    Raises:
        ArtifactError: what was given cannot be read. One that lies beside the call, and cannot, is
            noted in the report.
    """
    path = given or record.folder / NAME
    if given is None and not path.is_file():
        return None
    command = f"playwright show-trace {shlex.quote(str(given or beside or NAME))}"
    lane, note = Lane("Playwright", "actions", "what the test did, by its Playwright trace"), ""
    try:
        read = read_playwright_trace(path)
    except ArtifactError as error:
        if given is not None:
            raise
        return ShownTrace(lane, command, f"Cannot be drawn: {error.message} {error.found}")
    zero_ms = begun_ms(record.trace, record.folder)
    bars = action_bars(read.actions, zero_ms, end_s)
    if read.missing:
        note = f"Not read: {read.missing}."
    elif read.actions and not bars:
        note = "Its actions lie before or after the call: is it the trace of another one?"
    return ShownTrace(replace(lane, bars=tuple(bars)), command, note)


def action_bars(actions: Sequence[PlaywrightAction], zero_ms: float, end_s: float) -> list[Bar]:
    """The actions as bars; those outside of the time line are left out.

    Args:
        actions: of a trace.
        zero_ms: when second 0 was, milliseconds since 1970.
        end_s: of the time line.
    """
    bars = []
    for action in actions:
        start_s = (action.start_ms - zero_ms) / 1000
        until_s = end_s if action.end_ms is None else (action.end_ms - zero_ms) / 1000
        if until_s < 0 or start_s > end_s:
            continue
        text = f"{action.name} {action.target}".strip()
        if action.error:
            how = action.error
        elif action.end_ms is None:
            how = "never came back"
        else:
            how = milliseconds(max(0.0, until_s - start_s))
        is_bad = bool(action.error) or action.end_ms is None
        start_s, until_s = max(0.0, start_s), min(max(until_s, start_s), end_s)
        bars.append(Bar(start_s, until_s, text, f"{text}: {how}", "bad" if is_bad else ""))
    return with_room(bars, end_s)
