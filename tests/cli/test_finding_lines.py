"""Findings on a terminal."""

from __future__ import annotations

from typing import Any

from harness.cli.finding_lines import MOST, finding_lines
from harness.report.finding_results import FindingResult
from harness.report.results import ScenarioResult, TimeLine


def finding(name: str = "element_muted", **more: Any) -> FindingResult:
    facts = {"name": name, "severity": "error", "cause": "It is muted.", "to_do": "Unmute it."}
    return FindingResult.model_validate({**facts, "at_s": 3.456, **more})


def lines_of(verdict: str, *findings: FindingResult) -> list[str]:
    scenario = ScenarioResult(
        name="a",
        engine="browser",
        verdict=verdict,  # type: ignore[arg-type]
        conversation_s=1.0,
        wall_s=1.0,
        turns=[],
        expectations=[],
        artifacts={},
        time_line=TimeLine(uncertainty_s=None, speech_edges=""),
        findings=list(findings),
    )
    return [line.plain for line in finding_lines(scenario)]


def test_name_when_cause_and_what_to_do() -> None:
    assert lines_of("failed", finding()) == [
        "  finding element_muted at 3.46 s: It is muted.",
        "    do: Unmute it.",
    ]


def test_the_pages_line_stands_behind() -> None:
    found = finding(at_s=None, page_line="http://a/b.js:1:2")
    assert lines_of("error", found) == [
        "  finding element_muted: It is muted.",
        "    do: Unmute it. (http://a/b.js:1:2)",
    ]


def test_the_same_again_is_counted() -> None:
    assert lines_of("failed", finding(), finding(), finding())[0] == (
        "  finding element_muted at 3.46 s and 2 times more: It is muted."
    )


def test_a_passed_scenario_has_names_alone_and_none_of_notes() -> None:
    assert lines_of("passed", finding()) == ["  a: passed, with findings: element_muted"]
    assert lines_of("passed", finding(severity="note")) == []


def test_what_is_ignored_is_not_told() -> None:
    assert lines_of("failed", finding(ignored="we know")) == []


def test_only_the_first_few() -> None:
    lines = lines_of("failed", *[finding(f"a_{number}") for number in range(MOST + 2)])
    assert lines[-1] == "    and 2 findings more, in the report"
