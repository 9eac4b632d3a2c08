"""GitHub Actions: the summary of a run's step, and annotations at its scenarios."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.errors import ArtifactError
from harness.report.results import Results
from harness.suite.markdown import suite_markdown
from harness.terminal_text import printable

SUMMARY = "GITHUB_STEP_SUMMARY"
ACTIONS = "GITHUB_ACTIONS"
WORKSPACE = "GITHUB_WORKSPACE"
MAX_ANNOTATIONS = 10
"""GitHub shows no more of one kind for a step."""

MAX_SUMMARY_BYTES = 1024 * 1024
"""GitHub shows nothing of a step whose summary is larger."""


def write_summary(results: Results, environ: Mapping[str, str]) -> None:
    """Add the suite to the step's summary, where there is one; less of it where room is short.

    Raises:
        ArtifactError: it cannot be written.
    """
    path = environ.get(SUMMARY)
    if not path:
        return
    try:
        with Path(path).open("ab") as file:
            room = MAX_SUMMARY_BYTES - file.tell()
            whole = suite_markdown(results).encode("utf-8", errors="replace") + b"\n"
            headline = whole.partition(b"\n")[0] + b"\n"
            file.write(next((text for text in (whole, headline) if len(text) <= room), b""))
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
        file = _in_workspace(scenario.file, environ.get(WORKSPACE))
        place = f"file={_property(file)},line={scenario.line},title={_property(title)}"
        yield f"::{level} {place}::{_data(reason or title)}"


def _in_workspace(file: str, workspace: str | None) -> str:
    """A path as GitHub knows it, from the repository on, wherever in it the command was typed."""
    if not workspace:
        return file
    path = os.path.relpath(Path(file).resolve(), Path(workspace).resolve())
    return file if path.startswith("..") else Path(path).as_posix()


def _data(text: str) -> str:
    text = printable("\n".join(text.splitlines()), keeps_lines=True)
    return text.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
