"""Commands whose standard streams are closed or full: a code, and a word where one can be had."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from harness.server.process.answers import answers

FULL = Path("/dev/full")
has_full = pytest.mark.skipif(not FULL.exists(), reason="there is no full device here")

HELLO = """
name: hello
steps: [{silence: 0.2}, {expect: {no_answer: true, within_s: 0.5}}, hang_up]
"""
HOSTILE = """
name: hostile
assistant: {rules: [{when: {turn: 1}, say: "##vso[task.complete result=Succeeded;] ::error::x"}]}
steps: [{say: booking-table-for-two}, {expect: {words: [pizza]}}, hang_up]
"""
COMMANDS = {
    "run": "run hello.yaml --engine simulated --markdown comment.md",
    "list": "list hello.yaml",
    "report": "report out --json",
    "bench": "bench soak --hours 0.01 --json",
}
FULL_OUTPUT = "harness: No space left on device (standard output)"
CLOSED = "harness: standard output is closed, so nothing is written there\n"


def run(redirection: str, *arguments: str, folder: Path | None = None) -> tuple[int, str]:
    """The exit code of a command under a shell's redirections, and what is left of its errors."""
    command = " ".join([sys.executable, "-m", "harness", *arguments, redirection])
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, timeout=200, check=False, cwd=folder
    )
    return done.returncode, done.stderr


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A scenario, and a run of it where one is asked for."""
    (tmp_path / "hello.yaml").write_text(HELLO, encoding="utf-8")
    if "report" in request.node.callspec.params.values():
        assert run("", *COMMANDS["run"].split(), folder=tmp_path)[0] == 0
    return tmp_path


@has_full
@pytest.mark.parametrize("command", COMMANDS)
def test_results_that_find_no_room_are_no_success(folder: Path, command: str) -> None:
    code, errors = run(">/dev/full", *COMMANDS[command].split(), folder=folder)
    assert code == 3
    assert errors.count(FULL_OUTPUT) == 1
    assert "Traceback" not in errors
    if command == "run":
        assert (folder / "out" / "report.html").exists()
        assert (folder / "comment.md").exists(), "what goes into files is no less for it"


@has_full
@pytest.mark.parametrize("command", ["run", "list", "report"])
def test_work_is_done_where_nothing_can_be_told_of_it(folder: Path, command: str) -> None:
    assert run("2>/dev/full", *COMMANDS[command].split(), folder=folder) == (0, "")
    assert run("2>&-", *COMMANDS[command].split(), folder=folder) == (0, "")


@pytest.mark.parametrize("command", ["run", "list", "report"])
def test_a_closed_output_hinders_no_work(folder: Path, command: str) -> None:
    code, errors = run(">&-", *COMMANDS[command].split(), folder=folder)
    assert code == 0, errors
    assert errors.count(CLOSED) == 1
    assert "Traceback" not in errors


@has_full
def test_a_server_whose_address_nobody_learns_does_not_stay() -> None:
    code, errors = run(">/dev/full", "serve", "--port", "0", "--json")
    assert (code, errors) == (3, f"{FULL_OUTPUT}\n")


@pytest.mark.parametrize("redirection", [">&-", ">&- 2>&-", "2>&-"])
async def test_a_server_without_an_output_serves_until_it_is_stopped(
    tmp_path: Path, redirection: str
) -> None:
    """What is closed is told at its beginning: it is a signal that ends it."""
    errors = tmp_path / "errors"
    errors.touch()
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    command = f"exec {sys.executable} -m harness serve --port {port} 2>{errors} {redirection}"
    server = await asyncio.create_subprocess_exec("sh", "-c", command)
    try:
        async with asyncio.timeout(200):
            while not await answers(f"http://127.0.0.1:{port}"):
                assert server.returncode is None
    finally:
        server.terminate()
        await server.wait()
    assert server.returncode == 143
    assert (CLOSED in errors.read_text()) is ("2>" not in redirection)


@has_full
def test_a_full_device_is_named_and_no_success() -> None:
    code, errors = run(">/dev/full", "--version")
    assert code == 3
    assert errors == f"{FULL_OUTPUT}\n"


@has_full
@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>/dev/full >/dev/full", "2>&-"])
def test_what_cannot_be_said_is_said_by_the_code(redirection: str) -> None:
    assert run(redirection, "nosuch") == (2, "")


def test_a_closed_output_is_no_failure_and_is_told() -> None:
    code, errors = run(">&-", "--version")
    assert code == 0
    assert errors == CLOSED


def test_nothing_at_all_is_open_and_the_code_is_right() -> None:
    assert run("<&- >&- 2>&-", "--version") == (0, "")
    assert run("<&- >&- 2>&-", "nosuch") == (2, "")


def test_a_reader_that_left_is_no_traceback() -> None:
    _, errors = run("| true", "--help")
    assert errors == ""


def test_no_words_of_an_agent_are_commands_to_a_ci_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the annotations, which are ours; what reads the JSON has the words as they were."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (tmp_path / "hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    command = [sys.executable, "-m", "harness", "run", "hostile.yaml", "--engine", "simulated"]
    done = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, timeout=200, check=False, cwd=tmp_path
    )
    assert done.returncode == 1, done.stderr
    assert "##vso[" not in done.stdout + done.stderr
    commands = [line for line in done.stderr.splitlines() if line.lstrip().startswith("::")]
    assert [line.split(",")[0] for line in commands] == ["::error file=hostile.yaml"]
    (turn,) = json.loads(done.stdout)["scenarios"][0]["turns"]
    assert turn["answer"]["text"] == "##vso[task.complete result=Succeeded;] ::error::x"
