"""One context, call after call: name and date are known, others' tools and long work are used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.resources import fixtures_dir
from harness.scenario.run import run_scenarios
from harness.trace import read_trace
from tests.support.postgres_server import PASSWORD, PostgresServer
from tests.support.run_failures import failures

pytestmark = pytest.mark.usefixtures("understood_voice", "fresh_speech")

FOLDER = fixtures_dir() / "contexts"
FIRST, SECOND = FOLDER / "first-call.yaml", FOLDER / "second-call.yaml"
THIRD = FOLDER / "third-call.yaml"
ASK = FOLDER / "ask-the-house.yaml"


def run_in_a_process(path: Path, folder: Path, engine: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "harness", "run", str(path), "--engine", engine]
    command += ["--out", str(folder / path.stem), "--contexts", str(folder / "contexts.db")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def written_with(words: str, folder: Path) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if words.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "engine",
    [
        "simulated",
        pytest.param("native", marks=pytest.mark.realtime),
        pytest.param("browser", marks=[pytest.mark.realtime, pytest.mark.browser]),
    ],
)
def test_what_the_contexts_are_for_works_on_each_engine(engine: str, tmp_path: Path) -> None:
    """Each call in a new process: the second knows the name and the date, another asks what only
    the documents tell, the last has a real tool server work and gets a late result meanwhile."""
    traces = []
    for path in (FIRST, SECOND, ASK, THIRD):
        done = run_in_a_process(path, tmp_path, engine)
        assert done.returncode == 0, done.stdout + done.stderr
        traces.append(read_trace(tmp_path / path.stem / path.stem / "trace.jsonl"))
    bound = [trace.of_type("context.bound")[0].data for trace in traces]
    assert [one["call"] for one in bound] == [1, 2, 3, 4]
    assert (bound[1]["items"], bound[1]["left_out"]) == (8, [])
    (found,) = traces[2].of_type("knowledge.found")
    assert found.data["query"] == "open on Sunday"
    assert found.data["passages"][0]["source"].endswith("opening-hours.md")
    (called,) = traces[3].of_type("mcp.called")
    assert called.data["output"] == "On Sunday high water is at seven."
    (delivered,) = traces[3].of_type("thinking.delivered")
    assert delivered.data["where"] == "session"
    assert called.seq < delivered.seq


async def test_a_database_keeps_them_and_its_login_is_told_nowhere(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    contexts = postgres.url()
    for path in (FIRST, SECOND):
        results = await run_scenarios([path], out=tmp_path, engine="simulated", contexts=contexts)
        assert results.verdict == "passed", failures(results)
    assert written_with(PASSWORD, tmp_path) == []
    assert written_with("context.bound", tmp_path) != []


async def test_the_second_call_alone_knows_nothing(tmp_path: Path) -> None:
    results = await run_scenarios([SECOND], out=tmp_path, engine="simulated")
    assert results.verdict == "failed"
