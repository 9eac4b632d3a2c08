"""Findings against pages of known faults, and against healthy ones: what is found, what is not.

Each page is a small one in ``fixtures/pages/planted`` or ``fixtures/pages/healthy``, in a Chromium,
with a call to the local server; a user talks to it. The findings are read from its trace.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.bench.findings_pages import PageCase, page_cases, served_pages
from harness.bench.progress import told
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


async def measure(pages: str | None = None, out: str | None = None) -> dict[str, Any]:
    """Recall on planted pages, false alarms on healthy ones, and what was found in each.

    Args:
        pages: names, separated by commas; all where absent.
        out: a folder where the traces stay; a temporary one where absent.

    Raises:
        UsageError: there is no page of such a name.
    """
    cases = _chosen(pages)
    with contextlib.ExitStack() as stack:
        kept = Path(out or stack.enter_context(tempfile.TemporaryDirectory()))
        found, usual = await _run(cases, kept)
    return {**figures(cases, found), "usual_check": usual_figures(cases, usual)}


def figures(cases: Sequence[PageCase], found: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The figures from what was found in each page.

    ``recall`` is the share of what was planted that was found; ``false_alarms`` counts findings of
    healthy pages, ``beside`` those of planted ones that were not planted. Findings of media quality
    are true of a machine that is too busy, and say nothing of a page: ``of_the_machine``; one that
    was planted does.
    """
    of_page = {
        case.name: [n for n in found[case.name] if n not in MACHINE or n in case.finds]
        for case in cases
    }
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
    lines = [f"{name:<14} {value}" for name, value in measured.items() if name != "pages"]
    for name, page in measured["pages"].items():
        planted, found = set(page["planted"]), set(page["found"])
        missed = [f"missed {one}" for one in sorted(planted - found)]
        more = [f"beside {one}" for one in sorted(found - planted)]
        if missed or more:
            lines.append(f"{name}: {', '.join([*missed, *more])}")
    return "\n".join(lines)


def _chosen(pages: str | None) -> list[PageCase]:
    cases = page_cases()
    if pages is None:
        return cases
    names = [name.strip() for name in pages.split(",")]
    known = {case.name: case for case in cases}
    for name in names:
        if name not in known:
            raise UsageError(f"There is no page “{name}”.", expected=", ".join(known), found=name)
    return [known[name] for name in names]


async def _run(
    cases: Sequence[PageCase], out: Path
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """By page: the names of the findings, and what the usual check sees in those of one kind."""
    found: dict[str, list[str]] = {}
    usual: dict[str, list[str]] = {}
    async with (
        start_server(script=SCRIPT, accept_any_key=True) as server,
        served_pages(server) as address,
        open_chromium() as chromium,
        fake_device_browser() as by_hand,
    ):
        for case in told(cases, len(cases), lambda case: case.name):
            if "/" in case.path.rstrip("/"):  # what it looks at is where those pages have it
                usual[case.name] = await usual_check(by_hand, address + case.path)
            events = await visit(case, address, chromium, out / case.name.replace("/", "-"))
            found[case.name] = list(dict.fromkeys(one.name for one in findings_of(events)))
    return found, usual


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
