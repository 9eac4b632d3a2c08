"""Worker processes, kept alive; here they are made of memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from harness.errors import HarnessError, ServerStartError, UsageError
from harness.server.process.workers import Worker, Workers
from tests.support.waiting import until


class FakeChild:
    """A process that says what it is told to say."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self.returncode: int | None = None
        self.is_stopped = False
        self._said: asyncio.Queue[bytes] = asyncio.Queue()

    def say(self, line: bytes) -> None:
        self._said.put_nowait(line)

    def die(self) -> None:
        self.returncode = -9
        self._said.put_nowait(b"")

    async def lines(self) -> AsyncIterator[bytes]:
        while line := await self._said.get():
            yield line

    async def stop(self, within_s: float) -> None:
        self.is_stopped = True


class Crew:
    """Workers, and all the processes they ever had."""

    def __init__(self, folder: Path, count: int = 2, fails: int = -1) -> None:
        self.children: list[FakeChild] = []
        self.back: list[int] = []
        self.fails = fails
        self.failure: HarnessError = ServerStartError("It did not come up.")
        self.workers = Workers(
            count, folder, ["--seed", "1"], {"api_key": "sk-local-k"}, self._back, self._start
        )

    async def _start(self, arguments: list[str], given: dict[str, Any], **_: Any) -> Any:
        if len(self.children) == self.fails:
            self.fails = -1
            raise self.failure
        self.children.append(FakeChild(arguments))
        return self.children[-1]

    async def _back(self, worker: Worker) -> None:
        assert not worker.is_up, "no request may reach it yet"
        self.back.append(worker.number)


async def test_a_call_goes_where_the_fewest_are(tmp_path: Path) -> None:
    """Those on their way count, too."""
    crew = Crew(tmp_path)
    async with crew.workers as workers:
        first, second = workers.all
        crew.children[0].say(b'{"calls": 2}\n')
        await until(lambda: first.calls == 2)
        assert workers.least_loaded() is second
        second.expected = 3
        assert workers.least_loaded() is first
        crew.children[0].say(b"nonsense\n")
        crew.children[0].say(b"[]\n")
        crew.children[0].say(b'{"calls": 4}\n')
        await until(lambda: first.calls == 4)
        assert workers.find(1) is second
        assert workers.find(7) is None
    assert all(child.is_stopped for child in crew.children)
    assert workers.least_loaded() is None


async def test_each_has_its_socket_and_its_number(tmp_path: Path) -> None:
    crew = Crew(tmp_path)
    async with crew.workers:
        numbers = {child.arguments[-1]: child.arguments for child in crew.children}
        assert numbers["1"] == [
            *("--seed", "1", "--socket", str(tmp_path / "1.sock"), "--worker", "1")
        ]


async def test_one_that_dies_is_started_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And told what the others know before it gets requests."""
    crew = Crew(tmp_path)
    async with crew.workers as workers:
        crew.children[1].say(b'{"calls": 2}\n')
        await until(lambda: workers.all[1].calls == 2)
        crew.children[1].die()
        await until(lambda: workers.all[1].deaths == 1)
        assert workers.find(1) is None
        assert workers.least_loaded() is workers.all[0]
        await until(lambda: workers.all[1].is_up)
        assert crew.back == [1]
        assert workers.all[1].calls == 0
        assert "worker 1 ended with code -9 and 2 calls" in caplog.text


@pytest.mark.parametrize("failure", [ServerStartError("No."), UsageError("A file is gone.")])
async def test_one_that_does_not_come_back_at_once_is_tried_again(
    tmp_path: Path, failure: HarnessError
) -> None:
    crew = Crew(tmp_path)
    crew.failure = failure
    async with crew.workers as workers:
        crew.fails = 2
        crew.children[0].die()
        await until(lambda: workers.all[0].is_up and len(crew.children) == 3)


async def test_where_one_does_not_come_up_all_are_ended(tmp_path: Path) -> None:
    crew = Crew(tmp_path, count=3, fails=2)
    with pytest.raises(ServerStartError):
        async with crew.workers:
            pass
    assert all(child.is_stopped for child in crew.children)
