"""The remote peer of benchmark calls: it answers, echoes messages and sends a tone.

In a process of its own, so that what it costs is not counted with the engine that calls it:
`python -m harness.bench.callee ENGINE` reads commands as lines of JSON and answers them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from harness.audio.signals import tone
from harness.bench.processes import child_environment
from harness.errors import PeerError
from harness.peer.backends import peer_factory
from harness.peer.interface import (
    PeerConnection,
    PeerFactory,
    Pull,
    Samples,
    StateKind,
)

ANSWER_WITHIN_S = 20.0


class Callee(Protocol):
    """Somebody to call."""

    pid: int | None
    """Its process; None where it shares the caller's."""

    async def answer(self, offer: str) -> str:
        """The SDP answer of a new call."""

    async def counts(self) -> tuple[int, int]:
        """Samples made up and samples played, of all calls there are now."""

    async def hang_up(self) -> None:
        """End all calls."""


def steady_tone() -> Pull:
    """A microphone that hears 440 Hz; a multiple of 20 ms fits without a click."""
    second = tone(440.0, 1.0, amplitude=0.1).samples
    position = 0

    def pull(frames: int) -> Samples:
        nonlocal position
        start = position % len(second)
        position += frames
        return second[start : start + frames]

    return pull


class EchoingEnd:
    """One call at the remote peer: the listener of its own connection."""

    def __init__(self, make_peer: PeerFactory) -> None:
        self.peer: PeerConnection = make_peer(self)
        self.peer.attach_microphone(steady_tone())

    def state_changed(self, kind: StateKind, state: str) -> None:
        """The caller looks at its own."""

    def channel_opened(self, label: str) -> None:
        """The caller asked for it."""

    def channel_message(self, label: str, data: str | bytes) -> None:
        with contextlib.suppress(PeerError):
            self.peer.send(label, data)

    def channel_closed(self, label: str) -> None:
        """The caller hung up."""

    def remote_track(self, track_id: str, stream_ids: tuple[str, ...]) -> None:
        """There is one."""

    def remote_audio(self, samples: Samples) -> None:
        """Nothing is kept of the 48 kHz samples; the engine counts them."""

    def failed(self, error: PeerError) -> None:
        """Ended with the others."""


class CalleeHere:
    """A remote peer in this process, for engines that have no other."""

    pid: int | None = None

    def __init__(self, make_peer: PeerFactory) -> None:
        self._make_peer = make_peer
        self._calls: list[EchoingEnd] = []

    async def answer(self, offer: str) -> str:
        call = EchoingEnd(self._make_peer)
        self._calls.append(call)
        return await call.peer.accept_offer(offer)

    async def counts(self) -> tuple[int, int]:
        concealed = played = 0
        for call in self._calls:
            stats = await call.peer.stats()
            concealed += stats.concealed_samples or 0
            played += stats.total_samples_received or 0
        return concealed, played

    async def hang_up(self) -> None:
        calls, self._calls = self._calls, []
        for call in calls:
            await call.peer.aclose()


class CalleeProcess:
    """A remote peer in its own process; made by `open_callee`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid: int | None = process.pid

    async def answer(self, offer: str) -> str:
        return str((await self._ask({"offer": offer}))["answer"])

    async def counts(self) -> tuple[int, int]:
        found = await self._ask({"counts": True})
        return int(found["concealed"]), int(found["played"])

    async def hang_up(self) -> None:
        await self._ask({"hang_up": True})

    async def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        async with asyncio.timeout(ANSWER_WITHIN_S):
            line = await self._process.stdout.readline()
        found: dict[str, Any] = json.loads(line or b'{"error": "its process ended"}')
        if "error" in found:
            raise PeerError("The remote peer cannot go on.", found=found["error"])
        return found


@asynccontextmanager
async def open_callee(engine: str) -> AsyncIterator[CalleeProcess]:
    """Run a remote peer on this engine for the length of the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "harness.bench.callee", engine),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=child_environment(),
        limit=2**20,
    )
    try:
        yield CalleeProcess(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(5):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def serve(engine: str) -> None:
    """Answer the commands on standard input until it ends."""
    here = CalleeHere(peer_factory(engine))
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        try:
            found = await _obey(here, json.loads(line))
        except PeerError as error:
            found = {"error": str(error)}
        print(json.dumps(found), flush=True)
    await here.hang_up()


async def _obey(here: CalleeHere, command: dict[str, Any]) -> dict[str, Any]:
    if "offer" in command:
        return {"answer": await here.answer(command["offer"])}
    if "counts" in command:
        concealed, played = await here.counts()
        return {"concealed": concealed, "played": played}
    await here.hang_up()
    return {}


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
