"""The pages about the client: every program on them runs, and prints what the page says."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

import harness
from harness.realtime.client.events import EVENTS
from harness.server.process.launch import RunningServer
from harness.speech.words import word_error_rate

DOCS = Path(harness.__file__).parent / "docs"
PAGES = ("console-client.md", "tools.md", "resume.md")
PROGRAM = re.compile(r"```python\n# (\w+\.py)\n(.*?)```", re.DOTALL)
OUTPUT = re.compile(r"```console\n\$ python (\w+\.py)\n(.*?)```", re.DOTALL)
NEEDS_AN_ADDRESS = {"chat.py"}
SPOKEN = {"by_hand.py"}
"""What it prints depends on what was understood, word for word."""

PROGRAMS = [
    pytest.param(document, name, marks=[pytest.mark.realtime] if name in SPOKEN else [])
    for document in PAGES
    for name, _ in PROGRAM.findall((DOCS / document).read_text(encoding="utf-8"))
    if name not in NEEDS_AN_ADDRESS
]


def text(document: str) -> str:
    return (DOCS / document).read_text(encoding="utf-8")


async def run(folder: Path, code: str, *arguments: str, said: str = "", key: str = "") -> str:
    """What the program prints."""
    environment = {name: value for name, value in os.environ.items() if name != "OPENAI_API_KEY"}
    paths = [str(DOCS.parents[1]), os.environ.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, *arguments),
        cwd=folder,
        env={**environment, **({"OPENAI_API_KEY": key} if key else {})},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(120):
        printed, complaints = await process.communicate(said.encode())
    assert process.returncode == 0, complaints.decode()
    return printed.decode()


def is_said_so(printed: str, promised: str) -> bool:
    """The same line; what a user was understood to say may be spelt otherwise: ten, 10."""
    if printed == promised:
        return True
    return promised.startswith("user:") and word_error_rate(promised, printed) == 0


@pytest.mark.parametrize(("document", "name"), PROGRAMS)
async def test_a_program_runs_and_prints_what_the_page_says(
    tmp_path: Path, document: str, name: str
) -> None:
    code = dict(PROGRAM.findall(text(document)))[name]
    printed = await run(tmp_path, code)
    promised = dict(OUTPUT.findall(text(document))).get(name)
    if promised is not None:
        lines, wanted = sorted(printed.splitlines()), sorted(promised.splitlines())
        assert len(lines) == len(wanted)
        assert [one for one in zip(lines, wanted, strict=True) if not is_said_so(*one)] == []


async def test_the_chat_talks_to_whatever_server_is_named(
    tmp_path: Path, shared_server: RunningServer
) -> None:
    from harness.client.server_api import set_script

    await set_script(shared_server, {"rules": []})
    code = dict(PROGRAM.findall(text("console-client.md")))["chat.py"]
    lines = "Hello there.\nHow are you?\n\n"
    printed = await run(tmp_path, code, shared_server.url, said=lines, key=shared_server.api_key)
    assert printed.splitlines() == ["You said: Hello there.", "You said: How are you?"]


def test_every_event_is_in_the_table() -> None:
    missing = [name for name in EVENTS if f"`{name}`" not in text("console-client.md")]
    assert not missing


@pytest.mark.parametrize("document", PAGES)
def test_every_block_of_python_has_a_name_and_is_run(document: str) -> None:
    assert text(document).count("```python\n") == len(PROGRAM.findall(text(document)))
    for name, _ in OUTPUT.findall(text(document)):
        assert name in dict(PROGRAM.findall(text(document)))
