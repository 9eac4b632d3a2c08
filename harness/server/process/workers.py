"""The worker processes of one server: started together, kept alive, ended together.

A worker is a whole server on a Unix socket. It tells us on standard output how many calls it has.
One that dies takes its calls with it; another is started in its place. One that is stuck is ended.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from harness.errors import HarnessError
from harness.server.process.child import Child, start_child

READY_WITHIN_S = 30.0
STOP_WITHIN_S = 3.0
"""Less than our own supervisor gives us."""

FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 10.0
"""Before another is started; doubled while they die soon."""

SOON_S = 10.0

LOOKS_EVERY_S = 1.0
QUIET_LOOKS, STUCK_LOOKS = 4, 8
"""A worker says every second that it lives. After so many looks without a word it gets no requests,
and is ended. (Looks, not seconds: where we were held up ourselves, one look has passed.)"""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Worker:
    """One process and what we know of it."""

    number: int
    socket: Path
    child: Child | None = None
    is_up: bool = False
    calls: int = 0
    """As it said last."""
    expected: int = 0
    """Calls that were sent its way and are not counted there yet."""
    deaths: int = 0
    quiet_looks: int = 0
    """How often we looked since it last said something."""

    @property
    def load(self) -> int:
        """Calls that it has or is about to get."""
        return self.calls + self.expected


class Workers:
    """Runs the workers for the length of its block.

    Args:
        count: how many.
        folder: for their sockets; nobody else may open it.
        arguments: of every worker; its socket and its number are added.
        given: for each one's standard input.
        when_back: called with a worker that was started again, before it gets requests.
        start: how a process is started.
        looks_every_s: how often to look whether they are stuck.

    Raises:
        ServerStartError: one did not come up at the start; the others are ended then.
    """

    def __init__(
        self,
        count: int,
        folder: Path,
        arguments: Sequence[str],
        given: dict[str, Any],
        when_back: Callable[[Worker], Awaitable[None]],
        start: Callable[..., Awaitable[Child]] = start_child,
        looks_every_s: float = LOOKS_EVERY_S,
    ) -> None:
        self.all = [Worker(number, folder / f"{number}.sock") for number in range(count)]
        self._arguments = list(arguments)
        self._given = given
        self._when_back = when_back
        self._start_child = start
        self._looks_every_s = looks_every_s
        self._keepers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Workers:
        try:
            async with asyncio.TaskGroup() as group:
                for worker in self.all:
                    group.create_task(self._start(worker))
        except BaseExceptionGroup as errors:
            await self._stop_all()
            raise errors.exceptions[0] from None
        except BaseException:
            await self._stop_all()
            raise
        for worker in self.all:
            worker.is_up = True
        self._keepers = [asyncio.create_task(self._keep(worker)) for worker in self.all]
        self._keepers += [asyncio.create_task(self._look_after(worker)) for worker in self.all]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await self._stop_all()

    # Who gets a request

    def least_loaded(self) -> Worker | None:
        """The living worker with the fewest calls; None while none lives."""
        living = [worker for worker in self.all if worker.is_up]
        return min(living, key=lambda worker: worker.load, default=None)

    def find(self, number: int) -> Worker | None:
        """The worker with this number, if it lives."""
        known = 0 <= number < len(self.all) and self.all[number].is_up
        return self.all[number] if known else None

    # One worker's life

    async def _start(self, worker: Worker) -> None:
        worker.socket.unlink(missing_ok=True)  # of one that was killed
        place = ["--socket", str(worker.socket), "--worker", str(worker.number)]
        worker.child = await self._start_child(
            [*self._arguments, *place],
            self._given,
            ready_within_s=READY_WITHIN_S,
            stop_within_s=STOP_WITHIN_S,
            when_logged=lambda line: print_line(f"worker {worker.number}: {line}"),
        )

    async def _keep(self, worker: Worker) -> None:
        """Listen to a worker, and start it again whenever it ends."""
        loop = asyncio.get_running_loop()
        wait_s = FIRST_WAIT_S
        while True:
            started_s = loop.time()
            await self._listen(worker)
            wait_s = FIRST_WAIT_S if loop.time() - started_s > SOON_S else wait_s
            while not await self._is_back(worker, wait_s):
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    async def _listen(self, worker: Worker) -> None:
        """Take in what it says, until it has ended."""
        assert worker.child is not None
        async for line in worker.child.lines():
            worker.calls = _calls(line, worker.calls)
            worker.quiet_looks, worker.is_up = 0, True
        worker.is_up = False
        await worker.child.stop(STOP_WITHIN_S)  # at once, unless it only closed its output
        worker.deaths += 1
        _log.error(
            "worker %d ended with code %s and %d calls; another is started in its place",
            worker.number,
            worker.child.returncode,
            worker.calls,
        )
        worker.calls = 0

    async def _look_after(self, worker: Worker) -> None:
        """Notice that a worker is stuck: its process lives, and answers nobody."""
        while True:
            await asyncio.sleep(self._looks_every_s)
            if worker.child is None or worker.child.returncode is not None:
                continue
            worker.quiet_looks += 1
            if worker.quiet_looks == QUIET_LOOKS and worker.is_up:
                _log.error("worker %d does not answer; it gets no requests", worker.number)
                worker.is_up = False
            if worker.quiet_looks >= STUCK_LOOKS:
                worker.quiet_looks = 0
                await worker.child.stop(STOP_WITHIN_S)

    async def _is_back(self, worker: Worker, wait_s: float) -> bool:
        await asyncio.sleep(wait_s)
        try:
            await self._start(worker)
            await self._when_back(worker)
        except (HarnessError, OSError) as error:
            _log.error("worker %d does not start: %s", worker.number, error)
            return False
        worker.is_up, worker.quiet_looks = True, 0
        return True

    async def _stop_all(self) -> None:
        for worker in self.all:
            worker.is_up = False
        children = [worker.child for worker in self.all if worker.child is not None]
        await asyncio.gather(*(child.stop(STOP_WITHIN_S) for child in children))


def print_line(text: str) -> None:
    """Hand on a line of a worker's log: whoever supervises us reads it there."""
    import sys

    print(text, file=sys.stderr, flush=True)


def _calls(line: bytes, otherwise: int) -> int:
    """The number of calls in what a worker said."""
    try:
        said = json.loads(line)
    except ValueError:
        return otherwise
    calls = said.get("calls") if isinstance(said, dict) else None
    return calls if isinstance(calls, int) else otherwise
