"""Allure results: what Allure reads, and the same test from launch to launch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ArtifactError
from harness.report.results import Results
from harness.report.suite_results import SuiteBudget
from harness.suite.allure import write_allure
from tests.support.make_suite import make_suite

VERDICTS = {
    "a": ["passed"],
    "b": ["failed"],
    "c": ["failed", "passed"],
    "d": [],
    "e": ["error"],
    "f": ["cannot_tell"],
}


def written(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.glob("*-result.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


def by_name(tests: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [test for test in tests if test["name"] == name]


@pytest.fixture
def results(tmp_path: Path) -> Results:
    """A suite with every verdict; the recording and the report of one run are there."""
    made = make_suite(tmp_path, VERDICTS)  # type: ignore[arg-type]
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "report.html").write_text("report", encoding="utf-8")
    (tmp_path / "a" / "call.wav").write_bytes(b"audio")
    return made


def test_every_attempt_is_a_result_with_allures_word_for_it(
    results: Results, tmp_path: Path
) -> None:
    assert write_allure(results, tmp_path, tmp_path / "allure") == 7
    tests = written(tmp_path / "allure")
    told = {name: [test["status"] for test in by_name(tests, name)] for name in VERDICTS}
    assert sorted(told.pop("c")) == ["failed", "passed"]
    assert told == {
        "a": ["passed"],
        "b": ["failed"],
        "d": ["skipped"],
        "e": ["broken"],
        "f": ["unknown"],
    }
    (failed,) = by_name(tests, "b")
    assert failed["statusDetails"]["message"].startswith("step 1")
    (broken,) = by_name(tests, "e")
    assert broken["statusDetails"]["trace"] == "The page crashed."


def test_attempts_are_retries_of_one_test_and_repeats_are_not(tmp_path: Path) -> None:
    retried = make_suite(tmp_path / "s", {"c": ["failed", "passed"]})
    write_allure(retried, tmp_path, tmp_path / "one")
    tests = written(tmp_path / "one")
    assert len({test["historyId"] for test in tests}) == 1
    assert all(test["statusDetails"]["flaky"] for test in tests)
    told = {test["status"]: test["statusDetails"]["message"] for test in tests}
    assert told["passed"] == f"passed here; another run did not: {told['failed']}"
    assert len({test["uuid"] for test in tests}) == 2
    repeated = make_suite(tmp_path / "s", {"c": ["passed", "passed"]}, repeat=2)
    write_allure(repeated, tmp_path, tmp_path / "two")
    tests = written(tmp_path / "two")
    assert len({test["historyId"] for test in tests}) == 2
    assert len({test["testCaseId"] for test in tests}) == 1


def test_the_last_attempt_is_the_one_that_began_last(tmp_path: Path) -> None:
    """Allure shows that one; traces tell seconds, and a simulated call takes less."""
    write_allure(make_suite(tmp_path, {"c": ["failed", "passed"]}), tmp_path, tmp_path / "allure")
    tests = sorted(written(tmp_path / "allure"), key=lambda test: test["start"])
    assert [test["status"] for test in tests] == ["failed", "passed"]
    assert tests[0]["start"] < tests[1]["start"]


def test_words_that_would_turn_others_round_are_written_out(tmp_path: Path) -> None:
    made = make_suite(tmp_path, {"a": ["failed"]})
    (one,) = made.scenarios
    expectations = [
        e.model_copy(update={"evidence": "heard “\u202ea\nb”"}) for e in one.expectations
    ]
    changed = one.model_copy(update={"expectations": expectations})
    write_allure(made.model_copy(update={"scenarios": [changed]}), tmp_path, tmp_path / "allure")
    (turn,) = written(tmp_path / "allure")[0]["steps"]
    assert turn["steps"][0]["statusDetails"]["message"] == "heard “\\u202ea\nb”"


def test_turns_are_steps_and_expectations_are_steps_in_them(
    results: Results, tmp_path: Path
) -> None:
    write_allure(results, tmp_path, tmp_path / "allure")
    (test,) = by_name(written(tmp_path / "allure"), "b")
    (turn,) = test["steps"]
    assert turn["name"] == "1. user: “x” – answer: “y”"
    assert turn["status"] == "failed"
    assert turn["parameters"] == [{"name": "voice to voice", "value": "800 ms"}]
    assert turn["stop"] - turn["start"] == 4500
    (expectation,) = turn["steps"]
    assert expectation["name"] == "the answer says “<b>two</b>”"
    assert expectation["statusDetails"]["message"].startswith("heard “three")
    assert test["stop"] - test["start"] == 14_000


def test_a_run_in_which_nobody_spoke_has_its_expectations_as_steps(tmp_path: Path) -> None:
    made = make_suite(tmp_path, {"a": ["failed"]})
    (one,) = made.scenarios
    silent = made.model_copy(update={"scenarios": [one.model_copy(update={"turns": []})]})
    assert write_allure(silent, tmp_path, tmp_path / "allure") == 1
    (test,) = written(tmp_path / "allure")
    assert [step["name"] for step in test["steps"]] == ["the answer says “<b>two</b>”"]


def test_files_of_a_run_are_copied_and_named(results: Results, tmp_path: Path) -> None:
    write_allure(results, tmp_path, tmp_path / "allure")
    (test,) = by_name(written(tmp_path / "allure"), "a")
    told = {one["name"]: one for one in test["attachments"]}
    assert [one["type"] for one in told.values()] == ["text/html", "audio/wav"]
    copy = tmp_path / "allure" / told["Report"]["source"]
    assert copy.read_text(encoding="utf-8") == "report"
    assert by_name(written(tmp_path / "allure"), "b")[0]["attachments"] == []


CATEGORY = {"name", "description", "matchedStatuses", "messageRegex", "traceRegex", "flaky"}
"""By the page on the categories file, and the class that Allure 2 reads it with."""

EXECUTABLE = {"name", "status", "statusDetails", "stage", "parameters", "steps", "start", "stop"}
KNOWN = {
    "test": EXECUTABLE
    | {"uuid", "historyId", "testCaseId", "fullName", "description", "labels", "links"}
    | {"attachments"},
    "steps": EXECUTABLE | {"description", "attachments"},
    "statusDetails": {"message", "trace", "known", "muted", "flaky"},
    "parameters": {"name", "value", "excluded", "mode"},
    "labels": {"name", "value"},
    "attachments": {"name", "source", "type"},
}
"""By the page on test result files in Allure's documentation."""


