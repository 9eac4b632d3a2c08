"""Findings against pages of known faults, and against healthy ones: what is found, what is not.

Each page is a small one in ``fixtures/pages/planted`` or ``fixtures/pages/healthy``, in a Chromium,
with a call to the local server; a user talks to it. The findings are read from its trace.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from harness.bench.findings_pages import PageCase, page_cases, served_pages
from harness.bench.progress import ProgressLine, told
from harness.bench.usual_check import fake_device_browser, usual_check
from harness.browser.launch import Chromium, open_chromium
from harness.call.opening import CallOptions
from harness.engines.browser.call import BrowserCall
from harness.engines.browser.open import open_call
from harness.errors import HarnessError, UsageError
from harness.findings.catalogue import FAMILIES
from harness.findings.watch import findings_of
from harness.server.process.launch import start_server
from harness.trace import TraceEvent, read_trace

MACHINE = frozenset(kind.name for rule in FAMILIES["media quality"] for kind in rule.finds)
CONNECT_S = 8.0
ANSWER_S = 12.0
TOOL_S = 12.0
"""A call stays so long after a tool was called: longer than a result may take."""

GONE_S = 6.0
"""A call goes on so long without its microphone: longer than a page may take to see to it."""

AWAY_S = 2.5
"""Of the answer, a user who is away would hear so much."""

HIDE = """() => {
  Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
  Object.defineProperty(document, "hidden", { configurable: true, value: true });
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""
"""A page under Playwright is never hidden, so it is told that it is, as its own tests would."""

LONG_ANSWER = (
    "We have a table by the window, one in the garden and one near the kitchen; the garden closes "
    "at nine, the kitchen at ten, and by the window you can stay for as long as you like."
)
SCRIPT = {
    "rules": [
        {"when": {"tool": "book_table"}, "say": "Your table is booked for tomorrow."},
        {
            "when": {"words": ["tomorrow"]},
            "call": {"name": "book_table", "arguments": {"guests": 2}},
        },
        {"when": {"words": ["table"]}, "say": LONG_ANSWER},
        {"say": "Good evening, how can I help you?"},
    ]
}


@dataclass(frozen=True)
class Visited:
    """What was found so far, by page; a page that is not there was not visited to its end."""

    found: dict[str, list[str]] = field(default_factory=dict)
    """Names of findings."""

    usual: dict[str, list[str]] = field(default_factory=dict)
    """What the usual check sees, in the pages that it can look at."""


async def measure(
    pages: str | None = None,
    out: str | None = None,
    so_far: Callable[[Mapping[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Recall on planted pages, false alarms on healthy ones, and what was found in each.

    Args:
        pages: names or patterns (“healthy/*”), separated by commas; all where absent.
        out: a folder where the traces stay; a temporary one where absent.
        so_far: is told the figures after each page, of the pages until then.

    Raises:
        UsageError: there is no page of such a name.
    """
    cases = chosen(pages)
    visited = Visited()
    with contextlib.ExitStack() as stack:
        kept = Path(out or stack.enter_context(tempfile.TemporaryDirectory()))
        await _run(cases, kept, visited, so_far or (lambda _: None))
    return all_figures(cases, visited)


def all_figures(cases: Sequence[PageCase], visited: Visited) -> dict[str, Any]:
    """The figures of the pages that were visited, and which of the chosen ones were not."""
    done = [case for case in cases if case.name in visited.found]
    return {
        "is_complete": len(done) == len(cases),
        "not_visited": [case.name for case in cases if case.name not in visited.found],
        **figures(done, visited.found),
        "usual_check": usual_figures(done, visited.usual),
    }


def figures(cases: Sequence[PageCase], found: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The figures from what was found in each page.

    ``recall`` is the share of what was planted that was found; ``false_alarms`` counts findings of
    healthy pages, ``beside`` those of planted ones that were not planted. Findings of media quality
    are true of a machine that is too busy, and say nothing of a page: ``of_the_machine``; one that
    was planted does.
    """
    of_page = {case.name: of_the_page(case, found[case.name]) for case in cases}
    machine = sum(len(found[page]) - len(kept) for page, kept in of_page.items())
    found = of_page
    planted = [(case, name) for case in cases for name in case.finds]
    hits = [name for case, name in planted if name in found[case.name]]
    alarms = [name for case in cases if not case.finds for name in found[case.name]]
    beside = [n for case in cases if case.finds for n in found[case.name] if n not in case.finds]
    return {
        "planted_pages": sum(bool(case.finds) for case in cases),
        "healthy_pages": sum(not case.finds for case in cases),
        "kinds": len({name for _, name in planted}),
        "recall": round(len(hits) / len(planted), 4) if planted else None,
        "false_alarms": len(alarms),
        "beside": len(beside),
        "of_the_machine": machine,
        "pages": {
            case.name: {"planted": list(case.finds), "found": list(found[case.name])}
            for case in cases
        },
    }


def of_the_page(case: PageCase, found: Sequence[str]) -> list[str]:
    """What was found, without what is true of a machine that is too busy and was not planted."""
    return [name for name in found if name not in MACHINE or name in case.finds]


def usual_figures(cases: Sequence[PageCase], usual: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The same pages by a check of the usual kind: those in which it sees anything wrong at all."""
    pages = [case for case in cases if case.name in usual]
    planted = [bool(usual[case.name]) for case in pages if case.finds]
    return {
        "recall": round(sum(planted) / len(planted), 4) if planted else None,
        "false_alarms": sum(bool(usual[case.name]) for case in pages if not case.finds),
    }


def as_text(measured: Mapping[str, Any]) -> str:
    """The figures, and each page on which something was missed or found too much."""
    apart = ("pages", "is_complete", "not_visited")
    lines = [f"{name:<14} {value}" for name, value in measured.items() if name not in apart]
    for name, page in measured["pages"].items():
        if differs := difference(page["planted"], page["found"]):
            lines.append(f"{name}: {differs}")
    left = measured["not_visited"]
    if left:
        count = len(measured["pages"])
        lines.insert(0, f"INCOMPLETE: {count} of {count + len(left)} pages; the figures are theirs")
        lines.append(f"not visited: {', '.join(left)}")
    return "\n".join(lines)


def difference(planted: Sequence[str], found: Sequence[str]) -> str:
    """What was missed and what is beside, in words; "" where what was planted was found."""
    missed = [f"missed {one}" for one in sorted(set(planted) - set(found))]
    beside = [f"beside {one}" for one in sorted(set(found) - set(planted))]
    return ", ".join([*missed, *beside])


def chosen(pages: str | None) -> list[PageCase]:
    """Pages by names and patterns, in the order of the names, each once.

    Raises:
        UsageError: there is no page of such a name.
    """
    cases = page_cases()
    if pages is None:
        return cases
    found: dict[str, PageCase] = {}
    for name in (name.strip() for name in pages.split(",")):
        matching = [case for case in cases if fnmatchcase(case.name, name)]
        if not matching:
            known = ", ".join(case.name for case in cases)
            raise UsageError(f"There is no page “{name}”.", expected=known, found=name)
        found.update({case.name: case for case in matching})
    return list(found.values())


async def _run(
    cases: Sequence[PageCase],
    out: Path,
    visited: Visited,
    so_far: Callable[[Mapping[str, Any]], None],
) -> None:
    """Visit them one by one; what was not found as planted is told at once."""
    line = ProgressLine()
    async with (
        start_server(script=SCRIPT, accept_any_key=True) as server,
        served_pages(server) as address,
        open_chromium() as chromium,
        fake_device_browser() as by_hand,
    ):
        for case in told(cases, len(cases), lambda case: case.name, line):
            if "/" in case.path.rstrip("/"):  # what it looks at is where those pages have it
                visited.usual[case.name] = await usual_check(by_hand, address + case.path)
            events = await visit(case, address, chromium, out / case.name.replace("/", "-"))
            _stop_where_cancelled()
            found = list(dict.fromkeys(one.name for one in findings_of(events)))
            visited.found[case.name] = found
            so_far(all_figures(cases, visited))
            if differs := difference(case.finds, of_the_page(case, found)):
                line.note(f"{case.name}: {differs}")


def _stop_where_cancelled() -> None:
    """A call that is cancelled may end by an error of its own, as any call on such a page may."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def visit(case: PageCase, address: str, chromium: Chromium, folder: Path) -> list[TraceEvent]:
    """One call on one page; its trace, however it ended."""
    start = [{"click": "#start"}] if case.user == "click-and-talk" else []
    options = CallOptions(
        name=case.name,
        connect_s=CONNECT_S,
        microphone=case.microphone,
        autoplay=case.autoplay,
        start=start,
    )
    with contextlib.suppress(HarnessError):  # what is wrong with the page may end its call
        async with open_call(
            address + case.path, out=folder, chromium=chromium, options=options
        ) as call:
            await _act(call, case)
    return read_trace(folder / "trace.jsonl").events


async def _act(call: BrowserCall, case: PageCase) -> None:
    user = case.user
    if user == "stay":
        await call.silence(case.stays_s)
    elif user in ("unplug", "plug-again"):
        await call.silence(1.0)
        await call.set_microphone("none")
        if user == "plug-again":
            await call.silence(2.0)
            await call.set_microphone("allow")
        await call.silence(GONE_S)
    elif user == "end":
        await call.silence(1.0)
        call.recorder.hanging_up = True  # the page is to close its call, and that is no loss
        await call.page.page.click("#end")
        await asyncio.sleep(2.5)
    elif user == "interrupt":
        await call.say("booking-table-for-two", wait=False)
        await call.interrupt("interruption-wait", after_s=1.0, within_s=ANSWER_S)
        await call.answer(within_s=ANSWER_S)
        await call.silence(2.0)
    elif user == "leave":
        await call.say("booking-table-for-two")
        await call.page.page.evaluate(HIDE)
        with contextlib.suppress(HarnessError):
            await call.expect("output_audio_buffer.started", within_s=ANSWER_S)
        await call.silence(AWAY_S)
    elif user == "book":
        await call.say("booking-tomorrow-at-seven")
        await call.silence(TOOL_S)
    else:
        if user == "wait-and-talk":
            await call.silence(3.0)
        await call.say("booking-hesitation" if user == "hesitate" else "booking-table-for-two")
        with contextlib.suppress(HarnessError):
            await call.answer(within_s=ANSWER_S)
        await call.silence(1.0)
