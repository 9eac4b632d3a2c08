"""``harness findings``: what is wrong with calls that were recorded, wherever they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.cli.report import TRACE, find_runs
from harness.exchange.opened import opened_run
from harness.facts.call import DumpRead
from harness.findings.finding import Finding
from harness.findings.watch import findings_of
from harness.inspection.board import finding_lines
from harness.terminal_text import printable
from harness.trace import Trace, read_trace

FOUND = 1


def list_findings(paths: Sequence[Path], *, as_json: bool) -> int:
    """List the findings of each call; 1 where one is an error or a warning.

    Raises:
        UsageError: there is no call at one of the places.
        ArtifactError: one cannot be read.
    """
    calls: list[dict[str, Any]] = []
    code, lines = 0, []
    for path in paths:
        with opened_run(path) as opened:
            traces = traces_at(opened)
            for trace in map(read_trace, traces):
                found = findings_of(trace.events)
                code = max(code, exit_code(found))
                name = str(trace.header.get("name") or path.stem)
                call = {"name": name, "findings": [one.as_data() for one in found]}
                is_one = len(paths) == len(traces) == 1
                lines += [] if is_one else [printable(f"{name} ({path})")]
                lines += as_lines(found)
                if missing := not_read(trace):
                    call["not_read"] = missing
                    lines.append(printable(f"Not all of it was read: {missing}."))
                calls.append(call)
    shown = json.dumps({"calls": calls}, ensure_ascii=False) if as_json else "\n".join(lines)
    print(shown, flush=True)
    return code


def traces_at(path: Path) -> list[Path]:
    """The traces of the calls at a place: a trace itself, under any name, or those of runs.

    Raises:
        UsageError: there is none.
    """
    if path.is_file() and path.suffix == ".jsonl":
        return [path]
    return [run / TRACE for run in find_runs(path)]


def not_read(trace: Trace) -> str:
    """What of a call could not be read, so that nothing was looked for there; "": nothing."""
    cut = [str(read.data.get("cut") or "") for read in trace.of_type(DumpRead.type)]
    return "; ".join(one for one in cut if one) or ("its last line is cut" if trace.cut else "")


def as_lines(found: Sequence[Finding]) -> list[str]:
    """The findings for people, those of a kind together."""
    if not found:
        return ["Nothing is wrong, as far as this call showed."]
    by_name: dict[str, list[Finding]] = {}
    for one in found:
        by_name.setdefault(one.name, []).append(one)
    lines = [f"{len(found)} findings:" if len(found) > 1 else "1 finding:"]
    for same in by_name.values():
        lines += finding_lines(same[0])
        if len(same) > 1:
            lines.append(f"  and {len(same) - 1} times more")
    return lines


def exit_code(found: Sequence[Finding]) -> int:
    """1 where something is wrong: an error or a warning; a note is no harm."""
    return FOUND if any(one.severity != "note" for one in found) else 0
