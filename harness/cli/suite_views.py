"""``harness list`` and ``harness validate``: a suite as it is written."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from harness.all_mistakes import each_of
from harness.cli.failures import print_failure
from harness.cli.suite_choice import SuiteChoice, read_suite
from harness.cli.verdict import PIPE_WIDTH
from harness.errors import UsageError
from harness.hidden import Hidden
from harness.scenario.load import LoadedScenario, hidden_of_all
from harness.suite.collect import Suite
from harness.terminal_text import printable


def show_list(words: Sequence[str], choice: SuiteChoice, *, as_json: bool) -> int:
    """Print the scenarios that are meant; 0."""
    suite = read_suite(words, choice.given())
    chosen = choice.chosen(suite, None)
    if as_json:
        _print_json({"scenarios": [_as_data(loaded) for loaded in chosen]})
        return 0
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("scenario", "tags", "steps", "where", "description"):
        table.add_column(
            name,
            justify="right" if name == "steps" else "left",
            overflow="fold" if name in ("scenario", "where") else "ellipsis",
        )
    for loaded in chosen:
        scenario = loaded.scenario
        tags, steps = ", ".join(scenario.tags), str(len(scenario.steps))
        shown = printable(loaded.hidden.text(scenario.description))
        table.add_row(scenario.name, tags, steps, loaded.place("name"), shown)
    console.print(table)
    print(_in_words(suite, len(chosen)))
    return 0


def check_suite(
    words: Sequence[str], choice: SuiteChoice, engines: Sequence[str], *, as_json: bool
) -> int:
    """Say what is wrong with the scenarios, all of it; 0 where nothing is, else 2."""
    from harness.all_mistakes import as_one, refuse_mistakes
    from harness.suite.checks import checks_for

    check = checks_for(engines or ["browser"])
    try:
        suite = read_suite(words, choice.given(), check)
        with hidden_of_all(suite.scenarios).in_errors():
            found = [mistakes for loaded in suite.scenarios if (mistakes := check(loaded))]
            refuse_mistakes([as_one(each) for each in found], len(suite.scenarios))
    except UsageError as error:
        if as_json:
            problems = [str(each) for each in each_of(error)]
            _print_json({"valid": False, "problem": str(error), "problems": problems})
        else:
            print_failure(str(error))
        return error.exit_code
    if as_json:
        _print_json({"valid": True, "scenarios": len(suite.scenarios)})
    else:
        print(f"Nothing is wrong: {_in_words(suite, len(suite.scenarios))}")
    return 0


def _as_data(loaded: LoadedScenario) -> dict[str, Any]:
    scenario, hidden = loaded.scenario, loaded.hidden or Hidden()
    file, _, line = loaded.place("name").rpartition(":")
    return {
        "name": scenario.name,
        "base": loaded.base,
        "row": loaded.row,
        "tags": scenario.tags,
        "description": hidden.text(scenario.description),
        "file": file,
        "line": int(line),
        "steps": len(scenario.steps),
    }


def _in_words(suite: Suite, chosen: int) -> str:
    files = len({loaded.path for loaded in suite.scenarios})
    of = f"{chosen} of " if chosen != len(suite.scenarios) else ""
    parts = [f"{of}{_count(len(suite.scenarios), 'scenario')} in {_count(files, 'file')}"]
    if suite.shared:
        parts.append(f"{_count(len(suite.shared), 'file')} of shared steps")
    if suite.left_out:
        parts.append(f"{_count(len(suite.left_out), 'YAML file')} with neither name nor steps")
    return ", ".join(parts)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number != 1 else "")


def _print_json(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.flush()
