"""The arguments of `harness compare` and `harness baseline`."""

from __future__ import annotations

from pathlib import Path

from harness.report.results import collect, results_json
from tests.cli.conftest import Harness
from tests.support.make_suite import make_result


def test_a_run_becomes_a_baseline_and_is_compared_with_it(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(
        results_json(collect([make_result("booking")])), encoding="utf-8"
    )
    assert harness("baseline", "accept", "results.json", "--to", "b.yaml").returncode == 0
    compared = harness("compare", "b.yaml", "results.json")
    assert compared.returncode == 0, compared.stderr
    assert compared.stdout.startswith("b.yaml → results.json\n")
    refused = harness("baseline", "list", "--to", "b.yaml")
    assert refused.returncode == 2
    assert "--to" in refused.stderr
