"""GitHub Actions: the summary of a run's step, and annotations at its scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.errors import ArtifactError
from harness.report.results import Results
from harness.suite.markdown import suite_markdown

SUMMARY = "GITHUB_STEP_SUMMARY"
ACTIONS = "GITHUB_ACTIONS"
MAX_ANNOTATIONS = 10
"""GitHub shows no more of one kind for a step."""


def write_summary(results: Results, environ: Mapping[str, str]) -> None:
    """Add the suite to the step's summary, where there is one.

    Raises:
        ArtifactError: it cannot be written.
    """
    path = environ.get(SUMMARY)
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(suite_markdown(results) + "\n")
    except OSError as error:
        raise ArtifactError(
            f"Cannot write the step's summary {path} ({SUMMARY}).",
            expected="a file that may be written to",
            found=error.strerror or str(error),
        ) from error


def annotations_of(results: Results, environ: Mapping[str, str]) -> Iterator[str]:
    """Workflow commands for what did not pass, where GitHub reads them; lines to be printed."""
    if environ.get(ACTIONS) != "true" or results.suite is None:
        return
    told = {"warning": 0, "error": 0}
    for scenario in results.suite.scenarios:
        level = "warning" if scenario.verdict == "flaky" else "error"
        if scenario.verdict in ("passed", "not_run") or told[level] == MAX_ANNOTATIONS:
            continue
        told[level] += 1
        reason = scenario.reason
        title = f"{scenario.name}: {scenario.verdict.replace('_', ' ')}"
        place = f"file={_property(scenario.file)},line={scenario.line},title={_property(title)}"
        yield f"::{level} {place}::{_data(reason or title)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
