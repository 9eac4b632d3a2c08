"""A process that is killed in mid-call leaves a trace and a recording that open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.bench.processes import child_environment
from harness.cli.report import find_runs
from harness.report.write import write_reports
from harness.trace import read_trace

PROCESS = Path(__file__).parents[1] / "support" / "talking_process.py"


@pytest.fixture
def killed(tmp_path: Path) -> tuple[Path, float, float]:
    """The folder of a call that was killed, how far it had come, and when its last answer ended."""
    folder = tmp_path / "call"
    command = [sys.executable, str(PROCESS), str(folder)]
    environment = child_environment()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(2)]
        process.kill()
    assert process.returncode not in (0, 1), "it went on until it was killed"
    come_s, heard_s = map(float, told[-1].split())
    return folder, come_s, heard_s


def test_what_a_killed_process_leaves_opens_and_is_reported_with_where_it_was_cut(
    killed: tuple[Path, float, float],
) -> None:
    folder, come_s, heard_s = killed
    samples, rate_hz = soundfile.read(folder / "call.wav")
    assert rate_hz == 48_000
    assert len(samples) / rate_hz >= come_s - 0.5, "all but the last moment"
    last_word = samples[round((heard_s - 0.5) * rate_hz) : round(heard_s * rate_hz), 1]
    assert np.abs(last_word).max() > 0.01

    trace = read_trace(folder / "trace.jsonl")
    assert max(event.t_s or 0.0 for event in trace.events) >= come_s - 0.5
    assert len(trace.of_type("answer.judged")) >= 2

    [result] = write_reports(folder, find_runs(folder), listen=False).scenarios
    assert result.error is not None
    assert result.error.kind == "TraceCut"
    assert any(
        "killed" in note and f"{len(samples) / rate_hz:.1f} s" in note for note in result.notes
    )
    heard = [turn.heard for turn in result.turns if turn.heard]
    assert len(heard) >= 2
    assert heard[1].end_s == pytest.approx(heard_s, abs=0.05)
    assert (folder / "report.html").exists()
