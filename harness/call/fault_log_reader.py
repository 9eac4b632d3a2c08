"""Faults that the server applied, placed on the call's timeline and written to its trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from harness.client.http_api import RealtimeHttpApi
from harness.client.server_api import ServerAddress
from harness.clock import Clock
from harness.errors import HarnessError, ServerUnreachable
from harness.facts.server import FaultApplied, FaultsDropped, ServerFellBack, ServerSilent
from harness.realtime.faults.log import QUICK_VOICE, FaultLog
from harness.timeline import Timeline
from harness.trace import TraceWriter

ANSWER_WITHIN_S = 3.0


@dataclass(frozen=True, slots=True)
class ReadFaults:
    """What a server did since the witness began."""

    applied: Sequence[Mapping[str, Any]] = ()
    """name, detail, call_id, and at_s on the server's clock."""

    ahead_s: float = 0.0
    """Add this to the server's clock for this process's."""

    uncertainty_s: float = 0.0
    """How far that may be off."""

    dropped: int = 0


class FaultLogReader(Protocol):
    """Whom a call asks, at its end, what its server did to it."""

    async def begin(self) -> None:
        """What is done from now on is of interest."""
        ...

    async def read(self) -> ReadFaults:
        """What was done.

        Raises:
            HarnessError: the server does not say.
        """
        ...


class ServerFaultLog:
    """Asks a local server over HTTP. One that is not ours has nothing to tell."""

    def __init__(self, server: ServerAddress, clock: Clock) -> None:
        self._rest = RealtimeHttpApi(server.url, timeout_s=ANSWER_WITHIN_S)
        self._key = server.api_key
        self._clock = clock
        self._since_s: float | None = None

    async def begin(self) -> None:
        try:
            body, _, _ = await self._ask("1e18")
        except HarnessError:
            return  # not one of ours
        self._since_s = float(body["now_s"])

    async def read(self) -> ReadFaults:
        if self._since_s is None:
            return ReadFaults()
        body, asked_s, answered_s = await self._ask(repr(self._since_s))
        now_s = float(body["now_s"])
        middle_s = (asked_s + answered_s) / 2
        return ReadFaults(
            applied=body["applied"],
            ahead_s=middle_s - now_s,
            uncertainty_s=(answered_s - asked_s) / 2,
        )

    async def _ask(self, since_s: str) -> tuple[dict[str, Any], float, float]:
        base = self._rest.base.removesuffix("/v1")
        asked_s = self._clock.now_s()
        answer = await self._rest.request(
            "GET", f"{base}/harness/faults/applied?since_s={since_s}", self._key
        )
        if answer.status != 200 or not isinstance(answer.json.get("now_s"), int | float):
            raise ServerUnreachable("The server does not say what its faults did.")
        return answer.json, asked_s, self._clock.now_s()


class LocalFaultLog:
    """Reads the log of a server in memory, which shares our clock."""

    def __init__(self, log: FaultLog) -> None:
        self._log = log

    async def begin(self) -> None:
        """Everything in the log is of interest."""

    async def read(self) -> ReadFaults:
        return ReadFaults(self._log.since(float("-inf")), dropped=self._log.dropped)


async def write_faults(
    witness: FaultLogReader, trace: TraceWriter, timeline: Timeline, line_uncertainty_s: float
) -> None:
    """Write what a server did into the trace; a server that is gone is a fact, too."""
    try:
        told = await witness.read()
    except HarnessError as error:
        trace.add(ServerSilent(error.message, error.found or ""))
        return
    uncertainty_s = round(told.uncertainty_s + line_uncertainty_s, 6)
    for one in told.applied:
        t_s = timeline.python_to_s(float(one["at_s"]) + told.ahead_s)
        if one["name"] == QUICK_VOICE:
            trace.add(ServerFellBack("a quicker voice", one["detail"]), t_s)
            continue
        applied = FaultApplied(
            name=one["name"],
            detail=one.get("detail") or "",
            call_id=one.get("call_id") or "",
            uncertainty_s=uncertainty_s,
        )
        trace.add(applied, t_s)
    if told.dropped:
        trace.add(FaultsDropped(told.dropped))
