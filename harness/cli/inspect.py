"""``harness inspect``: a page opened and watched, and what is wrong with it listed at the end."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from harness.cli.inspect_view import LineView, TerminalView
from harness.cli.interrupts import run_async
from harness.cli.list_findings import as_lines, exit_code
from harness.cli.typed_lines import LineEditor, lines_of, lines_of_terminal
from harness.codegen.acts import SecretVariables
from harness.codegen.page_address import page_of, written_address
from harness.errors import UsageError
from harness.findings.watch import findings_of
from harness.inspection.recorded_scenario import Act, scenario_text
from harness.inspection.session import InspectOptions, inspect_page
from harness.redact import Masker, shown
from harness.terminal_text import printable
from harness.trace import TraceEvent, read_trace


@dataclass(frozen=True, slots=True)
class InspectWish:
    """What is inspected, and what is left of it."""

    options: InspectOptions
    record_scenario: Path | None = None
    as_json: bool = False


def inspect_and_list(wish: InspectWish) -> int:
    """Inspect a page, then list what was found.

    Returns:
        1 where something is wrong (an error or a warning), else 0.

    Raises:
        UsageError: what was given cannot be.
        HarnessError: no browser, or no page.
        KeyboardInterrupt: Ctrl-C; what was found is listed first.
    """
    check(wish)
    trace = wish.options.out / "trace.jsonl"
    try:
        acts = run_async(_inspect(wish.options))
    except KeyboardInterrupt:
        if trace.is_file():
            show(wish, read_trace(trace).events)
        raise
    events = read_trace(trace).events
    if wish.record_scenario is not None:
        keep_scenario(wish.record_scenario, events, acts, wish.options)
    return show(wish, events)


def pauses_on(what: str | None) -> bool:
    """Whether a finding holds the page's scripts.

    Raises:
        UsageError: something else is to do so.
    """
    if what not in (None, "finding"):
        raise UsageError("There is nothing else to pause on.", expected="finding", found=what)
    return what is not None


def check(wish: InspectWish) -> None:
    """Refuse what cannot be before a browser starts.

    Raises:
        UsageError: no address, options that exclude each other, or a scenario that is there
            already.
    """
    url = wish.options.url
    if not url.startswith(("http://", "https://", "file://")):
        raise UsageError(
            "This is no address of a page.",
            expected="http://…, https://… or file://…",
            found=url,
            hint=f"harness inspect http://{url}" if "." in url or ":" in url else None,
        )
    if wish.options.attach is not None and not wish.options.call.headless:
        raise UsageError(
            "A browser that runs already is shown, or it is not.",
            expected="either --attach or --headed",
            found="both",
        )
    path = wish.record_scenario
    if path is not None and path.exists():
        raise UsageError(
            f"{path} is there already.", expected="the name of a new file", found=f"{path}"
        )


async def _inspect(options: InspectOptions) -> Sequence[Act]:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return await inspect_page(options, LineView(), lines_of(sys.stdin))
    editor = LineEditor()
    async with lines_of_terminal(sys.stdin, editor) as lines:
        with TerminalView(Console(stderr=True), editor) as view:
            return await inspect_page(options, view, lines)


def keep_scenario(
    path: Path, events: Sequence[TraceEvent], acts: Sequence[Act], options: InspectOptions
) -> None:
    """Write the scenario of what was said; where nothing was, say so.

    Args:
        path: a new file; the scenario has its name.
        events: of the trace.
        acts: what was done on the page.
        options: how the page was inspected; what lets somebody in is written as variables.

    Raises:
        OSError: it cannot be written.
    """
    hidden = SecretVariables(path.stem)
    page = page_of(written_address(options.url, hidden), options.call)
    home, network = path.parent.resolve(), options.call.network
    try:
        text = scenario_text(events, acts, page, path.stem, home, network, hidden)
    except UsageError as error:
        print(f"harness: {error.message}", file=sys.stderr)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Masker().text(text), encoding="utf-8")
    print(printable(f"harness: scenario: {path}"), file=sys.stderr)
    if hidden.values:
        names = ", ".join(sorted(hidden.values))
        print(f"harness: set before it runs: {names}", file=sys.stderr)


def show(wish: InspectWish, events: Sequence[TraceEvent]) -> int:
    """List the findings; 1 where one is an error or a warning."""
    found = findings_of(events)
    out = wish.options.out
    if wish.as_json:
        data = {
            "url": shown(wish.options.url),
            "out": str(out),
            "findings": [one.as_data() for one in found],
        }
        print(json.dumps(data, ensure_ascii=False), flush=True)
    else:
        print("\n".join(as_lines(found)), flush=True)
        print(printable(f"Trace: {out}"), file=sys.stderr)
    return exit_code(found)
