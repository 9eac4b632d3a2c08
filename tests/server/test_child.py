"""A server process of ours; tests/server/test_process.py runs whole ones."""

from __future__ import annotations

import pytest

from harness.errors import ServerStartError
from harness.server.child import start_child


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
