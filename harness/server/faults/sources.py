"""The faults of one server: where they come from, what requests and calls get of them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import web

from harness.clock import Clock, MonotonicClock
from harness.errors import UsageError
from harness.network.relay import Relay, open_relay
from harness.peer.sdp import candidates, relayed, without_candidates
from harness.realtime.faults.call import CallFaults
from harness.realtime.faults.http import MESSAGES, HttpFaults, faults_of_request
from harness.realtime.faults.log import FaultLog
from harness.realtime.faults.models_call import (
    ChannelNeverOpens,
    ChannelWrongId,
    HttpError,
    IceFails,
    ServerCrash,
)
from harness.realtime.faults.parse import HEADER, faults_of_header, read_faults
from harness.realtime.faults.sdp import changed_answer
from harness.realtime.faults.triggers import Applied, Note
from harness.server.faults.injector import FaultInjector, FaultyCall
from harness.server.http.client_secrets import ClientSecret
from harness.server.http.errors import Refusal

MOST_SECRETS = 1_000
NEVER_OPENS_WITHIN_S = 3_600.0
RELAYED = (IceFails, ChannelNeverOpens)


class FaultSources:
    """What is to go wrong with the requests and calls of a server, and what did.

    Faults come from the request's own header, from the client secret it uses (minted with that
    header), from the server (`set`) and from the assistant, in this order.
    """

    def __init__(self, faults: Iterable[Any] = (), clock: Clock | None = None) -> None:
        self.log = FaultLog()
        self.clock = clock or MonotonicClock()
        self._server = HttpFaults(faults)
        self._assistants: tuple[Any, HttpFaults] = (None, HttpFaults())
        self._secrets: OrderedDict[str, HttpFaults] = OrderedDict()

    @property
    def faults(self) -> tuple[Any, ...]:
        """The server's own."""
        return self._server.faults

    def set(self, faults: Iterable[Any]) -> None:
        """From now on the server has these, and counts anew."""
        self._server = HttpFaults(faults)

    async def meet(
        self,
        request: web.Request,
        route: str,
        assistant: object = None,
        secret: ClientSecret | None = None,
    ) -> tuple[Any, ...]:
        """Slow a request down or refuse it, if a fault says so; gives the faults of its call.

        Args:
            route: "client_secrets", "calls" or "websocket".

        Raises:
            Refusal: a fault says so, or the request's header is wrong.
        """
        sources = self._sources(request, assistant, secret)
        found = faults_of_request(sources, route)
        if found.slow is not None:
            self._did(found.slow, f"{route} waits for {found.slow.delay_s:g} s")
            await asyncio.sleep(found.slow.delay_s)
        if found.error is not None:
            self._did(found.error, f"{route} is answered {found.error.status}")
            raise _refusal(found.error)
        if found.expired is not None and secret is not None:
            self._did(found.expired, f"the client secret of {route} is taken for expired")
            message = "The client secret is unknown or has expired."
            raise Refusal(401, message, "invalid_api_key")
        return tuple(fault for source in sources for fault in source.faults)

    def _sources(
        self, request: web.Request, assistant: object, secret: ClientSecret | None
    ) -> list[HttpFaults]:
        own = header_faults(request)
        if secret is not None and any(isinstance(fault, ServerCrash) for fault in own):
            message = (
                "The fault server_crash needs the API key; a client secret can be minted with it."
            )
            raise Refusal(403, message, "invalid_faults", "faults")
        sources = [HttpFaults(own)]
        if secret is not None and secret.faults:
            if secret.value not in self._secrets:
                self._secrets[secret.value] = HttpFaults(read_faults(list(secret.faults)))
                while len(self._secrets) > MOST_SECRETS:
                    self._secrets.popitem(last=False)
            sources.append(self._secrets[secret.value])
        if self._assistants[0] is not assistant:
            self._assistants = (assistant, HttpFaults(getattr(assistant, "faults", ())))
        return [*sources, self._server, self._assistants[1]]

    def injector(
        self,
        call: FaultyCall,
        faults: Sequence[Any],
        most_bytes: int = 16_000_000,
        relay: Relay | None = None,
    ) -> FaultInjector:
        """Who carries out the faults of a call."""
        note = self.note_for(call)
        return FaultInjector(call, CallFaults(faults, note, most_bytes), note, self.clock, relay)

    def note_for(self, call: FaultyCall) -> Note:
        """Where faults applied to this call are noted."""
        return self.log.note_for(call.call_id)

    def _did(self, fault: Any, detail: str) -> None:
        self.log.add(Applied(fault.name, detail, self.clock.now_s()))


def header_faults(request: web.Request) -> tuple[Any, ...]:
    """The faults of a request's own header.

    Raises:
        Refusal: it is wrong; says what, and the nearest name.
    """
    try:
        return faults_of_header(request.headers.get(HEADER, ""))
    except UsageError as error:
        raise refused(error) from error


def refused(error: UsageError) -> Refusal:
    """Faults that cannot be used, as an answer."""
    return Refusal(400, error.message, "invalid_faults", "faults")


def needs_relay(faults: Iterable[Any]) -> bool:
    """Whether any of the faults concerns packets, which only a relay can drop."""
    return any(isinstance(fault, RELAYED) for fault in faults)


def offer_for(offer: str, faults: Sequence[Any]) -> str:
    """The offer as the call gets it: where a relay stands between, it must not go past it."""
    return without_candidates(offer) if needs_relay(faults) else offer


def channel_id_for(
    channel_id: int | None, faults: Sequence[Any], note: Note, now_s: float
) -> int | None:
    """The number of the agreed events channel as the call gets it."""
    for fault in faults:
        if isinstance(fault, ChannelWrongId) and channel_id is not None:
            wrong = channel_id ^ 2  # as even or odd as before
            note(Applied(fault.name, f"channel {wrong} is opened instead of {channel_id}", now_s))
            return wrong
    return channel_id


def answer_for(answer: str, faults: Sequence[Any], injector: FaultInjector, note: Note) -> str:
    """The answer as the client gets it."""
    now_s = injector.now_s
    if needs_relay(faults):
        relay = injector.relay = open_relay(candidates(answer))
        answer = relayed(answer, relay.fronts)
        for fault in faults:
            if isinstance(fault, ChannelNeverOpens):
                relay.blocks_data = True
                note(Applied(fault.name, "data channels are kept out", now_s))
    return changed_answer(answer, faults, note, now_s)


def connect_within_s(faults: Iterable[Any], usual_s: float) -> float:
    """How long a call waits for its channel; one that never opens is to be waited for."""
    never = any(isinstance(fault, ChannelNeverOpens) for fault in faults)
    return NEVER_OPENS_WITHIN_S if never else usual_s


def _refusal(fault: HttpError) -> Refusal:
    usual = ("The request was refused.", "invalid_request_error", None)
    if fault.status >= 500:
        usual = ("The server had an error.", "server_error", None)
    message, kind, code = MESSAGES.get(fault.status, usual)
    headers = {} if fault.retry_after_s is None else {"Retry-After": str(fault.retry_after_s)}
    return Refusal(fault.status, message, code, kind=kind, headers=headers)
