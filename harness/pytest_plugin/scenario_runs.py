"""Scenarios as a test runs them: named beside it, or taken from a folder as parameters."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.paths import StrPath
from harness.pytest_plugin.option_names import check_run_option_names

if TYPE_CHECKING:
    from harness.report.results import Results


@dataclass(frozen=True)
class ScenarioRef:
    """One scenario of a file: what `run_scenario` takes where a table makes several."""

    path: Path
    name: str

    def __str__(self) -> str:
        return self.name


def scenarios(*places: StrPath, grep: str | None = None, tags: Sequence[str] = ()) -> list[Any]:
    """Every scenario of files and folders, for ``pytest.mark.parametrize``.

        @pytest.mark.parametrize("scenario", harness.scenarios("scenarios"))
        async def test_it(scenario, run_scenario):
            await run_scenario(scenario)

    Each is called after its scenario, a row of a table after its row, and has its tags as markers.

    Args:
        places: relative to the file that asks; names of shipped scenarios, too.
        grep, tags: as for ``harness run``.

    Raises:
        UsageError: what is wrong with the files, all of it.
    """
    from harness.cli.scenario_files import find_files
    from harness.suite.collect import collect
    from harness.suite.select import Selection, select
    from harness.suite.settings import find_settings

    asking = Path(sys._getframe(1).f_globals.get("__file__", ".")).parent
    given = _given(find_settings(asking).variables)
    words = [_beside(asking, place) for place in places]
    suite = collect(find_files(words), given)
    chosen = select(suite.scenarios, Selection(grep, tuple(tags)))
    return [
        pytest.param(
            ScenarioRef(loaded.path, loaded.scenario.name),
            id=loaded.scenario.name,
            marks=[_marker(tag) for tag in loaded.scenario.tags],
        )
        for loaded in chosen
    ]


async def run_for_test(
    scenario: StrPath | ScenarioRef,
    *,
    beside: Path,
    out: Path,
    engine: str,
    page_url: str | None,
    headed: bool,
    **options: Any,
) -> Results:
    """Run what a test names; the test fails where not everything held.

    Args:
        beside: the folder of the test's file.
        options: others, as `RunOptions` has them.
    """
    from harness.cli.scenario_files import find_scenarios
    from harness.cli.verdict import failure_lines
    from harness.scenario.load import load_scenarios
    from harness.scenario.run import RunOptions, run_loaded
    from harness.suite.settings import find_settings

    check_run_option_names(options)
    ref = scenario if isinstance(scenario, ScenarioRef) else None
    word = str(scenario.path) if isinstance(scenario, ScenarioRef) else _beside(beside, scenario)
    given = _given(find_settings(beside).variables)
    loaded = [
        one
        for path in find_scenarios([word])
        for one in load_scenarios(path, given)
        if ref is None or one.scenario.name == ref.name
    ]
    how = RunOptions(engine=engine, page_url=page_url, headed=headed, **options)
    results = await run_loaded(loaded, how, out)
    if results.verdict != "passed":
        lines = [str(line) for one in results.scenarios for line in failure_lines(one)]
        pytest.fail("\n".join(lines) or results.verdict, pytrace=False)
    return results


def marker_of(tag: str) -> str:
    """A tag as `-m` can name it."""
    return tag.replace("-", "_").replace(".", "_")


def _marker(tag: str) -> pytest.MarkDecorator:
    """Its marker, which `--strict-markers` lets pass: a tag is known by the file that has it."""
    mark = pytest.Mark(marker_of(tag), (), {}, _ispytest=True)
    return pytest.MarkDecorator(mark, _ispytest=True)


def _beside(folder: Path, place: StrPath) -> str:
    beside = folder / place
    return os.fspath(beside if beside.exists() else place)


def _given(variables: dict[str, Any]) -> Any:
    from harness.scenario.load import Given

    return Given(project=variables)
