"""The page on numbers and its neighbours: each number has its row, the examples can be."""

from __future__ import annotations

import re
from pathlib import Path

import harness
from harness.report.number_results import Conduct, MediaRates
from harness.report.results import CallMetrics, Connect, Latencies, Quality
from harness.scenario.model import Scenario
from harness.yaml12 import load

DOCS = Path(harness.__file__).parent / "docs"
PARTS_OF_OTHERS = {"longest_gap_s"}
"""Said with the number that they belong to."""


def test_every_number_has_a_row_with_formula_unit_absence_and_uncertainty() -> None:
    page = (DOCS / "numbers.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)\|$", page, re.MULTILINE))
    models = (Latencies, Quality, CallMetrics, Connect, Conduct, MediaRates)
    names = {name for model in models for name in model.model_fields} - PARTS_OF_OTHERS
    numbers = {name for name in names if not name.endswith("_uncertainty_s")}
    assert numbers <= set(rows)
    for name in numbers:
        cells = [cell.strip() for cell in rows[name].split("|")]
        assert len(cells) == 4, name
        assert all(cells), name


def test_the_budgets_of_the_example_can_be() -> None:
    page = (DOCS / "scenarios.md").read_text(encoding="utf-8")
    blocks = [
        load(text)
        for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
        if text.startswith("budgets:")
    ]
    asked = []
    for block in blocks:
        example = {"name": "example", "steps": ["hang_up"], **block}
        asked.append(len(Scenario.model_validate(example).budgets))
    assert asked == [3, 2]
