"""The page over a suite: worst first, self-contained, and nobody's words are markup."""

from __future__ import annotations

import re
from pathlib import Path

from harness.report.results import Verdict
from harness.suite.index_page import index_html
from tests.support.make_suite import make_suite


def test_the_worst_come_first_and_each_run_is_linked(tmp_path: Path) -> None:
    verdicts = {
        "a": ["passed"],
        "b": ["failed"],
        "c": ["failed", "passed"],
        "d": [],
        "e": ["error"],
    }
    page = index_html(make_suite(tmp_path, verdicts))  # type: ignore[arg-type]
    assert re.findall(r'data-name="(\w)"', page) == ["e", "b", "d", "c", "a"]
    for folder in ("a", "b", "c", "c~retry1", "e"):
        assert f'href="{folder}/report.html"' in page
    assert "&lt;b&gt;two&lt;/b&gt;" in page
    assert "<b>" not in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
    assert "default-src 'none'" in page


def test_time_lines_are_of_one_scale_and_show_where_it_failed(tmp_path: Path) -> None:
    page = index_html(make_suite(tmp_path, {"b": ["failed"]}))
    assert 'class="said" x="40.0"' in page, "0.5 s of 12.5 s, drawn 1000 wide"
    assert 'class="heard" x="224.0"' in page
    assert 'class="bad" x="400.0"' in page


def test_repeats_show_their_rate_and_a_mark_each(tmp_path: Path) -> None:
    verdicts: list[Verdict] = ["passed", "passed", "passed", "passed", "passed", "failed"]
    page = index_html(make_suite(tmp_path, {"a": verdicts}, repeat=6))
    assert "5 of 6 passed" in page
    marks = page.split('<span class="marks">')[1].split("</span>")[0]
    assert marks.count("<a ") == 6
    assert page.count("<svg") == 4
    assert page.index('class="line failed"') < page.index('class="line passed"')
