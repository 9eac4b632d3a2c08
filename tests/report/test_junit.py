"""junit.xml as CI servers read it."""

from __future__ import annotations

from xml.etree import ElementTree

from harness.report.build import build_scenario
from harness.report.junit import clean, junit_xml
from harness.report.results import Results, collect
from tests.support.call_events import event, record


def test_a_suite_a_scenario_and_a_case_an_expectation(results: Results) -> None:
    root = ElementTree.fromstring(junit_xml(results))
    assert [suite.get("name") for suite in root] == ["rover", "table-booking", "harbour"]
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("11", "3", "1")


def test_a_failure_carries_its_evidence(results: Results) -> None:
    failures = ElementTree.fromstring(junit_xml(results)).findall(".//failure")
    assert "“seven” is missing" in (failures[0].text or "")


def test_what_nobody_can_tell_is_a_failure_of_its_own_type(results: Results) -> None:
    failures = ElementTree.fromstring(junit_xml(results)).findall(".//failure")
    (doubt,) = [failure for failure in failures if failure.get("type") == "cannot_tell"]
    assert (doubt.get("message") or "").startswith("cannot tell: heard “on Monday evening”")


def test_a_broken_run_is_an_error_of_its_call(results: Results) -> None:
    (error,) = ElementTree.fromstring(junit_xml(results)).findall(".//error")
    assert error.get("type") == "PeerLost"
    assert error.get("message") == "The call was lost: the peer connection failed."


def test_latencies_are_properties(results: Results) -> None:
    root = ElementTree.fromstring(junit_xml(results))
    names = {prop.get("name") for prop in root[0].iter("property")}
    assert "turn2.barge_in_reaction_s" in names


def test_text_that_xml_cannot_hold_breaks_no_file() -> None:
    facts = {"kind": "words", "text": "a\x00b <&> \ud800", "verdict": "failed", "evidence": "\x1b"}
    made = record([event("expectation", 1.0, "harness", **facts), event("call.closed", 2.0)])
    ElementTree.fromstring(junit_xml(collect([build_scenario(made)])))


def test_what_xml_cannot_hold_is_written_out_and_not_lost() -> None:
    assert clean("\x1b[31m and \ud83d and \x00") == "\\x1b[31m and \\ud83d and \\x00"
