"""What the page on suites shows is so: its scenario passes, its settings and words are some."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.scenario.load import load_scenarios
from harness.scenario.model import Scenario, Step
from harness.scenario.run import RunOptions
from harness.suite.runs import SuiteOptions, run_suite
from harness.suite.settings import find_settings

PAGE = (Path(__file__).parents[2] / "harness" / "docs" / "suites.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in EXAMPLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("understood_voice")
async def test_the_scenario_passes_for_each_row(folder: Path) -> None:
    scenarios = load_scenarios(folder / "booking.yaml")
    assert [one.scenario.name for one in scenarios] == ["booking-pair", "booking-group"]
    options, out = SuiteOptions(("simulated",)), folder / "out"
    results = await run_suite(scenarios, options, RunOptions(), out)
    assert results.suite is not None
    assert results.suite.counts["passed"] == 2, [one.runs for one in results.suite.scenarios]
    soft = [e for one in results.scenarios for e in one.expectations if e.soft]
    assert [one.verdict for one in soft] == ["failed", "failed"]
    said = {note for one in results.scenarios for note in one.notes}
    assert not said, "the first round was the last"
    for name in ("index.html", "junit.xml", "booking-pair/report.html"):
        assert (out / name).exists()


def test_the_settings_are_some(folder: Path) -> None:
    found = find_settings(folder)
    assert found.variables == {"city": "Rome"}
    assert found.options["workers"] == 2


def test_every_word_of_suites_has_a_line() -> None:
    words = {"tags", "variables", "each", "timeout_s"} & set(Scenario.model_fields)
    words |= {"use", "repeat"} & set(Step.model_fields)
    assert len(words) == 6
    assert [word for word in words if f"| `{word}` |" not in PAGE] == []
