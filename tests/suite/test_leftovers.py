"""Repeats and retries that an earlier suite left are taken away; nothing else is."""

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


def test_old_repeats_and_retries_are_taken_away(tmp_path: Path, out: Path) -> None:
    old = [left(out, f"a{again}", "a") for again in ("~2", "~3", "~retry1")]
    now = left(out, "a")
    take_away_leftovers(out, make_suite(tmp_path, {"a": ["passed"]}))
    assert not [path.name for path in old if path.exists()]
    assert now.exists()


def test_repeats_of_this_suite_stay(tmp_path: Path, out: Path) -> None:
    results = make_suite(tmp_path, {"a": ["passed", "passed"]})
    assert results.suite is not None
    made = [left(out, run.folder, "a") for run in results.suite.scenarios[0].runs]
    take_away_leftovers(out, results)
    assert [path.exists() for path in made] == [True, True]


def test_what_another_suite_may_have_made_stays(tmp_path: Path, out: Path) -> None:
    kept = [left(out, "old"), left(out, "old~2", "old"), left(out, "b~2", "b")]
    kept.append(left(out, "a@simulated~2", "a"))  # of a run in several engines
    take_away_leftovers(out, make_suite(tmp_path, {"a": ["passed"], "b": []}))
    assert [path.name for path in kept if not path.exists()] == []


def test_what_is_no_run_of_a_suite_stays(tmp_path: Path, out: Path) -> None:
    own_run = left(out, "a~2", "a", trace="a/trace.jsonl")
    renamed = left(out, "a~the good one", "b")
    (out / "a~notes").mkdir()
    broken = left(out, "a~3", "a")
    (broken / "results.json").write_text("[1", encoding="utf-8")
    elsewhere = left(tmp_path / "elsewhere", "a")
    (out / "a~4").symlink_to(elsewhere)
    take_away_leftovers(out, make_suite(tmp_path, {"a": ["passed"]}))
    for path in (own_run, renamed, out / "a~notes", broken, elsewhere / "trace.jsonl"):
        assert path.exists()


def test_nothing_is_taken_from_a_run_that_has_begun_meanwhile(tmp_path: Path, out: Path) -> None:
    old = left(out, "a~2", "a")
    with own_folder(out):
        take_away_leftovers(out, make_suite(tmp_path, {"a": ["passed"]}))
    assert old.exists()
