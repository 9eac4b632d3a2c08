"""Runs of a batch: a folder and a report each, and an end before the end."""

from __future__ import annotations

from pathlib import Path

from harness.report.results import Results
from harness.scenario.batch import Batch, never
from harness.scenario.load import load_scenarios
from harness.scenario.run import RunOptions, run_loaded

TABLE = """
name: quiet
each: [{name: a}, {name: b}, {name: c}]
steps: [{silence: 0.2}, hang_up]
"""


async def test_each_run_has_its_report_and_none_begins_after_the_stop(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(TABLE, encoding="utf-8")
    told: list[tuple[int, str]] = []

    def ended(index: int, results: Results) -> None:
        told.append((index, results.scenarios[0].name))

    batch = Batch(["x", "x~2", "y"], ended, lambda: len(told) == 2)
    loaded = load_scenarios(tmp_path / "s.yaml")
    out = tmp_path / "out"
    results = await run_loaded(loaded, RunOptions("simulated"), out, batch=batch)
    assert told == [(0, "quiet-a"), (1, "quiet-b")]
    assert len(results.scenarios) == 2
    assert sorted(path.parent.name for path in out.glob("*/report.html")) == ["x", "x~2"]
    assert not (out / "report.html").exists()
    assert not never()
