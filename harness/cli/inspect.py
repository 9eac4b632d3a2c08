"""``harness inspect``: a page opened and watched, and what is wrong with it listed at the end."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from harness.cli.inspect_view import LineView, TerminalView
from harness.cli.interrupts import ending_signal, run_async
from harness.cli.list_findings import as_lines, exit_code
from harness.cli.typed_lines import LineEditor, lines_of, lines_of_terminal
from harness.codegen.acts import SecretVariables
from harness.codegen.page_address import page_of, written_address
from harness.errors import HarnessError, UsageError
from harness.findings.watch import findings_of
from harness.inspection.recorded_scenario import Act, scenario_text
from harness.inspection.session import InspectOptions, View, inspect_page
from harness.inspection.web_page import WebPage, open_web_page
from harness.inspection.web_view import BothViews, WebEnd, WebView, both_typed
from harness.redact import Masker, shown
from harness.scenario.addresses import check_page
from harness.terminal_text import printable
from harness.trace import TraceEvent, read_trace

REPORT = "report.html"


@dataclass(frozen=True, slots=True)
class InspectWish:
    """What is inspected, and what is left of it."""

    options: InspectOptions
    record_scenario: Path | None = None
    as_json: bool = False
    ui: bool = False
    """Whether it is a web page as well."""


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
        acts = run_async(_inspect_in_page(wish) if wish.ui else _inspect(wish.options))
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
    check_page(wish.options.url)
    if wish.options.attach is not None and not wish.options.call.headless:
        raise UsageError(
            "A browser that runs already is shown, or it is not.",
            expected="either --attach or --headed",
            found="both",
        )
    path = wish.record_scenario
    if wish.options.microphone == "own":
        _check_own(wish)
    if path is not None and path.exists():
        raise UsageError(
            f"{path} is there already.", expected="the name of a new file", found=f"{path}"
        )


def _check_own(wish: InspectWish) -> None:
    """What cannot be where a person speaks into their own microphone."""
    if wish.options.attach is not None:
        raise UsageError(
            "In a browser that runs already the microphone is that of the harness.",
            expected="either --attach or --microphone own",
            found="both",
        )
    if wish.record_scenario is not None:
        raise UsageError(
            "What you say yourself has to be cut and understood first.",
            expected="--record-scenario with the microphone that says what is typed",
            found="--record-scenario and --microphone own",
            hint=f"harness record {shown(wish.options.url)} does it",
        )


async def _inspect(options: InspectOptions, web: WebView | None = None) -> Sequence[Act]:
    def with_page(view: View) -> View:
        return view if web is None else BothViews(view, web)

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        typed = lines_of(sys.stdin)
        if web is not None:  # a pipe that ends leaves the page
            typed = both_typed(typed, web, ends=False)
        return await inspect_page(options, with_page(LineView()), typed)
    editor = LineEditor()
    async with lines_of_terminal(sys.stdin, editor) as lines:
        both = lines if web is None else both_typed(lines, web, ends=True)
        with TerminalView(Console(stderr=True), editor) as view:
            return await inspect_page(options, with_page(view), both)


async def _inspect_in_page(wish: InspectWish) -> Sequence[Act]:
    web, out = WebView(), wish.options.out
    async with open_web_page(web) as page:
        print(f"harness: inspect it in a browser: {page.url}", file=sys.stderr, flush=True)
        try:
            acts = await _inspect(wish.options, web)
        except HarnessError as error:
            web.finish(WebEnd(f"{error}"))
            raise
        except asyncio.CancelledError:
            web.finish(WebEnd(f"Ended in the terminal. Its report: harness report {out}"))
            raise
        web.line("the report is being written", "note")
        web.finish(await asyncio.to_thread(_reported, out))
        await _read_on(page)
    return acts


def _reported(out: Path) -> WebEnd:
    """Write the report of an inspection, for its page."""
    from harness.report.write import write_reports

    found = findings_of(read_trace(out / "trace.jsonl").events)
    outcome = as_lines(found)[0].rstrip(":")
    try:
        write_reports(out, [out])
    except HarnessError as error:
        return WebEnd(f"{outcome} There is no report: {error.message}", found)
    return WebEnd(outcome, found, out / REPORT)


async def _read_on(page: WebPage) -> None:
    """Serve the report for as long as somebody has the page open; Ctrl-C is no failure then."""
    if not page.is_open:
        return
    print("harness: its page has the report; close it, or Ctrl-C, to end", file=sys.stderr)
    try:
        await page.all_left()
    except asyncio.CancelledError:
        if ending_signal() is not signal.SIGINT:
            raise


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
