"""A server process of ours; tests/server/process/test_launch.py runs whole ones."""

from __future__ import annotations

import socket

import pytest

from harness.errors import ServerStartError, UsageError
from harness.server.process.child import end_unused, spawn, start_child


async def test_a_process_that_does_not_come_up_is_told_with_its_own_words() -> None:
    heard: list[str] = []
    with pytest.raises(ServerStartError, match="invalid choice"):
        await start_child(
            ["--engine", "steam"], {}, ready_within_s=30, stop_within_s=8, when_logged=heard.append
        )
    assert any("steam" in line for line in heard)


async def test_one_that_takes_too_long_is_ended() -> None:
    with pytest.raises(ServerStartError, match="nothing within"):
        await start_child([], {}, ready_within_s=0.01, stop_within_s=0.2)


async def test_a_taken_port_is_told_as_if_it_were_our_own_mistake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(ServerStartError, match="cannot listen") as told:
            await start_child(["--port", port], {}, ready_within_s=30, stop_within_s=8)
    assert told.value.hint == "pick another port, or 0 for any free one"


async def test_a_wrong_part_is_a_mistake_of_usage() -> None:
    given = {"parts": {"assistant": "no_such_module:thing"}}
    with pytest.raises(UsageError, match="no_such_module:thing cannot be used"):
        await start_child([], given, ready_within_s=30, stop_within_s=8)


async def test_a_process_that_was_told_nothing_is_ended_at_once() -> None:
    process = await spawn()
    await end_unused(process)
    assert process.returncode is not None
    await end_unused(process)


async def test_a_process_that_is_up_already_is_told_and_ended() -> None:
    process = await spawn()
    child = await start_child(
        [], {"api_key": "sk-local-k"}, ready_within_s=30, stop_within_s=8, spawned=process
    )
    assert child.pid == process.pid
    assert child.ready["url"].startswith("http://127.0.0.1:")
    await child.stop(8)
    assert process.returncode == 0
