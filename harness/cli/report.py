"""``harness report``: from traces, also old ones, to the three reports."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from harness.errors import UsageError

TRACE = "trace.jsonl"


def write_report(traces: Sequence[Path], *, out: Path | None, as_json: bool) -> int:
    """Write the reports and say where; 0 once they are written."""
    folders = list(dict.fromkeys(folder for path in traces for folder in find_runs(path)))
    out = out or _common_place(traces[0], folders)
    from harness.report.write import write_reports

    results = write_reports(out, folders)
    from harness.cli.run import show

    show(results, out, as_json=as_json)
    if as_json:
        print(f"Report: {out / 'report.html'}", file=sys.stderr)
    return 0


def find_runs(path: Path) -> list[Path]:
    """The folders with a trace that are meant: the one named, or those in it.

    Raises:
        UsageError: there is no trace at that place.
    """
    if path.is_file() and path.name == TRACE:
        return [path.parent]
    if (path / TRACE).is_file():
        return [path]
    inside = sorted(found.parent for found in path.glob(f"*/{TRACE}")) if path.is_dir() else []
    if inside:
        return inside
    raise UsageError(
        f"There is no trace at {path}.",
        expected=f"a folder with {TRACE}, or a folder of such folders (the --out of a run)",
        found=_what_is_there(path),
    )


def _common_place(first: Path, folders: Sequence[Path]) -> Path:
    """A run's own folder; for single scenarios the folder that holds the first of them."""
    return first if first.is_dir() and first not in folders else folders[0].parent


def _what_is_there(path: Path) -> str:
    if path.is_dir():
        names = sorted(found.name for found in path.iterdir())
        return f"a folder with {', '.join(names[:6])}" if names else "an empty folder"
    return f"a file named {path.name}" if path.exists() else "nothing"
