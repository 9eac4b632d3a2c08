"""Scenario files as tests, from outside: pytest on a folder, and a look at the outcome."""

from __future__ import annotations

import os
from xml.etree import ElementTree as xml

import pytest

from tests.pytest_plugin.test_plugin import PLAIN, pytester, run  # noqa: F401 - a fixture

pytest_plugins = ["pytester"]

GREETING = """
name: greeting
tags: [smoke]
steps: [{silence: 0.2}, {expect: {no_answer: true, within_s: 0.5}}, hang_up]
"""
TABLE = """
name: table
each: [{city: Rome, event: "*"}, {city: Oslo, event: "no.such"}]
steps: [{expect: {event: "${event}", within_s: 0.2, from: start}}, hang_up]
"""


@pytest.fixture
def folder(pytester: pytest.Pytester) -> pytest.Pytester:  # noqa: F811
    scenarios = pytester.mkdir("scenarios")
    (scenarios / "greeting.yaml").write_text(GREETING, encoding="utf-8")
    (scenarios / "table.yaml").write_text(TABLE, encoding="utf-8")
    (scenarios / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    return pytester


def names(pytester: pytest.Pytester, *arguments: str) -> list[str]:  # noqa: F811
    result = pytester.runpytest_inprocess(*PLAIN, "--collect-only", "-q", *arguments)
    return [line.split("/")[-1] for line in result.outlines if "::" in line]


def test_scenarios_are_tests_and_rows_their_parameters(folder: pytest.Pytester) -> None:
    every = ["greeting.yaml::greeting", "table.yaml::table[Rome]", "table.yaml::table[Oslo]"]
    assert names(folder, "scenarios") == every
    assert names(folder, "scenarios/table.yaml") == every[1:]
    assert names(folder, "scenarios", "-m", "smoke", "--strict-markers") == every[:1]
    assert names(folder) == [], "a folder of a suite that has them as data stays what it is"
    folder.makepyprojecttoml('[tool.realtime-harness]\nscenarios = ["scenarios"]\n')
    assert names(folder) == every


def test_a_broken_file_is_an_error_with_its_line(folder: pytest.Pytester) -> None:
    (folder.path / "scenarios" / "b.yaml").write_text("name: b\nsteps: [{sey: a}]\n", "utf-8")
    result = folder.runpytest_inprocess(*PLAIN, "--collect-only", "scenarios")
    assert "b.yaml:2: " in str(result.stdout)
    assert "Traceback" not in str(result.stdout)


def test_they_run_in_several_processes_with_a_report_and_properties(
    folder: pytest.Pytester,
) -> None:
    options = ("--scenario-engine", "simulated", "-n", "2", "--junit-xml", "junit.xml")
    result = run(folder, "scenarios", *options)
    result.assert_outcomes(passed=2, failed=1)
    text = str(result.stdout)
    assert "expected the event “no.such” comes" in text
    assert "Traceback" not in text
    reports = sorted(path.parent.name for path in folder.path.glob("test-results/*/report.html"))
    assert len(reports) == 3
    cases = {
        case.get("name"): case for case in xml.parse(folder.path / "junit.xml").iter("testcase")
    }
    properties = {p.get("name"): p.get("value") for p in cases["table[Oslo]"].iter("property")}
    assert (properties["engine"], properties["verdict"]) == ("simulated", "failed")
    assert str(properties["report"]).endswith("report.html")
    assert str(properties["call"]).endswith("call.wav")


def test_attempts_of_a_rerun_keep_their_artifacts_apart(folder: pytest.Pytester) -> None:
    """Of scenario files as of tests; what passes at last keeps those that did not."""
    (old := folder.path / "test-results" / "old").mkdir(parents=True)
    os.utime(old, (0, 0))
    folder.makepyfile(
        test_again="""
        import itertools
        attempts = itertools.count()

        async def test_it(run_scenario):
            name = "greeting" if next(attempts) else "table"
            await run_scenario(f"scenarios/{name}.yaml", engine="simulated")
        """
    )
    options = ("--scenario-engine", "simulated", "--reruns", "2", "-k", "test_it or Oslo")
    run(folder, "scenarios", "test_again.py", *options).assert_outcomes(passed=1, failed=1)
    kept = {path.parent.name for path in folder.path.glob("test-results/*/report.html")}
    scenario = "scenarios-table-yaml-table-oslo"
    attempts = {scenario, f"{scenario}-retry1", f"{scenario}-retry2"}
    assert kept == {*attempts, "test-again-py-test-it"}
    assert not old.exists()
