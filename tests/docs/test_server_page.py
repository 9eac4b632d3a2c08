"""The page about the server: its programs run, and its list of refusals is the code's."""

from __future__ import annotations

import ast
import asyncio
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import harness
from harness.realtime.server.validation.client_events import CLIENT_EVENTS
from harness.server.process.launch import RunningServer

PACKAGE = Path(harness.__file__).parent
PAGE = (PACKAGE / "docs" / "server.md").read_text(encoding="utf-8")
PROGRAM = re.compile(r"```python\n# (\w+\.py)\n(.*?)```", re.DOTALL)
OUTPUT = re.compile(r"```console\n\$ python (\w+\.py)\n(.*?)```", re.DOTALL)

OF_FAULTS_ALONE = {"server_crash"}
CODE_AT = {"refuse": 1, "Refusal": 2, "fail": 0, "report": 0, "error_event": 0}
"""Which argument of a call is a code."""


@pytest.mark.parametrize("name", [name for name, _ in PROGRAM.findall(PAGE)])
async def test_a_program_runs_and_prints_what_the_page_says(
    shared_server: RunningServer, name: str
) -> None:
    """With nothing but the two variables that the page names."""
    from harness.client.server_api import set_script

    await set_script(shared_server, {"rules": []})
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", dict(PROGRAM.findall(PAGE))[name]),
        env={
            **os.environ,
            "OPENAI_BASE_URL": f"{shared_server.url}/v1",
            "OPENAI_API_KEY": shared_server.api_key,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(200):
        printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    assert printed.decode() == dict(OUTPUT.findall(PAGE))[name]


def test_every_block_of_python_is_run() -> None:
    assert PAGE.count("```python\n") == len(PROGRAM.findall(PAGE)) == len(OUTPUT.findall(PAGE))


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def codes_of_the_page() -> set[str]:
    rows = [row for row in section("What it refuses, by code").splitlines() if row.startswith("|")]
    return {code for row in rows for code in re.findall(r"`([a-z_]+)`", row.split("|")[1])}


def codes_of_the_code() -> Iterator[str]:
    realtime = PACKAGE / "realtime"
    rooms = [*(PACKAGE / "server").rglob("*.py"), *(realtime / "server").rglob("*.py")]
    for path in [*rooms, realtime / "conversation.py", realtime / "wire.py"]:
        if "fault" in path.name:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _codes_of(node)


def _codes_of(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
    at = CODE_AT.get(str(name))
    given = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    given += call.args[at : at + 1] if at is not None else []
    for value in given:
        if isinstance(value, ast.Constant) and re.fullmatch(r"[a-z]+(_[a-z]+)+", str(value.value)):
            yield str(value.value)


def test_the_page_names_every_code_of_the_code() -> None:
    found = set(codes_of_the_code())
    assert {"item_in_progress", "call_id_not_found", "cannot_update_voice"} <= found  # every room
    assert not found - codes_of_the_page() - OF_FAULTS_ALONE


def test_the_code_has_every_code_of_the_page() -> None:
    """As text anywhere: some are made of parts, like the numbers' ranges."""
    sources = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
    whole = "\n".join(sources)
    made_of_parts = {f"{kind}_{side}_value" for kind in ("integer", "decimal")
                     for side in ("above_max", "below_min")}  # fmt: skip
    unknown = {code for code in codes_of_the_page() if f'"{code}"' not in whole}
    assert unknown <= made_of_parts


def test_every_client_event_that_one_transport_lacks_is_named() -> None:
    assert {"input_audio_buffer.append", "output_audio_buffer.clear"} <= set(CLIENT_EVENTS)
    for event in ("input_audio_buffer.append", "output_audio_buffer.clear"):
        assert f"`{event}`" in section("Free choices")


def test_pages_that_are_linked_are_there() -> None:
    for name in re.findall(r"\]\(([\w-]+\.md)\)", PAGE):
        assert (PACKAGE / "docs" / name).exists(), name
