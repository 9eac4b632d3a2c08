"""The page of a history: self-contained, a chart a number, and nobody's words are markup."""

from __future__ import annotations

import re

from harness.history.page import MOST_DOTS, history_html
from harness.history.trends import histories
from tests.support.make_history import nights, run_row, suite_of, verdicts


def page_of(suites: list, source: str = "voice.sqlite") -> str:  # type: ignore[type-arg]
    return history_html(histories(suites), len(suites), source)


def test_a_number_is_a_line_with_a_dot_a_run_and_its_usual_range() -> None:
    page = page_of(nights([0.80, 0.82, 0.79, 0.81, 0.80, 1.2]))
    assert page.count("<circle") == 6
    assert page.count('class="last"') == 1
    assert 'class="usual" x="0"' in page
    assert '<figure class="unusual">' in page
    assert "+400 ms" in page
    assert "<title>2026-11-06 03:00, build6, 1200 ms</title>" in page
    (line,) = re.findall(r'polyline points="([^"]+)"', page)
    heights = [float(point.split(",")[1]) for point in line.split()]
    assert min(heights) == heights[-1] == 5.0, "the largest is at the top"


def test_one_run_and_a_flat_line_are_drawn_too() -> None:
    assert page_of(nights([0.8])).count("<circle") == 1
    assert page_of(nights([0.8] * 3)).count("<circle") == 3
    assert page_of(nights([0.8] * 90)).count("<circle") == MOST_DOTS
    assert "0 scenarios" in page_of([])


def test_verdicts_stand_in_a_row_and_flaky_is_told() -> None:
    page = page_of(verdicts("passed", "failed", "passed"))
    assert re.findall(r'<li class="(\w+)"', page) == ["passed", "failed", "passed"]
    assert 'class="badge flaky"' in page
    assert "2 flips, flaky" in page


def test_it_loads_nothing_and_what_came_from_outside_is_text() -> None:
    suites = [suite_of(1, run_row("failed", scenario="<b>x</b>"))]
    page = page_of(suites, "<i>.sqlite")
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x" not in page
    assert "<i>.sqlite" not in page
    assert not re.search(r'(?:src|href)="', page)
    assert "default-src 'none'" in page
    assert "<script" not in page
