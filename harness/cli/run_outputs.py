"""Outputs of a run beside its own folder: comments, histories, results for other tools."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.standard_streams import print_command
from harness.cli.suite_choice import SuiteChoice
from harness.errors import UsageError
from harness.paths import what_is_at
from harness.scenario.load import LoadedScenario

if TYPE_CHECKING:
    from harness.report.results import Results

SUMMARY, ACTIONS = "GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS"


def check_outputs(choice: SuiteChoice, out: Path) -> None:
    """See that what is to be written can be, before minutes are spent on a run.

    Args:
        choice: what is wanted.
        out: the folder of the run.

    Raises:
        UsageError: a file is where a folder is to be, or a folder where a file is; the history is
            another program's, or of a newer version.
        ArtifactError: it is damaged, or cannot be written.
    """
    for option, path in (("--out", out), ("--allure", choice.allure)):
        if path is not None and path.exists() and not path.is_dir():
            raise no_place(option, path, "a folder, made where it is missing")
    for option, path in (("--markdown", choice.markdown), ("--history", choice.history)):
        if path is not None and path.is_dir():
            raise no_place(option, path, "a file")
    if choice.history is not None:
        from harness.cli.history import check_history

        check_history(choice.history)


def no_place(option: str, path: Path, expected: str) -> UsageError:
    """The error of an option whose output cannot be written there."""
    return UsageError(
        f"{option} cannot be {path}.",
        expected=expected,
        found=what_is_at(path),
        hint=f"{option} with another name",
    )


def tell_others(
    results: Results,
    chosen: Sequence[LoadedScenario],
    choice: SuiteChoice,
    out: Path,
    *,
    is_one: bool,
) -> None:
    """The history, Allure, the comment for a pull request, GitHub Actions: each where wanted.

    Args:
        is_one: whether it was a single run, whose results sum nothing up.

    Raises:
        ArtifactError: one of them cannot be written.
    """
    from_github = SUMMARY in os.environ or ACTIONS in os.environ
    if choice.history is not None:
        from harness.cli.history import keep_results

        keep_results(choice.history, results, out)
    if choice.markdown is None and choice.allure is None and not from_github:
        return
    from harness.suite.outcome import one_as_suite

    told = one_as_suite(results, chosen[0], choice.engines[0]) if is_one else results
    if choice.allure is not None:
        from harness.suite.allure import write_allure
        from harness.suite.earlier import without_earlier

        write_allure(without_earlier(told), out, choice.allure)
    if choice.markdown is not None:
        from harness.suite.markdown import suite_markdown
        from harness.suite.write import write_text

        write_text(choice.markdown, suite_markdown(told))
    if from_github:
        _tell_github(told)


def _tell_github(told: Results) -> None:
    from harness.suite.earlier import without_earlier
    from harness.suite.github import annotations_of, write_summary

    write_summary(told, os.environ)
    for line in annotations_of(without_earlier(told), os.environ):
        print_command(line)
