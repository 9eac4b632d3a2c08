"""``harness report``: from traces, also old ones, to the three reports."""

from __future__ import annotations

import contextlib
import shlex
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from harness.errors import UsageError
from harness.exchange.load_dump import is_of_firefox
from harness.exchange.opened import opened_run
from harness.exchange.taken_out import free_folder
from harness.paths import what_is_at

TRACE = "trace.jsonl"
FIREFOX = (
    "what Firefox saves of about:webrtc is for people; make the call in a Chromium, with "
    "chrome://webrtc-internals open before it"
)


def write_report(
    traces: Sequence[Path],
    *,
    out: Path | None,
    as_json: bool,
    opens: bool = False,
    playwright_trace: Path | None = None,
) -> int:
    """Write the reports and say where; 0 once they are written.

    Args:
        traces: folders of runs, traces, packed calls.
        out: where to; None: to the run or the call itself, of a packed one to a folder beside it.
        as_json: the results on standard output, as one JSON object.
        opens: whether the page is shown in the user's browser.
        playwright_trace: drawn beside the call; absent: the one that lies beside it.
    """
    with contextlib.ExitStack() as stack:
        opened: list[Path] = []
        for path in dict.fromkeys(traces):
            place = free_folder(unpacked_to(path, out), opened)
            opened.append(stack.enter_context(opened_run(path, place, sound="recorded")))
        folders = list(dict.fromkeys(folder for path in opened for folder in find_runs(path)))
        if out is None:
            is_own = opens or len(opened) == 1 or opened[0] != traces[0]
            out = _own_place(opened[0]) if is_own else _common_place(opened[0], folders)
        from harness.report.write import write_reports

        results = write_reports(out, folders, playwright_trace=playwright_trace)
    from harness.cli.run import show

    show(results, out, as_json=as_json)
    page = out / "report.html"
    if as_json:
        print(f"Report: {page}", file=sys.stderr)
    if opens and not webbrowser.open(page.resolve().as_uri()):
        print(f"harness: there is no browser to show it in: {page}", file=sys.stderr)
    return 0


def unpacked_to(path: Path, out: Path | None) -> Path:
    """Where a file of a call is taken out to, so that its report finds its sound."""
    name = path.stem if path.suffix == ".zip" else path.name
    return path.parent / f"{name}-unpacked" if out is None else out / name


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
        expected=f"a folder with {TRACE}, a folder of such folders (the --out of a run), a packed "
        "call, or a dump of chrome://webrtc-internals or rtcstats",
        found=what_is_at(path),
        hint=FIREFOX if is_of_firefox(path) else _renamed(path),
    )


def _renamed(path: Path) -> str | None:
    """How a trace under another name is shown, which has no recordings beside it."""
    if not path.is_file() or path.suffix != Path(TRACE).suffix:
        return None
    folder = shlex.quote(str(path.with_suffix("")))
    return f"mkdir {folder} && cp {shlex.quote(str(path))} {folder}/{TRACE}, and name that folder"


def find_run(path: Path, named: Path, command: str) -> Path:
    """The folder of the one call that is meant.

    Args:
        path: where it is.
        named: as the user called it.
        command: that takes one call at a time, for people.

    Raises:
        UsageError: there is no trace at that place, or there are several calls.
    """
    runs = find_runs(path)
    if len(runs) != 1:
        names = ", ".join(run.name for run in runs[:5])
        raise UsageError(
            f"There are {len(runs)} calls in {named}, and “{command}” takes one at a time.",
            expected="the folder of one call, or a packed one",
            found=names,
            hint=f"{command} {named}/{runs[0].name} …" if named.is_dir() else None,
        )
    return runs[0]


def _own_place(named: Path) -> Path:
    return named if named.is_dir() else find_runs(named)[0]


def _common_place(first: Path, folders: Sequence[Path]) -> Path:
    """A run's own folder; for single scenarios the folder that holds the first of them."""
    return first if first.is_dir() and first not in folders else folders[0].parent
