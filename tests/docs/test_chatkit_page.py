"""The page about written conversations: its programs run, and its numbers are the code's."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

import harness
from harness.client.server_api import set_script
from harness.context.attachments import MB, MOST_BYTES
from harness.context.chatkit.sessions import DEFAULT_REQUESTS, LONGEST_S
from harness.context.chatkit.sessions import MOST_KEPT as MOST_SESSIONS
from harness.context.responses.kept import MOST_KEPT, MOST_KEPT_BYTES
from harness.context.responses.request import NOT_HERE
from harness.server.process.launch import RunningServer
from harness.server.responses.registry import MOST_RUNNING

PAGE = (Path(harness.__file__).parent / "docs" / "chatkit.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```\w+\n# (\w+\.\w+)\n(.*?)```", PAGE, re.DOTALL))
OUTPUTS = dict(re.findall(r"```console\n\$ python (\w+\.py)\n(.*?)```", PAGE, re.DOTALL))


@pytest.mark.parametrize("name", sorted(OUTPUTS))
async def test_a_program_prints_what_the_page_says(shared_server: RunningServer, name: str) -> None:
    if name == "chat.py" and find_spec("chatkit") is None:
        pytest.skip("NOT RUN: the extra “chatkit” is not installed")
    await set_script(shared_server, yaml.safe_load(FILES["waiter.yaml"]))
    home = str(Path(harness.__file__).parents[1])
    path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", FILES[name]),
        env={
            **os.environ,
            "PYTHONPATH": path,
            "OPENAI_BASE_URL": f"{shared_server.url}/v1",
            "OPENAI_API_KEY": shared_server.api_key,
        },
        stdout=PIPE,
        stderr=PIPE,
    )
    async with asyncio.timeout(200):
        printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    assert printed.decode() == OUTPUTS[name]


def test_every_file_is_used_here() -> None:
    assert set(FILES) == {"waiter.yaml", *OUTPUTS}


def test_the_numbers_are_the_codes() -> None:
    rows = {row.split("|")[1].strip(): row for row in PAGE.splitlines() if row.startswith("|")}
    assert f"{MOST_KEPT:,}".replace(",", " ") in rows["responses"]
    assert f"{MOST_KEPT_BYTES // MB} MiB" in rows["responses"]
    assert f" {MOST_RUNNING}," in rows["responses under way"]
    assert f"{MOST_SESSIONS:,}".replace(",", " ") in rows["sessions"]
    assert f"{LONGEST_S} s" in rows["sessions"]
    assert f"{DEFAULT_REQUESTS} requests" in rows["sessions"]
    assert f"{MOST_BYTES // MB} MiB" in rows["one attachment"]
    refused = next(row for row in PAGE.splitlines() if "refused, `unsupported_parameter`" in row)
    assert {f"`{name}`" for name in NOT_HERE} <= set(re.findall(r"`\w+`", refused))
