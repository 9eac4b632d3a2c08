"""A part of a suite that is run again leaves the results of all of it, each run once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.report.results import Results, Verdict, collect, results_json
from harness.report.suite_results import SuiteScenario
from harness.suite.earlier import failed_in, last_results, with_earlier, without_earlier
from tests.support.make_suite import make_result, make_suite

ALL = frozenset("abc")


@pytest.fixture
def earlier(tmp_path: Path) -> Results:
    """Of three scenarios one failed, and one was tried again."""
    verdicts: dict[str, Sequence[Verdict]] = {
        "a": ["failed"],
        "b": ["passed"],
        "c": ["failed", "passed"],
    }
    return make_suite(tmp_path, verdicts)


def rows(results: Results) -> list[SuiteScenario]:
    assert results.suite is not None
    return results.suite.scenarios


def told(results: Results) -> list[tuple[str, str, bool]]:
    return [(row.name, row.verdict, row.earlier) for row in rows(results)]


def test_what_was_not_run_again_stays_as_it_was(tmp_path: Path, earlier: Results) -> None:
    now = make_suite(tmp_path, {"a": ["passed"]})
    whole = with_earlier(now, earlier, ALL)
    assert told(whole) == [
        ("a", "passed", False),
        ("b", "passed", True),
        ("c", "flaky", True),
    ]
    assert [one.name for one in whole.scenarios] == ["a", "b", "c", "c"]
    assert whole.suite is not None
    assert whole.suite.verdict == "flaky"
    assert whole.suite.earlier == 2


def test_what_failed_before_still_fails_until_it_is_run_again(
    tmp_path: Path, earlier: Results
) -> None:
    whole = with_earlier(make_suite(tmp_path, {"c": ["passed"]}), earlier, ALL)
    assert whole.verdict == "failed"
    assert failed_in(whole) == {"a"}


def test_what_was_not_begun_is_as_it_was(tmp_path: Path, earlier: Results) -> None:
    whole = with_earlier(make_suite(tmp_path, {"a": [], "c": ["passed"]}), earlier, ALL)
    assert told(whole)[0] == ("a", "failed", True)


def test_a_scenario_that_the_suite_has_no_more_is_left_out(
    tmp_path: Path, earlier: Results
) -> None:
    whole = with_earlier(make_suite(tmp_path, {"a": ["passed"]}), earlier, frozenset("ac"))
    assert [row.name for row in rows(whole)] == ["a", "c"]


def test_a_run_whose_folder_was_written_anew_is_none_of_before(
    tmp_path: Path, earlier: Results
) -> None:
    now = make_suite(tmp_path, {"a": ["passed"]})
    assert now.suite is not None
    again = [row.model_copy(update={"engine": "native"}) for row in rows(now)]
    suite = now.suite.model_copy(update={"scenarios": again})
    whole = with_earlier(now.model_copy(update={"suite": suite}), earlier, ALL)
    assert [(row.name, row.engine) for row in rows(whole) if row.name == "a"] == [("a", "native")]


def test_what_was_run_last_can_be_told_from_the_rest(tmp_path: Path, earlier: Results) -> None:
    now = make_suite(tmp_path, {"a": ["passed"]})
    assert without_earlier(with_earlier(now, earlier, ALL)) == now
    assert without_earlier(earlier) is earlier


def test_a_third_run_has_what_both_before_it_left(tmp_path: Path, earlier: Results) -> None:
    second = with_earlier(make_suite(tmp_path, {"a": ["failed"]}), earlier, ALL)
    third = with_earlier(make_suite(tmp_path, {"c": ["passed"]}), second, ALL)
    assert told(third) == [("a", "failed", True), ("b", "passed", True), ("c", "passed", False)]


def test_nothing_is_kept_of_a_single_run(tmp_path: Path) -> None:
    now = make_suite(tmp_path, {"a": ["passed"]})
    assert with_earlier(now, collect([make_result("b")]), ALL) is now
    assert with_earlier(now, None, ALL) is now


def test_what_failed_last_is_known_from_its_results(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    with pytest.raises(UsageError, match="No such file"):
        last_results(tmp_path)
    results = make_suite(tmp_path, {"a": ["failed", "passed"], "b": ["passed"], "c": []})
    path.write_text(results_json(results), encoding="utf-8")
    assert failed_in(last_results(tmp_path)) == {"a", "c"}
    path.write_text(results_json(collect([make_result("x", "error")])), encoding="utf-8")
    assert failed_in(last_results(tmp_path)) == {"x"}
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(UsageError, match="no such results"):
        last_results(tmp_path)
