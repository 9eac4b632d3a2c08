"""What an earlier suite left of scenarios and repeats that are gone is taken away; no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.report.results import collect, results_json
from harness.scenario.out_folder import own_folder
from harness.suite.leftovers import take_away_leftovers
from tests.support.make_suite import make_result, make_suite


def left(out: Path, folder: str, name: str | None = None, trace: str = "trace.jsonl") -> Path:
    """The folder of an earlier run of a suite."""
    place = out / folder
    place.mkdir(parents=True)
    result = make_result(name or folder).model_copy(update={"artifacts": {"trace": trace}})
    (place / "results.json").write_text(results_json(collect([result])), encoding="utf-8")
    (place / "trace.jsonl").touch()
    return place


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def test_scenarios_that_are_gone_and_old_repeats_are_taken_away(tmp_path: Path, out: Path) -> None:
    gone = [left(out, "old"), left(out, "a~2", "a"), left(out, "a~retry1", "a")]
    gone.append(left(out, "b@simulated", "b"))
    now = left(out, "a")
    take_away_leftovers(out, make_suite(tmp_path, {"a": ["passed"], "b": ["passed"]}), ["a", "b"])
    assert not [path.name for path in gone if path.exists()]
    assert now.exists()


def test_what_the_suite_has_and_did_not_run_stays(tmp_path: Path, out: Path) -> None:
    chosen_not, begun_not = left(out, "slow"), left(out, "b~2", "b")
    results = make_suite(tmp_path, {"a": ["passed"], "b": []})
    take_away_leftovers(out, results, ["a", "b", "slow"])
    assert chosen_not.exists()
    assert begun_not.exists()


def test_what_is_nobodys_or_somebody_elses_stays(tmp_path: Path, out: Path) -> None:
    own_run = left(out, "rover", trace="rover/trace.jsonl")
    renamed = left(out, "the good one", "old")
    (out / "notes").mkdir()
    broken = left(out, "broken")
    (broken / "results.json").write_text("[1", encoding="utf-8")
    elsewhere = left(tmp_path / "elsewhere", "linked")
    (out / "linked").symlink_to(elsewhere)
    take_away_leftovers(out, make_suite(tmp_path, {"a": ["passed"]}), ["a"])
    assert own_run.exists()
    assert renamed.exists()
    assert broken.exists()
    assert (out / "notes").exists()
    assert (elsewhere / "trace.jsonl").exists()


def test_nothing_is_taken_from_a_run_that_has_begun_meanwhile(tmp_path: Path, out: Path) -> None:
    old = left(out, "old")
    with own_folder(out):
        take_away_leftovers(out, make_suite(tmp_path, {"a": ["passed"]}), ["a"])
    assert old.exists()
