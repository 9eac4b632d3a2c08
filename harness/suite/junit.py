"""``junit.xml`` of a suite: one case a scenario, with its properties, files and what failed.

A scenario that is flaky is no failure there, as test runners have it: it passed in the end. It has
its property, a line of output that says so, and for each attempt that did not pass a
``flakyFailure`` or ``flakyError``, as Surefire writes them and Jenkins and others read them.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as xml

from harness.report.junit import clean
from harness.report.results import Results, ScenarioResult
from harness.report.suite_results import SuiteScenario, SuiteSummary

ATTACHMENTS = ("report", "audio", "trace")
"""Files of a run that Jenkins, GitLab and others find by ``[[ATTACHMENT|path]]``."""

ROOTS = {"GITLAB_CI": "CI_PROJECT_DIR", "JENKINS_URL": "WORKSPACE"}
"""CI servers that take the path of an attachment from their folder on, and not from the file that
names it: how they are known, and where that folder is told."""

NOT_RUN = "not run: enough had failed (--max-failures), or it was interrupted"


def suite_junit(results: Results, folder: str = "") -> bytes:
    """The suite as JUnit XML, UTF-8; one <testsuite> a scenario file.

    Args:
        folder: what the paths of attachments begin with; see `attachments_folder`.
    """
    suite = results.suite
    assert suite is not None
    root = xml.Element("testsuites", name="harness")
    by_folder = results_by_folder(results)
    files = dict.fromkeys(scenario.file for scenario in suite.scenarios)
    for file in files:
        inside = [scenario for scenario in suite.scenarios if scenario.file == file]
        root.append(_suite(file, inside, by_folder, folder))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(child.get(name, "0")) for child in root)))
    root.set("time", f"{_total_s(suite):.3f}")
    xml.indent(root)
    text: bytes = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def attachments_folder(out: Path, environ: Mapping[str, str]) -> str:
    """What the paths of attachments begin with, for the CI server that this runs on.

    Args:
        out: the folder of ``junit.xml``, and of the files.
    """
    for known_by, told_by in ROOTS.items():
        root = environ.get(told_by)
        if environ.get(known_by) and root:
            path = Path(os.path.relpath(out.resolve(), Path(root).resolve()))
            return "" if ".." in path.parts or path.is_absolute() else f"{path.as_posix()}/"
    return ""


def results_by_folder(results: Results) -> dict[str, ScenarioResult]:
    """The result of each run, by its folder."""
    assert results.suite is not None
    folders = [run.folder for scenario in results.suite.scenarios for run in scenario.runs]
    return dict(zip(folders, results.scenarios, strict=True))


def _suite(
    file: str,
    scenarios: list[SuiteScenario],
    by_folder: dict[str, ScenarioResult],
    folder: str,
) -> xml.Element:
    suite = xml.Element(
        "testsuite",
        name=clean(scenarios[0].base if len(scenarios) == 1 else file),
        file=clean(file),
        tests=str(len(scenarios)),
        failures=str(sum(s.verdict in ("failed", "cannot_tell") for s in scenarios)),
        errors=str(sum(s.verdict == "error" for s in scenarios)),
        skipped=str(sum(s.verdict == "not_run" for s in scenarios)),
        time=f"{sum(run.wall_s or 0 for s in scenarios for run in s.runs):.3f}",
    )
    runs = [by_folder[run.folder] for scenario in scenarios for run in scenario.runs]
    if began := min((run.started_at for run in runs if run.started_at), default=None):
        suite.set("timestamp", clean(began))
    for scenario in scenarios:
        suite.append(_case(scenario, [by_folder[run.folder] for run in scenario.runs], folder))
    return suite


def _case(scenario: SuiteScenario, runs: list[ScenarioResult], folder: str) -> xml.Element:
    case = xml.Element(
        "testcase",
        classname=clean(f"{scenario.base}.{scenario.engine}"),
        name=clean(scenario.name),
        file=clean(scenario.file),
        line=str(scenario.line),
        time=f"{sum(run.wall_s or 0 for run in scenario.runs):.3f}",
    )
    properties = xml.SubElement(case, "properties")
    for name, value in properties_of(scenario, runs):
        xml.SubElement(properties, "property", name=name, value=clean(value))
    told = (scenario.reason, *(run.reason for run in scenario.runs))
    reasons = list(dict.fromkeys(reason for reason in told if reason))
    if scenario.verdict in ("failed", "cannot_tell"):
        text = clean("\n".join(reasons) or scenario.verdict)
        first = text.splitlines()[0]
        xml.SubElement(case, "failure", type=scenario.verdict, message=first).text = text
    elif scenario.verdict == "error":
        text = clean("\n".join(reasons) or "error")
        first = text.splitlines()[0]
        xml.SubElement(case, "error", type="error", message=first).text = text
    elif scenario.verdict == "not_run":
        xml.SubElement(case, "skipped", message=NOT_RUN)
    elif scenario.verdict == "flaky":
        _add_flaky(case, scenario)
    lines = [f"flaky: {reason}" for reason in reasons if scenario.verdict == "flaky"]
    for result in runs:
        found = [result.artifacts[name] for name in ATTACHMENTS if name in result.artifacts]
        lines += [f"[[ATTACHMENT|{folder}{path}]]" for path in found]
    if lines:
        xml.SubElement(case, "system-out").text = clean("\n".join(lines))
    return case


def _add_flaky(case: xml.Element, scenario: SuiteScenario) -> None:
    """Add what attempts failed for that others made up for."""
    for run in scenario.runs:
        if run.verdict != "passed":
            name = "flakyError" if run.verdict == "error" else "flakyFailure"
            text = clean(run.reason or run.verdict)
            one = xml.SubElement(case, name, type=run.verdict, message=text.splitlines()[0])
            xml.SubElement(one, "stackTrace").text = text


def properties_of(scenario: SuiteScenario, runs: list[ScenarioResult]) -> Iterator[tuple[str, str]]:
    """What is known of a scenario beside its verdict: name and value."""
    yield "engine", scenario.engine
    yield "verdict", scenario.verdict
    if scenario.earlier:
        yield "earlier", "of an earlier run; it was not run again"
    if scenario.row:
        yield "row", scenario.row
    for tag in scenario.tags:
        yield "tag", tag
    if scenario.pass_rate is not None:
        yield "pass_rate", f"{scenario.pass_rate.passed}/{scenario.pass_rate.runs}"
        yield "pass_rate_95", f"{scenario.pass_rate.low:.3f}-{scenario.pass_rate.high:.3f}"
    for budget in scenario.budgets:
        yield "budget", f"{budget.verdict}: {budget.text} – {budget.evidence}"
    if scenario.pass_rate is None and len(runs) > 1:
        yield "attempts", str(len(runs))
    latencies = voice_to_voice_s(runs)
    if latencies:
        yield "voice_to_voice_median_s", f"{statistics.median(latencies):.3f}"


def voice_to_voice_s(runs: list[ScenarioResult]) -> list[float]:
    """The voice-to-voice latencies of all turns, seconds."""
    return [
        turn.latencies.voice_to_voice_s
        for result in runs
        for turn in result.turns
        if turn.latencies.voice_to_voice_s is not None
    ]


def _total_s(suite: SuiteSummary) -> float:
    return sum(run.wall_s or 0 for scenario in suite.scenarios for run in scenario.runs)
