"""`harness compare`, from its files to its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from harness.audio.fixtures import find_fixture
from harness.audio.side_of_file import SideOfFile
from harness.audio.wav import write_wav
from harness.cli.compare import CompareOptions, compare_runs
from harness.errors import UsageError
from harness.regression.baseline import read_baseline, write_baseline
from harness.regression.recorded import RecordedAnswer
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


def test_a_suite_that_loses_a_scenario_is_not_green_unless_that_was_meant(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = tmp_path / "whole.yaml"
    sides = [make_side(make_run(make_turn()), name=name) for name in ("booking", "refund")]
    write_baseline(make_calls(*sides), whole)
    assert compare_runs(whole, files[0], CompareOptions()) == 1
    assert "refund  is in the base, and was not run" in capsys.readouterr().out
    assert compare_runs(whole, files[0], CompareOptions(allow_gone=True)) == 0
    assert "1 not run" in capsys.readouterr().out


def test_the_comment_is_written(files: tuple[Path, Path], tmp_path: Path) -> None:
    comment = tmp_path / "comment.md"
    assert compare_runs(*files, CompareOptions(markdown=comment)) == 1
    assert "❌ worse" in comment.read_text(encoding="utf-8")


def test_a_comment_that_has_no_file_is_refused_before_anything_is_shown(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="--markdown cannot be"):
        compare_runs(*files, CompareOptions(markdown=tmp_path))
    assert capsys.readouterr().out == ""


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


def test_where_the_baseline_has_audio_what_is_to_be_done_keeps_it(tmp_path: Path) -> None:
    clip = find_fixture("yes-please").load().clip
    sound = tmp_path / "answer.wav"
    write_wav(sound, np.stack([clip.samples] * 2, axis=1), clip.sample_rate_hz)
    side = SideOfFile(sound, 1, clip.frames, clip.sample_rate_hz)
    spoken = make_turn(recorded=RecordedAnswer(side, 0.0, clip.duration_s))
    good, failed = tmp_path / "good.yaml", tmp_path / "failed.yaml"
    write_baseline(make_calls(make_side(make_run(spoken))), good, audio=True)
    write_baseline(make_calls(make_side(make_run(make_turn(), verdict="failed"))), failed)
    with pytest.raises(UsageError) as caught:
        compare_runs(good, failed, CompareOptions(update_baseline=True))
    assert f"--to {good} --audio --allow-failed" in (caught.value.hint or "")


def test_an_update_says_what_the_baseline_loses(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = tmp_path / "two.yaml"
    sides = [make_side(make_run(make_turn()), name=name) for name in ("booking", "refund")]
    write_baseline(make_calls(*sides), two)
    assert compare_runs(two, files[0], CompareOptions(update_baseline=True)) == 0
    assert "1 scenario of it is gone" in capsys.readouterr().err
