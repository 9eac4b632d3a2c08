"""Allure results of a suite: one file a run, its turns as steps, its report and audio attached.

A file more is about all runs of a scenario together, where budgets are judged over them.

What the documentation of Allure calls test result files; Allure 2 and 3 read them. A retry is a run
of the same test, which Allure recognises by `historyId`; the one that began last counts. A repeat
is a test with another parameter.

Source: https://allurereport.org/docs/how-it-works-test-result-file/
"""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from harness.audio.files import write_atomically
from harness.errors import ArtifactError
from harness.report.results import Expectation, Results, ScenarioResult, Turn
from harness.report.suite_results import SuiteRun, SuiteScenario, SuiteVerdict
from harness.suite.junit import NOT_RUN, results_by_folder
from harness.suite.write import write_text
from harness.terminal_text import printable

STATUS: dict[SuiteVerdict, str] = {
    "passed": "passed",
    "failed": "failed",
    "cannot_tell": "unknown",
    "error": "broken",
    "not_run": "skipped",
}
"""Words of Allure for a verdict; flaky is a mark beside one."""

ATTACHED = {
    "report": ("Report", "text/html"),
    "audio": ("Both sides, left the user", "audio/wav"),
    "trace": ("Trace", "application/x-ndjson"),
}
"""Artifacts of a run: what they are called there, and their kind."""

CATEGORIES: list[dict[str, Any]] = [
    {
        "name": "Flaky",
        "description": "Some runs passed and others did not, or a retry did.",
        "matchedStatuses": ["passed", "failed", "broken", "unknown"],
        "flaky": True,
    },
    {
        "name": "Product defects",
        "description": "What a scenario expected did not happen.",
        "matchedStatuses": ["failed"],
        "flaky": False,
    },
    {
        "name": "Cannot tell",
        "description": "What was heard decides it neither way: listen to it.",
        "matchedStatuses": ["unknown"],
        "flaky": False,
    },
    {
        "name": "Test defects",
        "description": "The call, the browser, the server or the harness broke.",
        "matchedStatuses": ["broken"],
        "flaky": False,
    },
]
"""Kinds of what did not pass, two of them as Allure calls its own. In Allure 2 a category without
`flaky` holds nothing that is flaky, in Allure 3 it holds both. Allure 3 reads none beside the
results, but takes these in its configuration.

Source: https://allurereport.org/docs/how-it-works-categories-file/
"""

Json = dict[str, Any]


def write_allure(results: Results, out: Path, folder: Path) -> int:
    """Write a suite's results for Allure, beside those that are there; how many.

    One a run, and one for what is judged over all runs of a scenario, where something is.

    Args:
        results: of a suite.
        out: the folder that the paths of its artifacts are relative to.
        folder: made where it is missing.

    Raises:
        ArtifactError: a file cannot be written, or an artifact cannot be read.
    """
    suite = results.suite
    assert suite is not None
    by_folder = results_by_folder(results)
    written = 0
    for scenario in suite.scenarios:
        runs: list[SuiteRun | None] = [*scenario.runs] or [None]
        earlier_ms = 0
        for run in runs:
            result = by_folder[run.folder] if run is not None else None
            # Two attempts of a simulated call begin in the same second, as traces tell it.
            began_ms = max(_began_ms(result), earlier_ms + 1) if result is not None else 0
            earlier_ms = began_ms
            test = _test(scenario, run, result, began_ms)
            if result is not None:
                test["attachments"] = list(_attached(result, out, folder))
            _write(folder / f"{test['uuid']}-result.json", test)
            written += 1
        if scenario.budgets:
            over_all = _test_of_budgets(scenario, earlier_ms)
            _write(folder / f"{over_all['uuid']}-result.json", over_all)
            written += 1
    _write(folder / "categories.json", CATEGORIES)
    return written


def _write(path: Path, data: Any) -> None:
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def _test(
    scenario: SuiteScenario, run: SuiteRun | None, result: ScenarioResult | None, began_ms: int
) -> Json:
    is_repeat = run is not None and (run.repeat > 1 or scenario.pass_rate is not None)
    test = _blank(scenario, ("repeat", str(run.repeat)) if run is not None and is_repeat else None)
    test["status"] = STATUS[run.verdict if run is not None else "not_run"]
    test["statusDetails"] = _details(scenario, run, result)
    if result is not None:
        test["steps"] = list(_steps(result, began_ms))
        test["start"] = began_ms
        test["stop"] = began_ms + round((result.wall_s or result.conversation_s or 0.0) * 1000)
    return test


def _test_of_budgets(scenario: SuiteScenario, began_ms: int) -> Json:
    """What is judged over all runs together, a budget a step: each of the runs may have passed."""
    test = _blank(scenario, ("over", "all runs"))
    for budget in scenario.budgets:
        test["steps"].append(_step(budget.text, STATUS[budget.verdict], budget.evidence, began_ms))
    test["status"] = _worst([step["status"] for step in test["steps"]])
    bad = next((one for one in scenario.budgets if one.verdict != "passed"), None)
    if bad is not None:
        test["statusDetails"] = {"message": _shown(f"{bad.text} – {bad.evidence}")}
    test["start"] = test["stop"] = began_ms
    return test


def _blank(scenario: SuiteScenario, parameter: tuple[str, str] | None) -> Json:
    """A test without its outcome.

    Args:
        parameter: what tells it from others of the same scenario, engine and row.
    """
    name = f"{scenario.file}:{scenario.name}"
    parameters = [("engine", scenario.engine)]
    parameters += [("row", scenario.row)] if scenario.row else []
    parameters += [parameter] if parameter is not None else []
    return {
        "uuid": str(uuid4()),
        "testCaseId": _hash(name),
        "historyId": _hash(name, *("=".join(one) for one in parameters)),
        "fullName": name,
        "name": scenario.name,
        "description": scenario.description,
        "statusDetails": {},
        "stage": "finished",
        "labels": list(_labels(scenario)),
        "links": [],
        "parameters": [{"name": key, "value": value} for key, value in parameters],
        "steps": [],
        "attachments": [],
    }


