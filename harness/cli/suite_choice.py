"""Choice of a suite as it was typed: which scenarios, with which values, how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.cli.scenario_files import find_files
from harness.errors import UsageError
from harness.scenario.load import Given, LoadedScenario
from harness.scenario.scope import is_name
from harness.suite.collect import Check, Suite, collect
from harness.suite.earlier import failed_in
from harness.suite.select import Selection, read_shard, select
from harness.suite.settings import find_settings

if TYPE_CHECKING:
    from harness.report.results import Results
    from harness.suite.runs import SuiteOptions


@dataclass(frozen=True)
class SuiteChoice:
    """Options of `harness run` that make a suite of scenarios."""

    engines: tuple[str, ...] = ("browser",)
    grep: str | None = None
    tags: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    """NAME=VALUE, as typed."""

    repeat: int = 1
    retries: int = 0
    workers: int = 1
    shard: str | None = None
    max_failures: int | None = None
    last_failed: bool = False
    allow_flaky: bool = False
    markdown: Path | None = None
    history: Path | None = None
    allure: Path | None = None
    from_project: frozenset[str] = frozenset()
    """Fields of `RunOptions` that nobody typed: they are in the project's settings."""

    def given(self) -> Given:
        """Values from the command line, and from the project's settings."""
        return Given(read_values(self.values), find_settings(Path.cwd()).variables)

    def chosen(self, suite: Suite, last: Results | None) -> list[LoadedScenario]:
        """The scenarios that are meant.

        Args:
            last: the last run's results, where what failed in it is meant.
        """
        return select(
            suite.scenarios,
            Selection(
                self.grep,
                self.tags,
                failed_in(last) if last is not None else None,
                read_shard(self.shard) if self.shard else None,
            ),
        )

    def options(self, earlier: Results | None, known: frozenset[str]) -> SuiteOptions:
        """How the suite is run.

        Args:
            earlier: the results that it is a part of, where what failed in them is run again.
            known: the names of the whole suite.
        """
        from harness.suite.runs import SuiteOptions

        return SuiteOptions(
            self.engines,
            self.repeat,
            self.retries,
            self.workers,
            self.max_failures,
            self.shard,
            self.from_project,
            earlier,
            known,
        )

    def is_one_run(self, count: int) -> bool:
        """Whether there is nothing to sum up over."""
        return count == 1 and self.repeat == 1 and self.retries == 0 and len(self.engines) == 1


def read_suite(words: Sequence[str], given: Given, check: Check | None = None) -> Suite:
    """Every scenario of the files, folders and names that were typed.

    Args:
        check: as of `collect`.

    Raises:
        UsageError: nothing was typed, or something of it is wrong; all that is wrong is told.
    """
    if not words:
        raise UsageError(
            "No scenario was given.",
            expected="a file, a folder, a shipped one's name, or scenarios = […] in "
            "[tool.realtime-harness] of pyproject.toml",
            found="nothing",
            hint="harness run fixtures/scenarios/rover.yaml",
        )
    return collect(find_files(words), given, check)


def read_values(typed: Sequence[str]) -> dict[str, str]:
    """NAME=VALUE by name; the last one counts.

    Raises:
        UsageError: it is none.
    """
    values = {}
    for one in typed:
        name, equals, value = one.partition("=")
        if not equals or not is_name(name):
            raise UsageError(
                "--set gives a value to a name.",
                expected="--set NAME=VALUE, NAME of letters, digits and underscores",
                found=one if not equals else f"{name}=…",
            )
        values[name] = value
    return values
