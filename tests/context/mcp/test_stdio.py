"""A program that speaks MCP: it ends with the block, and all that it has started, too."""

from __future__ import annotations

import sys
from pathlib import Path

import anyio
import psutil
import pytest

from harness.context.mcp.failures import Watch
from harness.context.mcp.stdio import Program, running_program
from harness.context.mcp_server import McpServer
from tests.support.waiting import until


async def test_a_program_and_its_children_end_with_the_block(tmp_path: Path) -> None:
    script = f"sleep 60 & echo $! > {tmp_path}/child; trap '' TERM; while true; do sleep 1; done"
    program = Program()
    wanted = McpServer(name="stubborn", command=["sh", "-c", script])
    async with running_program(wanted, Watch(), program):
        await until(
            lambda: (tmp_path / "child").is_file() and (tmp_path / "child").stat().st_size > 1
        )
        child = psutil.Process(int((tmp_path / "child").read_text()))
    await until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    assert "status" in await program.end()


async def test_what_it_has_put_into_a_session_of_its_own_ends_too(tmp_path: Path) -> None:
    program, told = Program(), tmp_path / "child"
    script = f"setsid sh -c 'echo $$ > {told}; exec sleep 60' & cat"
    wanted = McpServer(name="loose", command=["sh", "-c", script])
    async with running_program(wanted, Watch(), program):
        await until(lambda: told.is_file() and told.stat().st_size > 1)
        child = psutil.Process(int(told.read_text()))
    await until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


async def test_it_runs_in_its_folder_and_python_is_ours(tmp_path: Path) -> None:
    script = "import os, sys; sys.stderr.write(sys.executable + ' ' + os.getcwd())"
    program = Program()
    wanted = McpServer(name="here", command=["python", "-c", script], folder=str(tmp_path))
    async with running_program(wanted, Watch(), program) as (received, _):
        with pytest.raises(anyio.EndOfStream):
            await received.receive()
    assert await program.end() == f"it ended with status 0: {sys.executable} {tmp_path}"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("true", "on its standard error: No paper"),
        (
            "echo Till 3",
            "a line that is no message on its standard output: Till 3; "
            "on its standard error: No paper",
        ),
        (
            "echo Till 3; echo Till 4",
            "2 lines that are no messages on its standard output: Till 3; "
            "on its standard error: No paper",
        ),
    ],
)
async def test_what_it_writes_in_place_of_messages_is_known(lines: str, told: str) -> None:
    program = Program()
    wanted = McpServer(name="till", command=["sh", "-c", f"{lines}; echo No paper >&2"])
    async with running_program(wanted, Watch(), program) as (received, _):
        async for message in received:
            assert isinstance(message, ValueError)
    assert program.wrote == told
