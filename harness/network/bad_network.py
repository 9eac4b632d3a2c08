"""The network of a call as the harness holds it: the relay's process, and what is asked of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from harness.errors import HarnessError, NetworkFailed
from harness.facts.network import (
    NetworkBegan,
    NetworkChanged,
    NetworkCounted,
    NetworkFact,
    NetworkKept,
)
from harness.network.impaired_relay import HOST
from harness.network.impairment.conditions import NetworkConditions
from harness.network.impairment.profiles import Stage
from harness.network.relay_address import RelayAddress
from harness.network.wish import NetworkChange, NetworkWish

Note = Callable[[NetworkFact], None]
Fail = Callable[[HarnessError], None]

READY_WITHIN_S = 20.0
ANSWERED_WITHIN_S = 5.0
PCAP = "call.pcap"
PACKAGE_HOME = Path(__file__).resolve().parents[2]


class BadNetwork:
    """The network between the page and its remote peers; made by `open_network`.

    Nothing happens to packets until it begins; a profile with a course runs from there.
    """

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        wish: NetworkWish,
        ready: dict[str, Any],
        pcap: Path | None = None,
    ) -> None:
        self.address = RelayAddress(HOST, tuple(ready["fronts"]), int(ready["sink"]))
        self._process = process
        self._wish = wish
        self._pcap = pcap
        self._conditions = NetworkConditions()
        self._note: Note | None = None
        self._course: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._asking = asyncio.Lock()
        self._asked = 0

    @property
    def conditions(self) -> NetworkConditions:
        """What packets meet now."""
        return self._conditions

    @property
    def began(self) -> NetworkBegan:
        """What was asked, as a fact."""
        return NetworkBegan(self._wish.in_words(), self._wish.seed)

    @property
    def pid(self) -> int:
        """The relay's process."""
        return self._process.pid

    async def begin(self, note: Note, fail: Fail = lambda _: None) -> None:
        """Let the asked conditions hold from now on, and tell of them.

        Args:
            note: told what begins and what is counted.
            fail: told when the relay ends by itself.

        Raises:
            NetworkFailed: the relay has ended.
        """
        self._note = note
        self._watching = asyncio.create_task(self._watch(fail), name="network relay")
        await self._follow(self._wish)

    async def route(self, fragment: str, front: int, host: str, port: int) -> None:
        """Say where goes what comes to a front; see `ImpairedRelay.route`."""
        await self._tell("route", fragment=fragment, front=front, host=host, port=port)

    async def change(self, change: NetworkChange) -> None:
        """Another network from here on; a course that runs ends.

        Raises:
            UsageError: these conditions cannot be together.
            NetworkFailed: the relay has ended.
        """
        await self._follow(change)

    async def count(self) -> dict[str, Any]:
        """What the relay has counted so far, as `harness.facts.network.NetworkCounted` has it.

        Raises:
            NetworkFailed: the relay has ended.
        """
        return await self._ask("count")

    async def end(self) -> None:
        """Tell the last counts; nothing is changed any more. Safe to call again."""
        await self._end_course()
        if self._note is not None:
            with contextlib.suppress(HarnessError):
                self._note(NetworkCounted(**await self.count()))
        if self._pcap is not None:
            with contextlib.suppress(HarnessError):
                kept = NetworkKept(self._pcap.name, **await self._ask("close_pcap"))
                if self._note is not None:
                    self._note(kept)
        self._note = self._pcap = None
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self, fail: Fail) -> None:
        await self._process.wait()
        fail(_ended(self._process))

    async def _follow(self, change: NetworkChange) -> None:
        stages = change.stages(self._conditions)
        await self._end_course()
        await self._enter(stages[0], change.profile or "")
        if len(stages) > 1:
            self._course = asyncio.create_task(self._run(stages), name="network course")

    async def _run(self, stages: tuple[Stage, ...]) -> None:
        began_s = asyncio.get_running_loop().time()
        with contextlib.suppress(NetworkFailed):  # whoever asks for something next is told
            for stage in stages[1:]:
                left_s = began_s + stage.at_s - asyncio.get_running_loop().time()
                await asyncio.sleep(max(0.0, left_s))
                await self._enter(stage, "")

    async def _enter(self, stage: Stage, profile: str) -> None:
        data = stage.conditions.to_data()
        counted = await self._ask("change", **data)
        self._conditions = stage.conditions
        if self._note is not None:
            name = ": ".join(filter(None, [profile, stage.name]))
            self._note(NetworkCounted(**counted))
            self._note(NetworkChanged(name, data["up"], data["down"]))

    async def _end_course(self) -> None:
        if self._course is not None:
            self._course.cancel()
            await asyncio.wait([self._course])
            self._course = None

    async def _ask(self, do: str, **what: Any) -> dict[str, Any]:
        async with self._asking:
            self._asked += 1
            await self._tell(do, id=self._asked, **what)
            answer = await _line(self._process, ANSWERED_WITHIN_S)
            while answer.pop("id") != self._asked:  # whoever asked for that one was cancelled
                answer = await _line(self._process, ANSWERED_WITHIN_S)
            return answer

    async def _tell(self, do: str, **what: Any) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        try:
            stdin.write(json.dumps({"do": do, **what}).encode() + b"\n")
            await stdin.drain()
        except ConnectionError as error:
            raise _ended(self._process) from error


@asynccontextmanager
async def open_network(wish: NetworkWish, folder: Path | None = None) -> AsyncIterator[BadNetwork]:
    """A relay for the length of the block, in a process of its own; nothing happens to packets yet.

    Args:
        wish: what is asked for.
        folder: gets the packets, where the wish is to keep them; None: nothing does.

    Raises:
        NetworkFailed: it did not start.
    """
    pcap = None
    if wish.pcap and folder is not None:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        pcap = folder / PCAP
    process = await _spawn()
    try:
        kept = {} if pcap is None else {"pcap": str(pcap.absolute())}
        first = {**NetworkConditions().to_data(), "seed": wish.seed, **kept}
        assert process.stdin is not None
        with contextlib.suppress(ConnectionError):  # a dead process is told about below
            process.stdin.write(json.dumps(first).encode() + b"\n")
            await process.stdin.drain()
        network = BadNetwork(process, wish, await _line(process, READY_WITHIN_S), pcap)
        try:
            yield network
        finally:
            await network.end()
    finally:
        await asyncio.shield(asyncio.create_task(_stop(process)))


async def _spawn() -> asyncio.subprocess.Process:
    path = os.pathsep.join(filter(None, [str(PACKAGE_HOME), os.environ.get("PYTHONPATH")]))
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "harness.network.relay_process"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
    except OSError as error:
        raise NetworkFailed(
            "The relay's process could not be started.", found=str(error)
        ) from error


async def _stop(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()  # it has nothing to put in order
    await process.communicate()  # its pipes are read to their end, or they would stay open


async def _line(process: asyncio.subprocess.Process, within_s: float) -> dict[str, Any]:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(within_s):
            line = await process.stdout.readline()
    except TimeoutError as error:
        raise NetworkFailed(
            "The relay between page and remote peer does not answer.",
            expected=f"a line within {within_s:g} s",
            found="none",
        ) from error
    if not line:
        raise _ended(process)
    answer: dict[str, Any] = json.loads(line)
    return answer


def _ended(process: asyncio.subprocess.Process) -> NetworkFailed:
    return NetworkFailed(
        "The relay between page and remote peer has ended.",
        expected="a process that lives as long as the call",
        found=f"exit code {process.returncode}",
        hint="what it said last stands on standard error",
    )
