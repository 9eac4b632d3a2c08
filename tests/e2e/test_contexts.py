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


def run_in_a_process(path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "harness", "run", str(path), "--engine", "simulated"]
    command += ["--out", str(folder / path.stem), "--contexts", str(folder / "contexts.db")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def written_with(words: str, folder: Path) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if words.encode() in path.read_bytes()]


def test_each_process_knows_what_was_said_in_those_before(tmp_path: Path) -> None:
    for path in (FIRST, SECOND, THIRD):
        done = run_in_a_process(path, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    trace = read_trace(tmp_path / "second-call" / "second-call" / "trace.jsonl")
    (bound,) = trace.of_type("context.bound")
    assert (bound.data["call"], bound.data["items"], bound.data["left_out"]) == (2, 8, [])
    trace = read_trace(tmp_path / "third-call" / "third-call" / "trace.jsonl")
    (called,) = trace.of_type("mcp.called")
    assert called.data["output"] == "On Sunday high water is at seven."
    (delivered,) = trace.of_type("thinking.delivered")
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


async def test_a_question_is_answered_from_the_documents(tmp_path: Path) -> None:
    results = await run_scenarios([ASK], out=tmp_path, engine="simulated")
    assert results.verdict == "passed", failures(results)
    (found,) = read_trace(tmp_path / "ask-the-house" / "trace.jsonl").of_type("knowledge.found")
    assert found.data["query"] == "open on Sunday"
    assert found.data["passages"][0]["source"].endswith("opening-hours.md")


async def test_the_second_call_alone_knows_nothing(tmp_path: Path) -> None:
    results = await run_scenarios([SECOND], out=tmp_path, engine="simulated")
    assert results.verdict == "failed"


@pytest.mark.realtime
@pytest.mark.parametrize("engine", ["native", pytest.param("browser", marks=pytest.mark.browser)])
async def test_all_calls_pass_where_the_media_are_real(engine: str, tmp_path: Path) -> None:
    calls, contexts = [FIRST, SECOND, THIRD], tmp_path / "contexts.db"
    results = await run_scenarios(calls, out=tmp_path / "out", engine=engine, contexts=contexts)
    assert results.verdict == "passed", failures(results)
