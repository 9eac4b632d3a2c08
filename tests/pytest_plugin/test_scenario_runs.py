"""Scenarios as parameters of tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ScenarioError
from harness.pytest_plugin.scenario_runs import ScenarioRef, marker_of, run_for_test, scenarios
from tests.support.make_suite import make_scenarios

TABLE = "name: quiet\neach: [{n: a}, {n: b}]\nsteps: [{silence: 0.2}, hang_up]\n"


def test_every_scenario_and_row_is_a_parameter_with_its_tags(tmp_path: Path) -> None:
    make_scenarios(tmp_path, "one", tags=["smoke", "very-slow"])
    (tmp_path / "t.yaml").write_text(TABLE, encoding="utf-8")
    found = scenarios(tmp_path)
    assert [one.id for one in found] == ["one", "quiet-a", "quiet-b"]
    assert [mark.name for mark in found[0].marks] == ["smoke", "very_slow"]
    assert [str(one.values[0]) for one in scenarios(tmp_path, tags=["smoke"])] == ["one"]
    assert [one.id for one in scenarios("greeting")] == ["greeting"], "a shipped one"
    with pytest.raises(ScenarioError, match="nowhere"):
        scenarios(tmp_path / "nowhere")
    assert marker_of("a-b.c") == "a_b_c"


async def test_one_row_of_a_table_can_be_run(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TABLE, encoding="utf-8")

    async def run(scenario: str | ScenarioRef) -> list[str]:
        results = await run_for_test(
            scenario,
            beside=tmp_path,
            out=tmp_path / "out",
            engine="simulated",
            page_url=None,
            server_url=None,
            headed=False,
        )
        return [one.name for one in results.scenarios]

    assert await run(ScenarioRef(tmp_path / "t.yaml", "quiet-b")) == ["quiet-b"]
    assert await run("t.yaml") == ["quiet-a", "quiet-b"]
