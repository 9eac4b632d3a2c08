"""Which traces are meant, and where their report goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cli.report import find_runs
from harness.errors import UsageError
from tests.cli.conftest import Harness


@pytest.fixture
def run(tmp_path: Path) -> Path:
    for name in ("booking", "rover"):
        (tmp_path / "run" / name).mkdir(parents=True)
        (tmp_path / "run" / name / "trace.jsonl").touch()
    return tmp_path / "run"


def test_a_run_means_all_its_scenarios(run: Path) -> None:
    assert find_runs(run) == [run / "booking", run / "rover"]


def test_a_scenario_or_its_trace_means_itself(run: Path) -> None:
    assert find_runs(run / "rover") == [run / "rover"]
    assert find_runs(run / "rover" / "trace.jsonl") == [run / "rover"]


def test_a_folder_without_traces_says_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(UsageError, match=r"a folder with notes\.txt"):
        find_runs(tmp_path)


def test_a_place_that_is_not_there_is_a_wrong_argument(harness: Harness) -> None:
    done = harness("report", "nowhere")
    assert done.returncode == 2
    assert "There is no trace at nowhere" in done.stderr


def test_something_that_is_no_trace_is_refused_plainly(harness: Harness, tmp_path: Path) -> None:
    (tmp_path / "trace.jsonl").write_text("hello\n")
    done = harness("report", ".")
    assert done.returncode == 3
    assert "is not a trace" in done.stderr
    assert "Traceback" not in done.stderr
