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

    async def go_on(self) -> None:
        """Say again and again that it lives."""
        while True:
            self.say(b'{"calls": 0}\n')
            await asyncio.sleep(0.005)

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

    def __init__(self, folder: Path, count: int = 2, fails: int = -1, **more: Any) -> None:
        self.children: list[FakeChild] = []
        self.back: list[int] = []
        self.fails = fails
        self.failure: HarnessError = ServerStartError("It did not come up.")
        self.workers = Workers(
            count,
            folder,
            ["--seed", "1"],
            {"api_key": "sk-local-k"},
            self._back,
            self._start,
            **more,
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


async def test_one_that_is_stuck_is_noticed_and_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Its process lives, so nothing but its silence tells."""
    crew = Crew(tmp_path, looks_every_s=0.01)
    async with crew.workers as workers:
        stuck = workers.all[0]
        talking = asyncio.create_task(crew.children[1].go_on())
        await until(lambda: not stuck.is_up)
        assert workers.least_loaded() is workers.all[1]
        await until(lambda: crew.children[0].is_stopped)
        crew.children[0].die()
        await until(lambda: stuck.is_up and len(crew.children) == 3)
        talking.cancel()
    assert "worker 0 does not answer" in caplog.text
    assert "worker 0 ended" in caplog.text
    assert workers.all[1].deaths == 0


async def test_one_that_was_held_up_gets_requests_again(tmp_path: Path) -> None:
    crew = Crew(tmp_path, looks_every_s=0.05)
    async with crew.workers as workers:
        await until(lambda: not workers.all[0].is_up)
        crew.children[0].say(b'{"calls": 1}\n')
        await until(lambda: workers.all[0].is_up)
        assert not crew.children[0].is_stopped


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
