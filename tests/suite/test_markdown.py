"""Markdown of a suite: what failed first, and nobody's words are markup."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.report.results import Verdict
from harness.suite.markdown import MAX_ROWS, cell, suite_markdown
from tests.support.make_suite import make_suite


def test_what_did_not_pass_comes_first_and_the_rest_is_folded(tmp_path: Path) -> None:
    text = suite_markdown(make_suite(tmp_path, {"a": ["passed"], "b": ["failed"]}))
    assert text.startswith("### ❌ Voice scenarios: 1 passed, 1 failed in 12 s\n")
    assert text.index("`b`") < text.index("<details><summary>1 passed") < text.index("`a`")
    assert "\\<b\\>two\\</b\\>" in text
    assert "three \\| four” @\u200bkim" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {7}


def test_a_long_suite_is_cut_and_says_so(tmp_path: Path) -> None:
    text = suite_markdown(make_suite(tmp_path, {f"s{n}": ["failed"] for n in range(MAX_ROWS + 7)}))
    assert "… and 7 more" in text
    assert text.count("❌ failed") == MAX_ROWS


def test_many_that_were_not_run_hide_none_that_failed(tmp_path: Path) -> None:
    verdicts: dict[str, Sequence[Verdict]] = {f"s{n}": [] for n in range(MAX_ROWS + 7)}
    verdicts["z"] = ["failed"]
    text = suite_markdown(make_suite(tmp_path, verdicts))
    assert text.index("`z`") < text.index("`s0`")
    assert "… and 8 more" in text


def test_pass_rates_have_their_interval(tmp_path: Path) -> None:
    text = suite_markdown(make_suite(tmp_path, {"a": ["passed", "failed"]}, repeat=2))
    assert "1 of 2 (9% to 91%)" in text


def test_words_are_shown_as_they_are() -> None:
    """No entity, no formula, nothing that turns the direction of the text."""
    assert cell("&amp; $5/$6 \x1b[1m\r\nx\u202e") == "\\&amp; \\$5/\\$6 \\\\x1b\\[1m x\\\\u202e"
