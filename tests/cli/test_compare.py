"""`harness compare`, from its files to its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli.compare import CompareOptions, compare_runs
from harness.errors import UsageError
from harness.regression.baseline import read_baseline, write_baseline
from tests.support.make_calls import make_calls, make_run, make_side, make_turn


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A good baseline, and one whose answer has lost a word."""
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    write_baseline(make_calls(make_side(make_run(make_turn()))), good)
    lost = make_turn(answer="Certainly, a table for two.")
    write_baseline(make_calls(make_side(make_run(lost))), bad)
    return good, bad


def test_exit_1_where_something_is_worse(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = files
    assert compare_runs(good, good, CompareOptions()) == 0
    capsys.readouterr()
    assert compare_runs(good, bad, CompareOptions(as_json=True)) == 1
    shown = json.loads(capsys.readouterr().out)
    assert (shown["verdict"], shown["findings"][0]["kind"]) == ("worse", "answer cut")


def test_the_comment_is_written(files: tuple[Path, Path], tmp_path: Path) -> None:
    comment = tmp_path / "comment.md"
    assert compare_runs(*files, CompareOptions(markdown=comment)) == 1
    assert "❌ worse" in comment.read_text(encoding="utf-8")


def test_an_update_shows_what_it_accepts(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = files
    assert compare_runs(good, bad, CompareOptions(update_baseline=True)) == 0
    shown = capsys.readouterr()
    assert "the answer is cut" in shown.out
    assert "accepted" in shown.err
    assert read_baseline(good).scenarios == read_baseline(bad).scenarios


def test_only_a_baseline_is_updated(files: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Only a baseline"):
        compare_runs(tmp_path, files[0], CompareOptions(update_baseline=True))


def test_a_run_that_failed_never_becomes_the_baseline_by_an_update(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, failed = files[0], tmp_path / "failed.yaml"
    write_baseline(make_calls(make_side(make_run(make_turn(), verdict="failed"))), failed)
    before = good.read_bytes()
    with pytest.raises(UsageError, match="not all of it passed") as caught:
        compare_runs(good, failed, CompareOptions(update_baseline=True))
    assert good.read_bytes() == before
    assert "does not pass any more" in capsys.readouterr().out
    command = f"harness baseline accept {failed} --to {good} --allow-failed"
    assert command in (caught.value.hint or "")


def test_an_update_says_what_the_baseline_loses(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = tmp_path / "two.yaml"
    sides = [make_side(make_run(make_turn()), name=name) for name in ("booking", "refund")]
    write_baseline(make_calls(*sides), two)
    assert compare_runs(two, files[0], CompareOptions(update_baseline=True)) == 0
    assert "1 scenario of it is gone" in capsys.readouterr().err
