"""The page about what was written for the hosted service: its files run against `harness serve`."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientError, ClientSession

import harness
from harness.scenario.run import run_scenarios

DOCUMENT = Path(harness.__file__).parent / "docs" / "hosted-page.md"
FILE = re.compile(r"```\w+\n(?:#|<!--) ([\w-]+\.\w+)(?: -->)?\n(.*?)```", re.DOTALL)
OUTPUT = re.compile(r"```console\n\$ python (\w+\.py)\n(.*?)```", re.DOTALL)
FILES = dict(FILE.findall(DOCUMENT.read_text(encoding="utf-8")))
OUTPUTS = dict(OUTPUT.findall(DOCUMENT.read_text(encoding="utf-8")))
WRITTEN_FOR = "http://127.0.0.1:8080"
WITHIN_S = 200


@dataclass(frozen=True, slots=True)
class Served:
    """A running `harness serve`, and the folder with the document's files."""

    folder: Path
    url: str
    environment: dict[str, str]


@asynccontextmanager
async def running(
    folder: Path, environment: dict[str, str], *command: str
) -> AsyncIterator[Process]:
    """A Python process that ends with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=folder, env=environment, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """`harness serve` with the document's script; the base URL in the page is the only change."""
    folder = tmp_path_factory.mktemp("hosted")
    home = str(DOCUMENT.parents[2])
    path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": path}
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    serve = ["-m", "harness", "serve", "--port", "0", "--script", "waiter.yaml", "--json"]
    async with running(folder, environment, *serve) as process:
        assert process.stdout is not None
        async with asyncio.timeout(WITHIN_S):
            ready = json.loads(await process.stdout.readline())
        given = {"OPENAI_BASE_URL": ready["url"] + "/v1", "OPENAI_API_KEY": ready["api_key"]}
        page = FILES["page.html"].replace(WRITTEN_FOR, ready["url"])
        assert page != FILES["page.html"]
        (folder / "page.html").write_text(page, encoding="utf-8")
        yield Served(folder, ready["url"], {**environment, **given})


async def wait_until_up(url: str, process: Process) -> None:
    async with asyncio.timeout(WITHIN_S), ClientSession() as http:
        while process.returncode is None:
            try:
                async with http.get(url):
                    return
            except ClientError:
                await asyncio.sleep(0.05)
    raise AssertionError(f"the backend ended with {process.returncode}")


@pytest.mark.browser
@pytest.mark.realtime
async def test_the_page_and_its_backend_work(served: Served, unused_tcp_port: int) -> None:
    """The scenario clicks, speaks, and hears what the assistant says after the page's tool."""
    environment = {**served.environment, "PORT": str(unused_tcp_port)}
    url = f"http://127.0.0.1:{unused_tcp_port}/"
    async with running(served.folder, environment, "backend.py") as backend:
        await wait_until_up(url, backend)
        paths = [served.folder / "waiter-page.yaml"]
        results = await run_scenarios(paths, out=served.folder / "out", page_url=url)
    (result,) = results.scenarios
    assert result.verdict == "passed", (result.error, result.expectations)


@pytest.mark.parametrize("name", sorted(OUTPUTS))
async def test_a_program_prints_what_the_page_says(served: Served, name: str) -> None:
    async with running(served.folder, served.environment, name) as process:
        async with asyncio.timeout(WITHIN_S):
            printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    assert printed.decode() == OUTPUTS[name]


def test_every_file_on_the_page_is_used_here() -> None:
    by_the_page = {"backend.py", "page.html", "waiter.yaml", "waiter-page.yaml"}
    assert WRITTEN_FOR in FILES["page.html"]
    assert set(FILES) == by_the_page | set(OUTPUTS)