def _hash(*parts: str) -> str:
    return hashlib.md5("\0".join(parts).encode("utf-8"), usedforsecurity=False).hexdigest()


def _details(scenario: SuiteScenario, run: SuiteRun | None, result: ScenarioResult | None) -> Json:
    if run is None or result is None:
        return {"message": NOT_RUN}
    is_flaky = scenario.verdict == "flaky"
    details: Json = {"flaky": is_flaky}
    if run.reason:
        details["message"] = _shown(run.reason)
    elif is_flaky and scenario.reason:
        details["message"] = _shown(f"passed here; another run did not: {scenario.reason}")
    if result.error is not None:
        details["trace"] = _shown(result.error.message)
    return details


def _shown(text: str) -> str:
    """Words of others without what a page would not show, or would turn other words round with."""
    return printable(text, keeps_lines=True)


def _labels(scenario: SuiteScenario) -> Iterator[Json]:
    yield {"name": "parentSuite", "value": scenario.engine}
    yield {"name": "suite", "value": scenario.file}
    if scenario.row:
        yield {"name": "subSuite", "value": scenario.base}
    yield {"name": "feature", "value": scenario.base}
    yield {"name": "framework", "value": "realtime-harness"}
    yield {"name": "host", "value": socket.gethostname()}
    for tag in scenario.tags:
        yield {"name": "tag", "value": tag}


def _began_ms(result: ScenarioResult) -> int:
    try:
        began = datetime.fromisoformat(result.started_at or "")
    except ValueError:
        began = datetime.now(UTC)
    return round(began.timestamp() * 1000)


def _steps(result: ScenarioResult, began_ms: int) -> Iterator[Json]:
    """A step a turn, with what was expected in it; what belongs to no turn comes at the end."""
    left = list(result.expectations)
    for place, turn in enumerate(result.turns, start=1):
        end_s = _begin_s(result.turns[place]) if place < len(result.turns) else None
        own = [one for one in left if _is_of(one, end_s)]
        left = [one for one in left if one not in own]
        yield _turn_step(turn, own, began_ms)
    yield from (_expectation_step(one, began_ms) for one in left)


def _is_of(expectation: Expectation, end_s: float | None) -> bool:
    """Whether it was judged before the next turn began; None: there is no next one."""
    at_s = expectation.at_s
    return at_s is not None and (end_s is None or at_s < end_s)


def _begin_s(turn: Turn) -> float | None:
    first = turn.said or turn.heard
    return first.start_s if first is not None else None


def _turn_step(turn: Turn, expectations: list[Expectation], began_ms: int) -> Json:
    said = (turn.said.text or turn.said.file or "…") if turn.said else None
    answer = (turn.answer and turn.answer.text) or (turn.heard and turn.heard.transcript) or None
    user = f"user: “{said}”" if said else "nobody asked"
    agent = f"answer: “{answer}”" if answer else "an answer" if turn.heard else "no answer"
    latency_s = turn.latencies.voice_to_voice_s
    parameters = []
    if latency_s is not None:
        parameters.append({"name": "voice to voice", "value": f"{latency_s * 1000:.0f} ms"})
    steps = [_expectation_step(one, began_ms) for one in expectations]
    ends = [one.end_s for one in (turn.said, turn.heard) if one is not None]
    start_s = _begin_s(turn) or 0.0
    return {
        "name": _shown(f"{turn.index}. {user} – {agent}"),
        "status": _worst([step["status"] for step in steps]),
        "stage": "finished",
        "parameters": parameters,
        "steps": steps,
        "start": began_ms + round(start_s * 1000),
        "stop": began_ms + round(max(ends, default=start_s) * 1000),
    }


def _expectation_step(expectation: Expectation, began_ms: int) -> Json:
    at_ms = began_ms + round((expectation.at_s or 0.0) * 1000)
    status = "skipped" if expectation.verdict == "skipped" else STATUS[expectation.verdict]
    if expectation.soft and status != "passed":
        return _step(f"{expectation.text} (soft)", "skipped", expectation.evidence, at_ms)
    return _step(expectation.text, status, expectation.evidence, at_ms)


def _step(text: str, status: str, evidence: str | None, at_ms: int) -> Json:
    return {
        "name": _shown(text),
        "status": status,
        "statusDetails": {"message": _shown(evidence or "")},
        "stage": "finished",
        "steps": [],
        "start": at_ms,
        "stop": at_ms,
    }


def _worst(statuses: list[str]) -> str:
    for status in ("broken", "failed", "unknown"):
        if status in statuses:
            return status
    return "passed"


def _attached(result: ScenarioResult, out: Path, folder: Path) -> Iterator[Json]:
    """Copies: Allure wants them beside its own files."""
    for name, (title, kind) in ATTACHED.items():
        # A single run has its report beside its results, and not among the files of the call.
        source = out / result.artifacts.get(name, "report.html" if name == "report" else ".")
        if not source.is_file():
            continue
        copy = folder / f"{uuid4()}-attachment{source.suffix}"
        _copy(source, copy)
        yield {"name": title, "source": copy.name, "type": kind}


def _copy(source: Path, to: Path) -> None:
    try:
        file = source.open("rb")
    except OSError as error:
        raise ArtifactError(
            f"Cannot read {source}.", expected="what the run left", found=str(error)
        ) from error

    def write(copy: BinaryIO) -> None:
        shutil.copyfileobj(file, copy)

    with file:
        write_atomically(to, write)