def check(kind: str, data: dict[str, Any]) -> None:
    assert data.keys() <= KNOWN[kind], kind
    if kind in ("test", "steps"):
        assert data["status"] in ("passed", "failed", "broken", "skipped", "unknown")
        assert data["stage"] == "finished"
        assert data.get("start", 0) <= data.get("stop", 0)
        assert all(isinstance(data.get(name, 0), int) for name in ("start", "stop"))
    for name, inner in data.items():
        for one in inner if isinstance(inner, list) else [inner] * isinstance(inner, dict):
            check(name, one)


def test_what_is_written_is_what_allure_knows(results: Results, tmp_path: Path) -> None:
    write_allure(results, tmp_path, tmp_path / "allure")
    for path in (tmp_path / "allure").glob("*-result.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        check("test", data)
        assert path.name == f"{data['uuid']}-result.json"


def categories_of(test: dict[str, Any], folder: Path) -> list[str]:
    """As Allure 2 finds them: by the status, and by whether a test is flaky."""
    categories = json.loads((folder / "categories.json").read_text(encoding="utf-8"))
    assert all(one.keys() <= CATEGORY for one in categories)
    is_flaky = test["statusDetails"].get("flaky", False)
    return [
        one["name"]
        for one in categories
        if test["status"] in one["matchedStatuses"] and one["flaky"] == is_flaky
    ]


def test_what_did_not_pass_is_in_one_category(results: Results, tmp_path: Path) -> None:
    """Two of them have the names of Allure's own, which hold what no other does."""
    write_allure(results, tmp_path, tmp_path / "allure")
    tests = written(tmp_path / "allure")
    told = {test["name"]: categories_of(test, tmp_path / "allure") for test in tests}
    assert told == {
        "a": [],
        "b": ["Product defects"],
        "c": ["Flaky"],
        "d": [],
        "e": ["Test defects"],
        "f": ["Cannot tell"],
    }


def test_a_budget_over_all_runs_fails_though_each_run_passed(tmp_path: Path) -> None:
    made = make_suite(tmp_path / "s", {"c": ["passed", "passed"]}, repeat=2)
    assert made.suite is not None
    (one,) = made.suite.scenarios
    budgets = [
        SuiteBudget(text="the median is at most 1 s", verdict="passed", evidence="0.8 s"),
        SuiteBudget(text="the 95th is at most 1 s", verdict="failed", evidence="it is 1.2 s"),
    ]
    changed = one.model_copy(update={"verdict": "failed", "budgets": budgets})
    suite = made.suite.model_copy(update={"scenarios": [changed]})
    results = made.model_copy(update={"suite": suite})
    assert write_allure(results, tmp_path, tmp_path / "allure") == 3
    tests = written(tmp_path / "allure")
    (over_all,) = [test for test in tests if test["status"] == "failed"]
    check("test", over_all)
    assert over_all["parameters"][-1] == {"name": "over", "value": "all runs"}
    assert over_all["statusDetails"]["message"] == "the 95th is at most 1 s – it is 1.2 s"
    assert [step["status"] for step in over_all["steps"]] == ["passed", "failed"]
    assert len({test["historyId"] for test in tests}) == 3


def test_a_folder_that_cannot_be_one_is_told(results: Results, tmp_path: Path) -> None:
    (tmp_path / "allure").write_text("a file", encoding="utf-8")
    with pytest.raises(ArtifactError):
        write_allure(results, tmp_path, tmp_path / "allure")
