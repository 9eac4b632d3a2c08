"""Facts of a dump: what another tool wrote down, as a trace of ours tells it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from harness.errors import ArtifactError
from harness.exchange.dump_event import DUMPED, GET_USER_MEDIA, Dump, DumpEvent
from harness.facts.call import DumpRead
from harness.facts.catalogue import AnyFact
from harness.facts.connection import (
    Configuration,
    ConnectionAnswer,
    ConnectionCandidate,
    ConnectionClosed,
    ConnectionCreated,
    ConnectionOffer,
    ConnectionProblem,
    ConnectionState,
    ConnectionTrack,
    DataChannelClosed,
    DataChannelCreated,
    DataChannelOpen,
    IceServer,
    Side,
    Stats,
)
from harness.facts.media import (
    GrantedTrack,
    UserMediaGranted,
    UserMediaRefused,
    UserMediaRequested,
)
from harness.facts.page import PageLoaded
from harness.facts.steps import Note

Placed = tuple[float, AnyFact]
"""Seconds on the timeline, and what was then."""

StateKind = Literal["connection", "ice", "gathering", "signaling"]

STATES: dict[str, StateKind] = {
    "connectionstatechange": "connection",
    "iceconnectionstatechange": "ice",
    "icegatheringstatechange": "gathering",
    "signalingstatechange": "signaling",
}
DESCRIBES: dict[str, Side] = {"setLocalDescription": "local", "setRemoteDescription": "remote"}
FAILS = ("createOffer", "createAnswer", *DESCRIBES, "addIceCandidate")
MASKED = "•••"


def facts_of(dump: Dump, where: str) -> list[Placed]:
    """What a dump tells, in order of time; 0 s is its first event.

    Args:
        dump: as it was read.
        where: the file, for people.

    Raises:
        ArtifactError: there is nothing in it.
    """
    events = _of_call(dump)
    if not events:
        raise ArtifactError(
            f"There is no call in the dump {where}.",
            expected="a peer connection, or a getUserMedia",
            found=dump.cut or "neither",
            hint="open chrome://webrtc-internals before the call, and make the dump before its "
            "page is left (or open chrome://webrtc-internals/?keepRemovedConnections)",
        )
    first_ms = events[0].t_ms
    reading = _Reading()
    read = DumpRead(
        "rtcstats" if dump.form == "rtcstats" else "webrtc-internals",
        dump.version,
        dump.user_agent,
        dump.cut,
    )
    placed: list[Placed] = [(0.0, read)]
    for event in (*events, *(one for one in dump.events if one.method == DUMPED)):
        t_s = round((event.t_ms - first_ms) / 1000, 6)
        placed += [(t_s, fact) for fact in reading.take(event)]
    return placed


def begun_ms(dump: Dump) -> float:
    """When 0 s of the facts of a dump was, milliseconds since 1970."""
    return next((event.t_ms for event in _of_call(dump)), 0.0)


def _of_call(dump: Dump) -> list[DumpEvent]:
    return [event for event in dump.events if event.connection or _is_media(event)]


def _is_media(event: DumpEvent) -> bool:
    return event.method.startswith(GET_USER_MEDIA)


class _Reading:
    """What has to be kept of a dump while its facts are told."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._asked = 0
        self._was_page = False
        self._waiting: dict[tuple[str, str], Any] = {}
        """Descriptions that were asked to be set, and not yet known to have been."""

        self._channels: dict[tuple[str, str], str] = {}
        self._channel_states: dict[tuple[str, str], str] = {}

    def take(self, event: DumpEvent) -> Iterator[AnyFact]:
        method = event.method.removeprefix("on") if event.method.islower() else event.method
        if method == DUMPED:
            yield Note("The dump was made.")
        elif _is_media(event):
            yield from self._page(event.extra)
            yield from self._media(event)
        elif event.connection is not None:
            yield from self._of_connection(event, method)

    def _page(self, extra: Sequence[Any]) -> Iterator[AnyFact]:
        address = next((one for one in extra if isinstance(one, str) and "://" in one), "")
        if address and not self._was_page:
            self._was_page = True
            yield PageLoaded(address, True)

    def _media(self, event: DumpEvent) -> Iterator[AnyFact]:
        name = f"getUserMedia-{self._asked}"
        if event.method.endswith("OnSuccess"):
            yield UserMediaGranted(name, list(_granted(event.value)))
        elif event.method.endswith("OnFailure"):
            value = event.value if isinstance(event.value, Mapping) else {"error": event.value}
            kind, reason = str(value.get("error", "")), str(value.get("error_message", ""))
            yield UserMediaRefused(name, kind, reason)
        else:
            self._asked += 1
            asked = event.value if isinstance(event.value, Mapping) else {}
            yield UserMediaRequested(f"getUserMedia-{self._asked}", dict(asked))

    def _of_connection(self, event: DumpEvent, method: str) -> Iterator[AnyFact]:
        assert event.connection is not None
        is_new = event.connection not in self._names
        name = self._names.setdefault(event.connection, f"connection-{len(self._names)}")
        value = event.value
        if method == "create" or (is_new and method != "remove"):
            yield from self._page(event.extra)
            yield ConnectionCreated(name, _configuration(value if method == "create" else None))
        if method in STATES and isinstance(value, str):
            yield ConnectionState(name, STATES[method], value.strip('"'))
        elif method.startswith(FAILS) and method.endswith(("OnFailure", "Failed")):
            yield ConnectionProblem(
                name, method.removesuffix("OnFailure").removesuffix("Failed"), _words(value)
            )
        elif method.startswith(tuple(DESCRIBES)):
            yield from self._description(name, method, value)
        elif method == "icecandidate":
            yield ConnectionCandidate(name, "local", _candidate(value))
        elif method == "addIceCandidate":
            yield ConnectionCandidate(name, "remote", _candidate(value))
        elif method == "track" and isinstance(value, list | Mapping):
            kind, track, streams = _track(value)
            yield ConnectionTrack(name, track, kind, streams)
        elif method in ("createDataChannel", "datachannel"):
            yield self._channel(name, _label(value), "local" if method[0] == "c" else "remote")
        elif method == "close":
            yield ConnectionClosed(name)
        elif method == "remove":
            yield Note(f"The browser let go of {name}.")
        elif method == "getStats" and isinstance(value, Mapping):
            report = [{"id": key, **one} for key, one in value.items() if isinstance(one, Mapping)]
            yield from self._channels_in(name, report)
            yield Stats(name, report)

    def _description(self, name: str, method: str, value: Any) -> Iterator[AnyFact]:
        asked = method.removesuffix("OnSuccess")
        has_text = isinstance(value, Mapping) and isinstance(value.get("sdp"), str)
        if asked == method:
            self._waiting[name, asked] = value if has_text else None
            return
        told = value if has_text else self._waiting.pop((name, asked), None)
        if isinstance(told, Mapping) and told.get("type") in ("offer", "answer"):
            kind = ConnectionOffer if told["type"] == "offer" else ConnectionAnswer
            yield kind(name, DESCRIBES[asked], str(told["sdp"]))

    def _channel(self, name: str, label: str, side: Side) -> AnyFact:
        made = self._channels.setdefault((name, label), f"channel-{len(self._channels)}")
        return DataChannelCreated(name, made, label, side)

    def _channels_in(self, name: str, report: Sequence[Mapping[str, Any]]) -> Iterator[AnyFact]:
        """What statistics tell of channels: a dump has no event of theirs."""
        for one in report:
            if one.get("type") != "data-channel":
                continue
            label, state = str(one.get("label", "")), str(one.get("state", ""))
            key = (name, label)
            if key not in self._channels:
                yield self._channel(name, label, "remote")
            if self._channel_states.get(key) != state:
                self._channel_states[key] = state
                if state == "open":
                    yield DataChannelOpen(name, self._channels[key], label)
                elif state == "closed":
                    yield DataChannelClosed(name, self._channels[key], label)


