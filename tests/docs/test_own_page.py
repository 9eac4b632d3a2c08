"""The page about one's own page: what it says of the hosted service is done as it stands there."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

import harness
from harness.engines.backend import is_answered
from harness.scenario.model import Step
from harness.scenario.page_under_test import PageUnderTest
from tests.docs.test_hosted_page import FILES, WRITTEN_FOR
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]
DOCS = Path(harness.__file__).parent / "docs"
PAGE = (DOCS / "own-page.md").read_text(encoding="utf-8")
WAYS = PAGE.partition("## How a page may sound\n")[2].partition("\n### ")[0]
SECTION = PAGE.partition("## A page that calls the hosted service\n")[2].partition("\n## ")[0]
OTHER_PAGES = {"chatkit", "counter-desk", "healthy", "planted", "warp"}
"""Folders of fixtures/pages that are about something else than sound."""

YAML = re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)
COMMANDS = re.findall(r"^\$ (harness run .*)$", SECTION, re.MULTILINE)
PORT = "3000"
WITHIN_S = 90


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The scenario, and a page and a backend as they are for the hosted service."""
    (tmp_path / "waiter.yaml").write_text(YAML[0], encoding="utf-8")
    page = FILES["page.html"].replace(f'"{WRITTEN_FOR}/v1"', '"https://api.openai.com/v1"', 1)
    assert page != FILES["page.html"]
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "backend.py").write_text(FILES["backend.py"], encoding="utf-8")
    return tmp_path


@asynccontextmanager
async def typed(command: str, folder: Path, port: int) -> AsyncIterator[Process]:
    """What somebody types in that folder, where the page's port is free."""
    name, *arguments = shlex.split(command.replace(PORT, str(port)))
    assert name == "harness"
    arguments = [sys.executable if one == "python" else one for one in arguments]
    path = os.pathsep.join(filter(None, [str(DOCS.parents[1]), os.environ.get("PYTHONPATH", "")]))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "harness", *arguments),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PORT": str(port)},
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def traced(folder: Path) -> Iterator[dict[str, Any]]:
    (trace,) = folder.glob("out/*/trace.jsonl")
    for line in trace.read_text(encoding="utf-8").splitlines()[1:]:
        yield json.loads(line)


@pytest.mark.browser
@pytest.mark.realtime
async def test_a_page_and_its_backend_run_here_unchanged(
    folder: Path, unused_tcp_port: int
) -> None:
    (command,) = [one for one in COMMANDS if " -- " in one]
    async with typed(command, folder, unused_tcp_port) as process, asyncio.timeout(WITHIN_S):
        printed, complaints = await process.communicate()
    assert process.returncode == 0, (printed.decode(), complaints.decode())
    redirected = [one["data"] for one in traced(folder) if one["type"] == "page.redirected"]
    asked = [(facts["method"], facts["path"], facts["status"]) for facts in redirected]
    assert asked == [
        ("OPTIONS", "/v1/realtime/calls", 204),
        ("POST", "/v1/realtime/calls", 201),
    ]
    told = json.dumps(list(traced(folder)))
    assert "You are a waiter." in told, "the session that the backend asked for"
    assert not await is_answered(f"http://127.0.0.1:{unused_tcp_port}/")


@pytest.mark.browser
@pytest.mark.realtime
async def test_ctrl_c_ends_the_backend_too(folder: Path, unused_tcp_port: int) -> None:
    long = YAML[0].replace("steps:\n", "steps:\n  - silence: 60\n")
    (folder / "waiter.yaml").write_text(long, encoding="utf-8")
    (command,) = [one for one in COMMANDS if " -- " in one]
    url = f"http://127.0.0.1:{unused_tcp_port}/"
    async with typed(command, folder, unused_tcp_port) as process, asyncio.timeout(WITHIN_S):
        await until(lambda: list(folder.glob("out/*/trace.jsonl")) != [], within_s=60)
        assert await is_answered(url)
        process.send_signal(signal.SIGINT)
        await process.communicate()
    assert process.returncode == 130
    assert not await is_answered(url)


@pytest.mark.realtime
async def test_a_backend_that_ends_is_said_with_its_last_lines(
    folder: Path, unused_tcp_port: int
) -> None:
    (command,) = [one for one in COMMANDS if " -- " in one]
    (folder / "backend.py").write_text("raise SystemExit('no such database')", encoding="utf-8")
    async with typed(command, folder, unused_tcp_port) as process, asyncio.timeout(WITHIN_S):
        _, complaints = await process.communicate()
    assert process.returncode == 3
    assert "exit code 1" in complaints.decode()
    assert "no such database" in complaints.decode()


def test_every_scenario_and_rule_there_is_one() -> None:
    assert [PageUnderTest.model_validate(yaml.safe_load(text)["page"]).redirect for text in YAML]
    assert len(COMMANDS) == 2


def test_every_setting_of_the_page_is_one() -> None:
    given = re.findall(r"`page: (\{[^`]*\})`", PAGE)
    written = [
        yaml.safe_load(text)["page"] for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    ]
    assert len(given) >= 5
    for settings in [*(yaml.safe_load(text) for text in given), *written]:
        assert PageUnderTest.model_validate(settings)
    for step in re.findall(r"`(device: \{[^`]*\})`", PAGE):
        assert Step.model_validate(yaml.safe_load(step)).kind == "device"


def test_every_way_to_sound_has_a_page_and_a_test() -> None:
    """The table names all of the folder, and each of them is opened by the test it names."""
    pages = {path.name for path in (ROOT / "fixtures" / "pages").iterdir() if path.is_dir()}
    ways = pages - OTHER_PAGES
    assert ways <= set(re.findall(r"`([\w-]+)`", WAYS)), "not in the docs"
    test = ROOT / "tests" / "browser" / "test_pages_of_sound.py"
    opened = set(re.findall(r"[\"/]([\w-]+)[\"?/]", test.read_text(encoding="utf-8")))
    assert ways <= opened, "nobody opens it"
