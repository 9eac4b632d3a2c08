"""A table is booked over two calls with one context: the second knows the name and the date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.resources import fixtures_dir
from harness.scenario.run import run_scenarios
from harness.trace import read_trace

pytestmark = pytest.mark.usefixtures("understood_voice")

FOLDER = fixtures_dir() / "contexts"
FIRST, SECOND = FOLDER / "first-call.yaml", FOLDER / "second-call.yaml"


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cache for the tests of a session, and not the user's."""
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path_factory.getbasetemp() / "speech-cache"))


def run_in_a_process(path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "harness", "run", str(path), "--engine", "simulated"]
    command += ["--out", str(folder / path.stem), "--contexts", str(folder / "contexts.db")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_second_process_knows_what_was_said_in_the_first(tmp_path: Path) -> None:
    for path in (FIRST, SECOND):
        done = run_in_a_process(path, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    trace = read_trace(tmp_path / "second-call" / "second-call" / "trace.jsonl")
    (bound,) = trace.of_type("context.bound")
    assert (bound.data["call"], bound.data["items"], bound.data["left_out"]) == (2, 8, [])


async def test_the_second_call_alone_knows_nothing(tmp_path: Path) -> None:
    results = await run_scenarios([SECOND], out=tmp_path, engine="simulated")
    assert results.verdict == "failed"


@pytest.mark.realtime
@pytest.mark.parametrize("engine", ["native", pytest.param("browser", marks=pytest.mark.browser)])
async def test_both_calls_pass_where_the_media_are_real(engine: str, tmp_path: Path) -> None:
    results = await run_scenarios(
        [FIRST, SECOND], out=tmp_path / "out", engine=engine, contexts=tmp_path / "contexts.db"
    )
    assert results.verdict == "passed", [one.model_dump() for one in results.scenarios]
