"""The examples to copy: each is copied, and does what it says."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from harness.scenario.run import run_scenarios
from harness.trace import read_trace

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "fixtures" / "examples"
WITHIN_S = 120


@pytest.fixture
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the example that the test names."""
    unwanted = shutil.ignore_patterns("__pycache__", "out", "test-results")
    return Path(
        shutil.copytree(EXAMPLES / request.param, tmp_path / request.param, ignore=unwanted)
    )


def example(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("copied", [name], indirect=True)


@asynccontextmanager
async def started(folder: Path, *command: str, **variables: str) -> AsyncIterator[Process]:
    """Python in that folder, as somebody has it who installed the package; ends with the block."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    unset = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "OPENAI_API_KEY")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *command),
        cwd=folder,
        env={**environment, "PYTHONPATH": path, **variables},
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def run(folder: Path, *command: str, **variables: str) -> str:
    """What it prints; it has to end well."""
    async with started(folder, *command, **variables) as process, asyncio.timeout(WITHIN_S):
        printed, complaints = await process.communicate()
    assert process.returncode == 0, (printed.decode(), complaints.decode())
    return printed.decode()


@example("own-assistant")
async def test_an_own_assistant_answers_as_its_program_says(copied: Path) -> None:
    promised = ast.get_docstring(ast.parse((copied / "talk.py").read_text(encoding="utf-8")))
    assert promised is not None
    printed = await run(copied, "talk.py")
    assert printed.splitlines() == promised.split("Prints:\n\n")[1].splitlines()


@example("own-engine")
async def test_an_own_engine_speaks_a_scenario(copied: Path) -> None:
    command = ("-m", "harness", "run", "scenario.yaml", "--engine", "simulated", "--json")
    printed = await run(copied, *command, HARNESS_VOICE_ENGINE="telephone:Telephone")
    (result,) = json.loads(printed)["scenarios"]
    assert result["verdict"] == "passed"
    assert result["turns"][0]["said"]["text"] == "I would like to book a table, please."


@example("own-engine")
async def test_without_it_the_scenario_has_no_such_voice(copied: Path) -> None:
    command = ("-m", "harness", "run", "scenario.yaml", "--engine", "simulated")
    async with started(copied, *command, HARNESS_VOICE_ENGINE="pico") as process:
        _, complaints = await process.communicate()
    assert process.returncode == 2
    assert "caller" in complaints.decode()


@example("pytest-project")
async def test_a_pytest_project_passes(copied: Path) -> None:
    printed = await run(copied, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore",
                        HARNESS_VOICE_ENGINE="kokoro")  # fmt: skip
    scenarios = list((copied / "scenarios").glob("*.yaml"))
    assert re.search(rf"^{len(scenarios) + 1} passed", printed, re.MULTILINE), printed
    assert not (copied / "test-results").exists()


@pytest.mark.browser
@pytest.mark.realtime
@example("own-protocol")
async def test_an_own_protocol_is_read_on_its_page(
    copied: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(copied)
    monkeypatch.delitem(sys.modules, "toy_protocol", raising=False)
    async with started(copied, "bot.py", PORT=str(unused_tcp_port)) as bot:
        assert bot.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            url = (await bot.stdout.readline()).decode().strip()
        paths = [copied / "scenario.yaml"]
        results = await run_scenarios(paths, out=copied / "out", page_url=url)
    (result,) = results.scenarios
    assert result.verdict == "passed", (result.error, result.expectations)
    assert result.protocol == "Toy, over the data channel “toy”, as named"
    (turn,) = result.turns
    assert turn.user_transcript == "a table for two"


@pytest.mark.browser
@pytest.mark.realtime
@example("own-page")
async def test_an_own_page_is_called(copied: Path, unused_tcp_port: int) -> None:
    async with started(copied, "backend.py", PORT=str(unused_tcp_port)) as backend:
        assert backend.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            url = (await backend.stdout.readline()).decode().strip()
        assert url == f"http://127.0.0.1:{unused_tcp_port}/"
        paths = [copied / "scenario.yaml"]
        results = await run_scenarios(paths, out=copied / "out", page_url=url)
    (result,) = results.scenarios
    assert result.verdict == "passed", (result.error, result.expectations)


@pytest.mark.browser
@pytest.mark.realtime
@example("live-page")
async def test_a_page_that_talks_over_live_is_called_and_interrupted(
    copied: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its backend begins the session, with what the official SDKs read from the environment."""
    monkeypatch.chdir(copied)
    monkeypatch.setenv("PORT", str(unused_tcp_port))
    results = await run_scenarios(
        [copied / "scenario.yaml"],
        out=copied / "out",
        page_url=f"http://127.0.0.1:{unused_tcp_port}/",
        backend=(sys.executable, "backend.py"),
    )
    (result,) = results.scenarios
    assert result.verdict == "passed", (result.error, result.expectations)
    assert result.protocol == "Live, over the data channel “oai-events”"
    first, second = result.turns
    assert first.answer is not None
    assert [tool.name for tool in first.answer.tools] == ["find_table"]
    assert second.answer is not None
    assert (second.user_transcript, second.answer.text) == ("Stop, please.", "Of course.")
    assert any("by ear" in (expected.evidence or "") for expected in result.expectations)
    events = read_trace(copied / "out" / "live-page" / "trace.jsonl").events
    received = [
        json.loads(event.data["text"])
        for event in events
        if event.type == "data_channel.message" and event.data["direction"] == "received"
    ]
    assert received[-1]["type"] == "session.closed"
    assert received[-1]["reason"] == "close_requested"
    assert not [event for event in received if event["type"] == "error"]


@pytest.mark.browser
@pytest.mark.realtime
@example("own-suite")
async def test_an_own_suite_passes_in_both_colours(copied: Path) -> None:
    """A page behind a login; the README and the docs print these very tests."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    own_tests = (ROOT / "harness" / "docs" / "own-tests.md").read_text(encoding="utf-8")
    booking = (copied / "test_booking.py").read_text(encoding="utf-8")
    first_test = booking.split("\n\n\ndef test_nobody")[0]
    assert f"```python\n{first_test}\n```" in readme
    for name in ("test_booking_async.py", "pages.py"):
        text = (copied / name).read_text(encoding="utf-8").rstrip()
        assert f"```python\n{text}\n```" in own_tests, name
    printed = await run(copied, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore",
                        HARNESS_VOICE_ENGINE="kokoro")  # fmt: skip
    assert re.search(r"^3 passed", printed, re.MULTILINE), printed


def test_every_example_is_run_here_and_stands_in_both_lists() -> None:
    folders = {path.name for path in EXAMPLES.iterdir() if path.is_dir()}
    run_here = set(re.findall(r'^@example\("(\S+)"\)', Path(__file__).read_text(), re.MULTILINE))
    assert folders == run_here
    for page in (EXAMPLES / "README.md", ROOT / "harness" / "docs" / "index.md"):
        text = page.read_text(encoding="utf-8")
        assert all(f"{name}/`" in text for name in folders), page
