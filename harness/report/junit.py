"""``junit.xml``: one suite a scenario, one case an expectation, as CI servers read it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as xml

from harness.report.results import Expectation, Results, ScenarioResult

UNMET = ("failed", "cannot_tell")
"""Both are failures to a CI server; the failure's type tells them apart."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(results: Results) -> bytes:
    """The results as JUnit XML, UTF-8.

    An unmet expectation is a <failure>, of type "cannot_tell" where what was heard does not decide
    it, else of the expectation's kind; a run that could not be finished is an <error> of the case
    "call". Every scenario has that case, so a scenario without expectations is counted too.
    """
    root = xml.Element("testsuites", name="harness")
    for scenario in results.scenarios:
        root.append(_suite(scenario))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", _time(sum(s.wall_s or s.conversation_s or 0 for s in results.scenarios)))
    xml.indent(root)
    text: bytes = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _suite(scenario: ScenarioResult) -> xml.Element:
    suite = xml.Element(
        "testsuite",
        name=clean(scenario.name),
        tests=str(len(scenario.expectations) + 1),
        failures=str(sum(e.verdict in UNMET and not e.soft for e in scenario.expectations)),
        errors=str(
            sum(e.verdict == "error" and not e.soft for e in scenario.expectations)
            + (scenario.error is not None)
        ),
        skipped=str(sum(e.verdict == "skipped" for e in scenario.expectations)),
        time=_time(scenario.wall_s or scenario.conversation_s or 0),
    )
    if scenario.started_at:
        suite.set("timestamp", clean(scenario.started_at))
    properties = xml.SubElement(suite, "properties")
    for name, value in _numbers(scenario).items():
        xml.SubElement(properties, "property", name=name, value=value)
    suite.append(_call_case(scenario))
    for number, expectation in enumerate(scenario.expectations, start=1):
        suite.append(_case(scenario.name, number, expectation))
    return suite


def _call_case(scenario: ScenarioResult) -> xml.Element:
    case = xml.Element(
        "testcase",
        classname=clean(scenario.name),
        name="call",
        time=_time(scenario.conversation_s or 0),
    )
    if scenario.error is not None:
        problem = xml.SubElement(
            case,
            "error",
            type=clean(scenario.error.kind),
            message=clean(scenario.error.message.splitlines()[0]),
        )
        problem.text = clean(scenario.error.message)
    return case


def _case(scenario: str, number: int, expectation: Expectation) -> xml.Element:
    where = f"step {expectation.step}" if expectation.step is not None else f"check {number}"
    case = xml.Element(
        "testcase",
        classname=clean(scenario),
        name=clean(f"{where}: {expectation.text}"),
        time="0",
    )
    evidence = clean(expectation.evidence or "no evidence was recorded")
    if expectation.soft and expectation.verdict != "passed":
        xml.SubElement(case, "system-out").text = f"soft, {expectation.verdict}: {evidence}"
        return case
    match expectation.verdict:
        case "failed":
            xml.SubElement(
                case, "failure", type=clean(expectation.kind), message=evidence
            ).text = evidence
        case "cannot_tell":
            xml.SubElement(
                case, "failure", type="cannot_tell", message=f"cannot tell: {evidence}"
            ).text = evidence
        case "error":
            xml.SubElement(
                case, "error", type=clean(expectation.kind), message=evidence
            ).text = evidence
        case "skipped":
            xml.SubElement(case, "skipped", message=evidence)
        case "passed":
            if expectation.evidence:
                xml.SubElement(case, "system-out").text = evidence
    return case


def _numbers(scenario: ScenarioResult) -> dict[str, str]:
    numbers = {"engine": clean(scenario.engine)}
    for turn in scenario.turns:
        for name, value in turn.latencies.model_dump(mode="json").items():
            numbers[f"turn{turn.index}.{name}"] = str(value)
    return numbers


def _time(seconds: float) -> str:
    return f"{seconds:.3f}"


def clean(text: str) -> str:
    r"""The text with the characters that XML 1.0 cannot hold written out, as ``\x1b``.

    The usual mark for them would make tools that guess encodings take the file for no UTF-8.
    """
    return _NOT_XML.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
