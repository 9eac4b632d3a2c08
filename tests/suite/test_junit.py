"""JUnit of a suite: cases, properties and files as CI servers read them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as xml

import pytest

from harness.suite.junit import attachments_folder, suite_junit
from tests.support.make_suite import make_suite


def test_each_scenario_is_a_case_with_its_properties_and_files(tmp_path: Path) -> None:
    verdicts = {
        "a": ["passed"],
        "b": ["failed"],
        "c": ["failed", "passed"],
        "d": [],
        "e": ["error"],
    }
    root = xml.fromstring(suite_junit(make_suite(tmp_path, verdicts)))  # type: ignore[arg-type]
    counts = {name: root.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "5", "failures": "1", "errors": "1", "skipped": "1"}
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases["b"].get("file") == str(tmp_path / "b.yaml")
    assert cases["b"].find("failure") is not None
    assert cases["d"].find("skipped") is not None
    assert cases["e"].find("error") is not None
    flaky = {p.get("name"): p.get("value") for p in cases["c"].iter("property")}
    assert (flaky["verdict"], flaky["attempts"], flaky["tag"]) == ("flaky", "2", "smoke")
    assert flaky["voice_to_voice_median_s"] == "0.800"
    assert cases["c"].find("failure") is None
    told = cases["c"].findtext("system-out") or ""
    assert told.startswith("flaky: step 1")
    assert "[[ATTACHMENT|c/call.wav]]" in told


def test_a_repeated_scenario_has_its_pass_rate(tmp_path: Path) -> None:
    root = xml.fromstring(suite_junit(make_suite(tmp_path, {"a": ["passed"] * 10}, repeat=10)))
    values = {p.get("name"): p.get("value") for p in root.iter("property")}
    assert (values["pass_rate"], values["pass_rate_95"]) == ("10/10", "0.722-1.000")


def test_what_a_flaky_scenario_failed_for_is_there_as_others_write_it(tmp_path: Path) -> None:
    verdicts = {"c": ["failed", "error", "passed"]}
    root = xml.fromstring(suite_junit(make_suite(tmp_path, verdicts)))  # type: ignore[arg-type]
    (case,) = root.iter("testcase")
    failure, error = case.find("flakyFailure"), case.find("flakyError")
    assert failure is not None
    assert error is not None
    assert (failure.get("message") or "").startswith("step 1: the answer says")
    assert error.findtext("stackTrace") == "The page crashed."
    assert root.get("failures") == root.get("errors") == "0"


def test_a_suite_tells_when_it_began(tmp_path: Path) -> None:
    results = make_suite(tmp_path, {"a": ["passed"]})
    began = "2026-01-31T08:00:00+00:00"
    (one,) = results.scenarios
    told = results.model_copy(update={"scenarios": [one.model_copy(update={"started_at": began})]})
    (suite,) = xml.fromstring(suite_junit(told)).iter("testsuite")
    assert suite.get("timestamp") == began


@pytest.mark.parametrize(
    ("names", "folder"),
    [
        ({"GITLAB_CI": "true", "CI_PROJECT_DIR": "{root}"}, "voice/out/"),
        ({"JENKINS_URL": "http://ci/", "WORKSPACE": "{root}"}, "voice/out/"),
        ({"WORKSPACE": "{root}"}, ""),
        ({"GITLAB_CI": "true", "CI_PROJECT_DIR": "{root}/another"}, ""),
        ({}, ""),
    ],
)
def test_files_are_named_as_the_ci_server_looks_for_them(
    names: dict[str, str], folder: str, tmp_path: Path
) -> None:
    environ = {name: value.format(root=tmp_path) for name, value in names.items()}
    assert attachments_folder(tmp_path / "voice" / "out", environ) == folder
    text = suite_junit(make_suite(tmp_path, {"a": ["passed"]}), folder).decode("utf-8")
    assert f"[[ATTACHMENT|{folder}a/call.wav]]" in text
