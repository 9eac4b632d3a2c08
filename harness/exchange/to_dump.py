"""Dump events of a trace: what webrtc-internals and rtcstats would have written down. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.exchange.dump_event import GET_USER_MEDIA, DumpEvent
from harness.exchange.from_dump import DESCRIBES, STATES
from harness.facts.catalogue import AnyFact
from harness.facts.connection import (
    ConnectionAnswer,
    ConnectionCandidate,
    ConnectionClosed,
    ConnectionCreated,
    ConnectionOffer,
    ConnectionProblem,
    ConnectionState,
    ConnectionTrack,
    DataChannelCreated,
    IceServerProblem,
    Stats,
)
from harness.facts.media import UserMediaGranted, UserMediaRefused, UserMediaRequested
from harness.facts.page import PageLoaded
from harness.trace import TraceEvent

CHANGES = {kind: f"on{name}" for name, kind in STATES.items()}
SETS = {side: name for name, side in DESCRIBES.items()}


def dump_events(events: Iterable[TraceEvent], begun_ms: float) -> list[DumpEvent]:
    """The events of a call that other tools know.

    Args:
        events: of a trace.
        begun_ms: when its 0 s was, milliseconds since 1970.
    """
    writing = _Writing()
    t_ms, made = begun_ms, []
    for event in events:
        if event.t_s is not None:
            t_ms = begun_ms + event.t_s * 1000
        made += [
            DumpEvent(round(t_ms, 3), connection, method, value, extra)
            for connection, method, value, extra in writing.told(event.fact)
        ]
    made += [DumpEvent(round(t_ms, 3), name, "remove") for name in writing.open]
    return sorted(made, key=lambda one: one.t_ms)


Told = tuple[str | None, str, Any, tuple[Any, ...]]


class _Writing:
    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self.open: list[str] = []
        """Connections that the browser lets go of at the end, by the dump's names."""

        self._count = 0
        self._url = ""

    def told(self, fact: AnyFact) -> Iterator[Told]:
        match fact:
            case PageLoaded(url=url, is_top=True):
                self._url = url
            case UserMediaRequested(call=call, constraints=asked):
                yield None, GET_USER_MEDIA, dict(asked), (call, self._url)
            case UserMediaGranted(call=call, tracks=tracks):
                granted = [[one["kind"], one["id"], one["label"], ""] for one in tracks]
                yield None, f"{GET_USER_MEDIA}OnSuccess", granted, (call,)
            case UserMediaRefused(call=call, name=name, reason=reason):
                why = {"error": name, "error_message": reason}
                yield None, f"{GET_USER_MEDIA}OnFailure", why, (call,)
            case ConnectionCreated(connection=name, configuration=configuration):
                self._count += 1
                self._names[name] = f"1-{self._count}"
                self.open.append(self._names[name])
                yield self._names[name], "create", dict(configuration), (self._url,)
            case _ if (of := self._names.get(getattr(fact, "connection", ""))) is not None:
                for method, value in _of_connection(fact):
                    yield of, method, value, ()


def _of_connection(fact: AnyFact) -> Iterator[tuple[str, Any]]:
    match fact:
        case ConnectionOffer(side=side, sdp=sdp) | ConnectionAnswer(side=side, sdp=sdp):
            kind = "offer" if isinstance(fact, ConnectionOffer) else "answer"
            yield SETS[side], {"type": kind, "sdp": sdp}
            yield f"{SETS[side]}OnSuccess", None
        case ConnectionProblem(operation=operation, message=message):
            yield f"{operation}OnFailure", message
        case ConnectionCandidate(side=side, candidate=candidate):
            described = {"sdpMid": "0", "sdpMLineIndex": 0, "candidate": candidate}
            method = "onicecandidate" if side == "local" else "addIceCandidate"
            yield method, described if candidate else None
        case IceServerProblem(server=server, code=code, message=message):
            yield "onicecandidateerror", f"url: {server}\nerror_text: {message}\nerror_code: {code}"
        case ConnectionState(kind=kind, state=state):
            yield CHANGES[kind], state
        case ConnectionTrack(track=track, kind=kind, streams=streams):
            yield "ontrack", [kind, track, "", *streams]
        case DataChannelCreated(label=label, side=side):
            yield ("createDataChannel" if side == "local" else "ondatachannel"), {"label": label}
        case ConnectionClosed():
            yield "close", None
        case Stats(report=report):
            yield "getStats", _by_id(report)


def _by_id(report: list[dict[str, Any]] | dict[str, Any]) -> dict[str, Any]:
    if isinstance(report, Mapping):
        return {key: one for key, one in report.items() if isinstance(one, Mapping)}
    return {str(one["id"]): one for one in report if isinstance(one, Mapping) and "id" in one}
