"""A page's realms: their microphones, channels and connections that are open."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from harness.browser.page_clock import PageClock
from harness.browser.realm import Realm
from harness.errors import NoMicrophoneRequest
from harness.line.envelope import Envelope

UP = {"connected"}


@dataclass(eq=False)
class PageRealm:
    """One document of the page, as its envelopes tell."""

    name: str
    line: Realm
    window: str = ""
    """The page that it is in; a call may have several."""
    microphones: set[str] = field(default_factory=set)
    channels: dict[str, str] = field(default_factory=dict)
    """Label of each open data channel and WebSocket, by its id."""
    connected: set[str] = field(default_factory=set)
    """Peer connections that are up."""


class PageRealms:
    """Follows the envelopes and answers which realm can do what.

    Args:
        clock: places audio frames; told when a realm goes.
        on_call_lost: told the page when a document of it goes whose peer connection was up.
    """

    def __init__(self, clock: PageClock, on_call_lost: Callable[[str], None]) -> None:
        self.clock = clock
        self._on_call_lost = on_call_lost
        self._realms: dict[str, PageRealm] = {}
        self._requests: list[str] = []
        self.documents: Counter[str] = Counter()
        """How many documents each page itself (not its frames) has loaded so far."""
        self.given_back_s: float | None = None
        """When the page closed its last microphone, on the timeline; None while one is open."""
        self.on_new: Callable[[PageRealm], None] = lambda realm: None
        """Told each realm when its first envelope has come."""
        self._broken: BaseException | None = None
        self._changed = asyncio.Event()

    def receive(self, envelope: Envelope, find_line: Callable[[], Realm], window: str = "") -> None:
        """Take one envelope.

        Args:
            find_line: makes the line to a realm not known yet.
            window: the page that it came from.
        """
        realm = self._realms.get(envelope.frame_id)
        if realm is None:
            realm = PageRealm(envelope.frame_id, find_line(), window)
            self._realms[envelope.frame_id] = realm
            self.on_new(realm)
        if handler := _HANDLERS.get(envelope.type):
            handler(self, realm, envelope.data)
        if envelope.type in ("microphone.started", "microphone.stopped"):
            is_open = any(known.microphones for known in self._realms.values())
            t_s = self.clock.timeline.page_to_s(envelope.page_ms)
            self.given_back_s = None if is_open else t_s
        self._changed.set()

    def break_off(self, cause: BaseException) -> None:
        """Nothing more will come; whoever waits gets the cause."""
        self._broken = cause
        self._changed.set()

    def raise_if_broken(self) -> None:
        """Raise what broke the page, if something did."""
        if self._broken is not None:
            raise self._broken

    async def wait_changed(self) -> None:
        """Wait for the next envelope.

        Raises:
            BrowserError: the page is gone.
        """
        self.raise_if_broken()
        self._changed.clear()
        await self._changed.wait()
        self.raise_if_broken()

    async def call(self, realm: PageRealm, method: str, *arguments: Any) -> Any:
        """Call a method of a realm's control object (see web/probe/control.js).

        Raises:
            BrowserError: the page is gone, or goes while it is asked; a renderer that has died
                never answers, so its answer is not waited for alone.
        """
        self.raise_if_broken()
        asking = asyncio.ensure_future(realm.line.call(method, *arguments))
        breaking = asyncio.ensure_future(self._wait_broken())
        try:
            await asyncio.wait({asking, breaking}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                self.raise_if_broken()
            return await asking
        finally:
            asking.cancel()
            breaking.cancel()
            await asyncio.gather(asking, breaking, return_exceptions=True)

    async def _wait_broken(self) -> None:
        while self._broken is None:
            self._changed.clear()
            await self._changed.wait()

    def with_microphone(self) -> list[PageRealm]:
        """Realms that have a microphone open and whose audio clock is known."""
        return [
            realm
            for realm in self._realms.values()
            if realm.microphones and self.clock.knows(realm.name)
        ]

    def find(self, name: str) -> PageRealm | None:
        """The realm of that name, while it is there."""
        return self._realms.get(name)

    def all(self) -> list[PageRealm]:
        """Every realm that is there now."""
        return list(self._realms.values())

    def with_channel(self, label: str) -> list[PageRealm]:
        """Realms that have an open data channel or WebSocket of that label."""
        return [realm for realm in self._realms.values() if label in realm.channels.values()]

    def channel_labels(self) -> list[str]:
        """Labels of the open data channels and WebSockets of all realms, sorted."""
        return sorted(
            {label for realm in self._realms.values() for label in realm.channels.values()}
        )

    def describe_requests(self) -> str:
        """What the page did about microphones so far, in words."""
        if not self._realms:
            return "no document of the page was loaded"
        if not self._requests:
            return "the page never called getUserMedia"
        return "; ".join(self._requests[-3:])

    def no_microphone(self) -> NoMicrophoneRequest:
        """The error for whoever speaks while the page has no microphone open."""
        return NoMicrophoneRequest(
            "There is no open microphone to speak into.",
            expected="a page that has the microphone open",
            found=self.describe_requests(),
            hint="start the page's call first, for example with a click on its button; where it "
            "asks again and again, speak once it has the microphone",
        )

    def calling_windows(self) -> list[str]:
        """Pages with a microphone open and a connection that is up."""
        speaking = {realm.window for realm in self._realms.values() if realm.microphones}
        connected = {realm.window for realm in self._realms.values() if realm.connected}
        return sorted(speaking & connected)

    def connected_windows(self) -> list[str]:
        """Pages with a connection that is up."""
        return sorted({realm.window for realm in self._realms.values() if realm.connected})

    def lose_window(self, window: str) -> None:
        """A page is gone; it cannot say so itself."""
        for realm in [one for one in self._realms.values() if one.window == window]:
            self._unloaded(realm, {})
        self._changed.set()

    def close(self) -> None:
        """Close the probe links of all realms."""
        for realm in self._realms.values():
            realm.line.close()

    def _loaded(self, realm: PageRealm, data: dict[str, Any]) -> None:
        self.documents[realm.window] += data["is_top"]
        if data["is_top"]:  # another document: everything that was in the page before is gone
            for other in [one for one in self._realms.values() if one.window == realm.window]:
                if other is not realm:
                    self._unloaded(other, {})

    def _unloaded(self, realm: PageRealm, _data: dict[str, Any]) -> None:
        if self._realms.pop(realm.name, None) is None:
            return
        realm.line.close()
        self.clock.forget(realm.name)
        if realm.connected:
            self._on_call_lost(realm.window)

    def _requested(self, _realm: PageRealm, data: dict[str, Any]) -> None:
        asked = data["constraints"]
        kinds = [kind for kind in ("audio", "video") if asked.get(kind) not in (None, False)]
        self._requests.append(f"it asked for {' and '.join(kinds) or 'nothing'}")

    def _refused(self, _realm: PageRealm, data: dict[str, Any]) -> None:
        self._requests.append(f"it was refused: {data['name']} {data['reason']}".rstrip())

    def _microphone_started(self, realm: PageRealm, data: dict[str, Any]) -> None:
        realm.microphones.add(data["microphone"])

    def _microphone_stopped(self, realm: PageRealm, data: dict[str, Any]) -> None:
        realm.microphones.discard(data["microphone"])
        is_gone = data.get("ended", False)
        self._requests.append(
            "the microphone ended by itself" if is_gone else "it closed the microphone again"
        )

    def _channel_open(self, realm: PageRealm, data: dict[str, Any]) -> None:
        realm.channels[data["channel"]] = data["label"]

    def _channel_closed(self, realm: PageRealm, data: dict[str, Any]) -> None:
        realm.channels.pop(data["channel"], None)

    def _socket_open(self, realm: PageRealm, data: dict[str, Any]) -> None:
        realm.channels[data["socket"]] = data["label"]

    def _socket_closed(self, realm: PageRealm, data: dict[str, Any]) -> None:
        realm.channels.pop(data["socket"], None)

    def _connection_state(self, realm: PageRealm, data: dict[str, Any]) -> None:
        if data["kind"] == "connection" and data["state"] in UP:
            realm.connected.add(data["connection"])
        elif data["kind"] == "connection":
            realm.connected.discard(data["connection"])

    def _connection_closed(self, realm: PageRealm, data: dict[str, Any]) -> None:
        realm.connected.discard(data["connection"])


_HANDLERS: dict[str, Callable[[PageRealms, PageRealm, dict[str, Any]], None]] = {
    "page.loaded": PageRealms._loaded,
    "page.unloaded": PageRealms._unloaded,
    "user_media.requested": PageRealms._requested,
    "user_media.refused": PageRealms._refused,
    "microphone.started": PageRealms._microphone_started,
    "microphone.stopped": PageRealms._microphone_stopped,
    "data_channel.open": PageRealms._channel_open,
    "data_channel.closed": PageRealms._channel_closed,
    "web_socket.open": PageRealms._socket_open,
    "web_socket.closed": PageRealms._socket_closed,
    "peer_connection.state": PageRealms._connection_state,
    "peer_connection.closed": PageRealms._connection_closed,
}
