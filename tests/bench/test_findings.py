"""The figures of the benchmark of findings."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.bench import findings
from harness.bench.findings import (
    Visited,
    all_figures,
    as_text,
    chosen,
    figures,
    measure,
    usual_figures,
)
from harness.bench.findings_pages import PageCase, page_cases
from harness.errors import HarnessError, UsageError
from harness.facts.browser import PageException
from harness.trace import TraceEvent
from tests.support.healthy_call import events_of

CASES = [
    PageCase("muted", "planted/muted/", ("microphone_muted",)),
    PageCase("beta", "planted/beta/", ("beta_session", "session_update_refused")),
    PageCase("healthy/ordinary", "healthy/ordinary/", ()),
]


def test_all_found_and_nothing_else() -> None:
    found = {
        "muted": ["microphone_muted"],
        "beta": ["beta_session", "session_update_refused"],
        "healthy/ordinary": [],
    }
    measured = all_figures(CASES, Visited(found))
    assert measured["is_complete"]
    assert (measured["recall"], measured["false_alarms"], measured["beside"]) == (1.0, 0, 0)
    assert (measured["planted_pages"], measured["healthy_pages"], measured["kinds"]) == (2, 1, 3)
    assert "missed" not in as_text(measured)
    assert "INCOMPLETE" not in as_text(measured)


def test_what_is_missed_and_what_is_too_much() -> None:
    found = {
        "muted": ["script_error"],
        "beta": ["beta_session"],
        "healthy/ordinary": ["model_ends"],
    }
    measured = all_figures(CASES, Visited(found))
    assert (measured["recall"], measured["false_alarms"], measured["beside"]) == (0.3333, 1, 1)
    text = as_text(measured)
    assert "muted: missed microphone_muted, beside script_error" in text
    assert "beta: missed session_update_refused" in text
    assert "healthy/ordinary: beside model_ends" in text


def test_media_quality_counts_where_it_was_planted_and_nowhere_else() -> None:
    cases = [PageCase("drift", "planted/drift/", ("audio_drift",)), PageCase("well", "well/", ())]
    found = {"drift": ["audio_drift", "much_concealed"], "well": ["audio_drift"]}
    measured = figures(cases, found)
    assert (measured["recall"], measured["false_alarms"], measured["beside"]) == (1.0, 0, 0)
    assert measured["of_the_machine"] == 2


def test_the_usual_check_sees_a_page_or_does_not() -> None:
    usual = {"muted": [], "beta": ["nothing plays"], "healthy/ordinary": []}
    assert usual_figures(CASES, usual) == {"recall": 0.5, "false_alarms": 0}
    assert usual_figures(CASES, {}) == {"recall": None, "false_alarms": 0}


async def test_a_page_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="There is no page “nowhere”"):
        await measure(pages="nowhere")


def test_pages_that_were_not_visited_are_named_and_are_in_no_figure() -> None:
    visited = Visited({"muted": ["microphone_muted"]}, {"muted": [], "beta": ["nothing plays"]})
    measured = all_figures(CASES, visited)
    assert not measured["is_complete"]
    assert measured["not_visited"] == ["beta", "healthy/ordinary"]
    assert (measured["recall"], measured["planted_pages"], measured["healthy_pages"]) == (1.0, 1, 0)
    assert measured["usual_check"] == {"recall": 0.0, "false_alarms": 0}
    first, *_, last = as_text(measured).splitlines()
    assert first == "INCOMPLETE: 1 of 3 pages; the figures are theirs"
    assert last == "not visited: beta, healthy/ordinary"


def test_pages_are_chosen_by_names_and_by_patterns() -> None:
    assert chosen(None) == page_cases()
    by_pattern = chosen("healthy/o*, microphone-muted")
    assert [case.name for case in by_pattern] == ["healthy/ordinary", "microphone-muted"]
    assert [case.name for case in chosen("two-calls,two-*,two-calls")] == ["two-calls"]
    with pytest.raises(UsageError, match="There is no page “nowhere/"):
        chosen("two-calls,nowhere/*")


Visit = Callable[[PageCase, str, object, Path], Any]


@pytest.fixture
def visit_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Visit], None]:
    """What a visit gives, in place of a browser and a server."""

    @contextlib.asynccontextmanager
    async def nothing(*_: object, **__: object) -> AsyncIterator[str]:
        yield "http://127.0.0.1:9/"

    async def sees_nothing(*_: object) -> list[str]:
        return []

    for name in ("start_server", "served_pages", "open_chromium", "fake_device_browser"):
        monkeypatch.setattr(findings, name, nothing)
    monkeypatch.setattr(findings, "usual_check", sees_nothing)
    return lambda visit: monkeypatch.setattr(findings, "visit", visit)


THROWN = events_of([(1.0, PageException("Error: no"))])


async def test_what_differs_is_told_as_soon_as_its_page_was_visited(
    visit_by: Callable[[Visit], None], capsys: pytest.CaptureFixture[str]
) -> None:
    async def visit(case: PageCase, *_: object) -> list[TraceEvent]:
        said.append(capsys.readouterr().err)
        return THROWN

    said: list[str] = []
    told: list[Mapping[str, Any]] = []
    visit_by(visit)
    measured = await measure(pages="script-error,two-calls,healthy/tool", so_far=told.append)
    said.append(capsys.readouterr().err)
    assert said == [
        "",
        "",
        "  two-calls: missed two_calls, beside script_error\n",
        "  healthy/tool: beside script_error\n",
    ]
    assert [len(figures["pages"]) for figures in told] == [1, 2, 3]
    assert told[-1] == measured


async def test_a_call_that_ends_in_an_error_as_it_is_cancelled_is_the_last_one(
    visit_by: Callable[[Visit], None],
) -> None:
    async def visit(case: PageCase, *_: object) -> list[TraceEvent]:
        if case.name == "two-calls":
            reached.set()
            with contextlib.suppress(HarnessError):
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError as cancelled:
                    raise HarnessError("The page was closed.") from cancelled
        return []

    reached = asyncio.Event()
    told: list[Mapping[str, Any]] = []
    visit_by(visit)
    work = asyncio.create_task(
        measure(pages="healthy/tool,two-calls,healthy/mutes", so_far=told.append)
    )
    await reached.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert told[-1]["not_visited"] == ["two-calls", "healthy/mutes"]
