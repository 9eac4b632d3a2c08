"""Only what passed becomes a baseline, unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.regression.acceptable import refuse_failed
from harness.regression.read import read_calls
from harness.report.results import Results, Verdict, collect, results_json
from tests.support.make_suite import make_result, make_suite


def refuse(folder: Path, results: Results) -> None:
    path = folder / "results.json"
    path.write_text(results_json(results), encoding="utf-8")
    refuse_failed([path], read_calls(path))


def test_what_passed_is_accepted(tmp_path: Path) -> None:
    refuse(tmp_path, collect([make_result("booking"), make_result("greeting")]))
    refuse(tmp_path, make_suite(tmp_path, {"booking": ["passed"]}))


@pytest.mark.parametrize(
    ("attempts", "told"),
    [
        (["failed"], r"booking failed \("),
        (["failed", "passed"], r"booking failed \("),  # flaky
        (["cannot_tell"], "booking cannot be told"),
        (["error"], "booking broke"),
        ([], "booking was not run"),
    ],
)
def test_what_did_not_pass_is_refused_with_the_reason(
    attempts: Sequence[Verdict], told: str, tmp_path: Path
) -> None:
    suite = make_suite(tmp_path, {"greeting": ["passed"], "booking": attempts})
    with pytest.raises(UsageError, match=told) as caught:
        refuse(tmp_path, suite)
    assert "--allow-failed" in str(caught.value)


def test_of_repeats_it_says_how_often(tmp_path: Path) -> None:
    suite = make_suite(tmp_path, {"booking": ["passed", "failed", "passed"]}, repeat=3)
    with pytest.raises(UsageError, match="booking failed 1 of 3 times"):
        refuse(tmp_path, suite)


def test_a_run_without_a_scenario_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no scenario was run"):
        refuse(tmp_path, collect([]))