def _granted(value: Any) -> Iterator[GrantedTrack]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, list | Mapping):
            kind, track, _ = _track(one)
            label = one[2] if isinstance(one, list) and len(one) > 2 else ""
            yield {"id": track, "kind": kind, "label": str(label)}


def _track(value: Sequence[Any] | Mapping[str, Any]) -> tuple[str, str, list[str]]:
    """Kind, id and streams of a track; rtcstats writes a list, webrtc-internals an object."""
    if isinstance(value, Mapping):
        streams = value.get("streams")
        found = streams if isinstance(streams, list) else []
        return str(value.get("kind", "")), str(value.get("id", "")), [str(one) for one in found]
    kind, track = (str(one) for one in [*value, "", ""][:2])
    return kind, track, [str(one) for one in value[3:]]


def _configuration(value: Any) -> Configuration:
    found: Configuration = {}
    if not isinstance(value, Mapping):
        return found
    servers = value.get("iceServers")
    if isinstance(servers, list):
        found["iceServers"] = [_server(one) for one in servers if isinstance(one, Mapping)]
    for key in ("iceTransportPolicy", "bundlePolicy", "rtcpMuxPolicy"):
        if isinstance(value.get(key), str):
            found[key] = value[key]
    return found


def _server(value: Mapping[str, Any]) -> IceServer:
    urls = value.get("urls") or value.get("url") or []
    shown = [str(one) for one in urls] if isinstance(urls, list) else [str(urls)]
    return {
        "urls": shown,
        "username": MASKED if value.get("username") else None,
        "credential": MASKED if value.get("credential") else None,
    }


def _candidate(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = value.get("candidate")
    return str(value) if value else None


def _label(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("label", ""))
    if isinstance(value, list):
        labels = [one for one in value if isinstance(one, str)]
        return labels[0] if labels else ""
    return str(value or "")


def _words(value: Any) -> str:
    return str(value.get("message", value)) if isinstance(value, Mapping) else str(value or "")
