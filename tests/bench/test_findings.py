"""The figures of the benchmark of findings."""

from __future__ import annotations

import pytest

from harness.bench.findings import as_text, figures, measure, usual_figures
from harness.bench.findings_pages import PageCase
from harness.errors import UsageError

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
    measured = figures(CASES, found)
    assert (measured["recall"], measured["false_alarms"], measured["beside"]) == (1.0, 0, 0)
    assert (measured["planted_pages"], measured["healthy_pages"], measured["kinds"]) == (2, 1, 3)
    assert "missed" not in as_text(measured)


def test_what_is_missed_and_what_is_too_much() -> None:
    found = {
        "muted": ["script_error"],
        "beta": ["beta_session"],
        "healthy/ordinary": ["model_ends"],
    }
    measured = figures(CASES, found)
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
