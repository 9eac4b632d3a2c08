"""Worker processes: their failures are ours, and none of them outlives the suite."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest import mock

import pytest

from harness.errors import HarnessError, UsageError
from harness.report.results import Results
from harness.scenario.load import Given, LoadedScenario
from harness.scenario.progress import NoProgress
from harness.scenario.run import RunOptions
from harness.suite.plan import Job, jobs_of
from harness.suite.worker_process import Share, run_shares
from tests.support.make_suite import make_scenarios


@pytest.fixture
def shares(tmp_path: Path) -> list[Share]:
    scenarios: list[LoadedScenario] = make_scenarios(tmp_path, "a", "b")
    jobs = jobs_of(scenarios, ["simulated"])
    return [Share.of([job], scenarios, Given({"pin": "zq-1"})) for job in jobs]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """What is started as a worker: a script of the test's."""
    script = tmp_path / "worker.py"
    runs = tmp_path / "python"
    runs.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n', encoding="utf-8")
    runs.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(runs))
    return script


def write(script: Path, text: str) -> None:
    script.write_text(text, encoding="utf-8")


async def run(shares: list[Share], out: Path) -> list[str]:
    ended: list[str] = []

    def on_ended(job: Job, results: Results) -> None:
        ended.append(job.folder)

    await run_shares(shares, RunOptions(), out, NoProgress(), on_ended, lambda: False)
    return ended


async def test_an_error_of_one_ends_all_of_them(
    shares: list[Share], program: Path, tmp_path: Path
) -> None:
    script = (
        "import json, sys\n"
        "told = json.loads(sys.stdin.readline())\n"
        "if told['names'] == ['a']:\n"
        "    print(json.dumps({'type': 'failed', 'text': 'no such voice', 'exit_code': 2}))\n"
        "else:\n"
        "    sys.stdin.read()\n"
        "    open(told['out'] + '/ended', 'w').close()\n"
    )
    write(program, script)
    with pytest.raises(UsageError, match="no such voice"):
        await run(shares, tmp_path)
    assert (tmp_path / "ended").exists(), "it was told by the end of its input, and waited for"


async def test_one_that_dies_is_told(shares: list[Share], program: Path, tmp_path: Path) -> None:
    write(program, "import sys\nsys.exit(9)\n")
    with pytest.raises(HarnessError, match=r"ended early(.|\n)*exit code 9"):
        await run(shares, tmp_path)


async def test_no_worker_is_started_that_cannot_be_told_its_share(
    shares: list[Share], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = mock.AsyncMock()
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    odd = replace(shares[0], given=Given(project={"day": date(2026, 5, 1)}))
    with pytest.raises(TypeError):
        await run([odd], tmp_path)
    start.assert_not_called()


async def test_a_worker_that_cannot_be_written_to_is_ended(
    shares: list[Share], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = mock.MagicMock(communicate=mock.AsyncMock())
    worker.stdin.write.side_effect = RuntimeError("closed")
    start = mock.AsyncMock(return_value=worker)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    with pytest.raises(RuntimeError, match="closed"):
        await run(shares, tmp_path)
    worker.communicate.assert_awaited_once()


def test_values_go_through_the_pipe_and_into_no_text(shares: list[Share]) -> None:
    assert '"pin": "zq-1"' in shares[0].as_json(RunOptions(), Path("out"))
