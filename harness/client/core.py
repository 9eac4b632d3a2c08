"""The working parts of a client, joined: session, connection, microphone, heard audio, log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harness.client.connection import Connection
from harness.client.heard import Heard
from harness.client.http_api import RealtimeHttpApi
from harness.client.keys import KeySource
from harness.client.logs import SessionLogs
from harness.client.microphone import Microphone
from harness.client.reconnect import ReconnectPolicy
from harness.client.secrets import ClientSecrets
from harness.client.session_runner import SessionRunner
from harness.client.signalling import Negotiation, Signalling, ThroughHost, WithSecret
from harness.clock import Clock
from harness.errors import (
    AlreadyConnected,
    ClosedWhileConnecting,
    ConnectInProgress,
    HarnessError,
    NotConnected,
    ServerRefused,
    StreamClosed,
)
from harness.peer.interface import PeerFactory, Samples, StateKind
from harness.realtime.client.events import ErrorTold
from harness.realtime.client.history import History
from harness.realtime.client.outputs import SessionEvent
from harness.realtime.client.session import RealtimeSession
from harness.realtime.client.settings import SessionSettings
from harness.realtime.client.tools import Tool
from harness.realtime.ids import Ids
from harness.redact import Masker
from harness.streams.event_stream import EventStream

KEPT_EVENTS = 100_000
"""More than an hour of conversation; a reader that missed older ones is told how many."""


@dataclass(frozen=True)
class ClientParts:
    """What a client is made of."""

    rest: RealtimeHttpApi
    keys: KeySource
    make_peer: PeerFactory
    clock: Clock
    unix_time_s: Callable[[], float]
    signalling: Signalling | None
    reconnect: ReconnectPolicy
    within_s: float
    log_folder: Path | None
    seed: int | None
    tools: tuple[Callable[..., Any] | Tool, ...] = field(default=())


class ClientCore:
    """One client's state. `RealtimeClient` is its face; its own methods are for its parts."""

    def __init__(self, parts: ClientParts, settings: SessionSettings) -> None:
        self.parts = parts
        self.events: EventStream[SessionEvent] = EventStream("events", KEPT_EVENTS, "drop_oldest")
        self.heard_audio = Heard(settings.volume)
        self.microphone = Microphone(self._microphone_switched, lambda: self.is_live)
        self.masker = Masker()
        self.logs = SessionLogs(parts.log_folder, self.masker, self.now_s, self.tell_error)
        self.secrets = ClientSecrets(
            self._mint, parts.unix_time_s, settings.secret_lifetime_s, self._hide
        )
        self.connection = Connection(
            self, parts.make_peer, self.microphone.pull, parts.reconnect, parts.within_s, parts.seed
        )
        self.is_closed = False
        self.ended_because: HarnessError | None = None
        self._began_s = parts.clock.now_s()
        self._ids = Ids(parts.seed)
        self._pending: History = History()
        self.over = asyncio.Event()
        self.over.set()
        self.runner = self._new_shell(settings)

    @property
    def session(self) -> RealtimeSession:
        """The session of the protocol."""
        return self.runner.session

    @property
    def is_live(self) -> bool:
        """A call is up, or on its way (again)."""
        return self.connection.state in ("connecting", "open", "reconnecting")

    # Begin and end

    async def connect(self) -> None:
        """See `RealtimeClient.connect`."""
        self.refuse_if_closed()
        if self.connection.state == "idle":
            self._begin()
        runner = self.runner
        try:
            await self.connection.connect()
        except (AlreadyConnected, ConnectInProgress):
            raise
        except BaseException as error:
            is_ours = isinstance(error, ClosedWhileConnecting)
            problem = error if isinstance(error, HarnessError) and not is_ours else None
            await self._end_session(runner, "the call did not come up", problem)
            raise

    async def disconnect(self, reason: str) -> None:
        """End the call; another may follow."""
        runner = self.runner
        if self.connection.state in ("open", "reconnecting"):
            self.peer_state("connection", "closed")
        await self.connection.close()
        await self._end_session(runner, reason, None)

    async def aclose(self) -> None:
        """End the call, and the streams: nothing follows."""
        self.is_closed = True
        await self.disconnect("closed by us")
        self.events.end()
        self.heard_audio.stream.end()

    async def reinitialise(self, settings: SessionSettings | None) -> None:
        """End the call and begin a new one that knows nothing of the old.

        Raises:
            ConnectInProgress: another call was begun meanwhile.
        """
        self.refuse_if_closed()
        await self.disconnect("reinitialised")
        if self.is_live:
            raise ConnectInProgress("Another call was begun meanwhile.")
        self.begin_anew(settings)
        await self.connect()

    def begin_anew(
        self,
        settings: SessionSettings | None,
        tools: Sequence[Callable[..., Any] | Tool] | None = None,
    ) -> None:
        """Let the next call know nothing of the one before.

        Args:
            settings, tools: of the new session; the same as before where absent.
        """
        settings = settings or self.session.settings
        if tools is not None:
            self.parts = replace(self.parts, tools=tuple(tools))
        self._pending = History()
        self.secrets.lifetime_s = settings.secret_lifetime_s
        self.heard_audio.volume = settings.volume
        self.runner = self._new_shell(settings)

    def refuse_if_closed(self) -> None:
        """Nothing, while the client is open.

        Raises:
            StreamClosed: the client is closed.
        """
        if self.is_closed:
            raise StreamClosed("The client is closed.", hint="make a new one")

    def live_shell(self) -> SessionRunner:
        """The runner for a command.

        Raises:
            NotConnected: there is no call for it.
            StreamClosed: the client is closed.
        """
        self.refuse_if_closed()
        if not self.is_live:
            raise NotConnected("There is no call.", hint="`connect` first") from self.ended_because
        return self.runner

    def restore(self, history: History) -> None:
        """Put a history in front of the conversation, of this call or the next."""
        self.refuse_if_closed()
        if self.is_live:
            self.runner.do(lambda session, _: session.restore(history))
        else:
            self._pending = history.followed_by(self._pending)

    def set_volume(self, volume: float) -> None:
        """Set the volume of what is heard: 0.0 is silent, 1.0 as it was sent.

        Raises:
            StreamClosed: the client is closed.
            SettingsError: outside 0.0 to 1.0.
        """
        self.refuse_if_closed()
        self.runner.do(lambda session, _: session.set_volume(volume))

    def _begin(self) -> None:
        self.over.clear()
        self.ended_because = None
        if self.runner.has_begun:
            self.runner = self._new_shell(self.session.settings)
        self.runner.has_begun = True
        if self._pending:
            self.runner.do(lambda session, _: session.restore(self._pending))

    def _new_shell(self, settings: SessionSettings) -> SessionRunner:
        now_s = self.now_s()
        session = RealtimeSession(settings, self.parts.tools, now_s, ids=self._ids)
        runner = SessionRunner(session, self, self)
        runner.do(lambda session, _: session.set_microphone(self.microphone.is_on))
        runner.do(lambda session, _: session.set_volume(self.heard_audio.volume))
        return runner

    async def _end_session(
        self, runner: SessionRunner, reason: str, problem: HarnessError | None
    ) -> None:
        if not runner.has_begun or runner.session.core.state == "closed":
            return
        if problem is not None:
            self.tell_error(problem)
        runner.do(lambda session, now_s: session.close(reason, now_s))
        if runner is self.runner:  # else somebody has begun another call by now
            self.ended_because = problem
            self.microphone.end()
            self.over.set()
        await runner.aclose(problem or NotConnected("The call is over.", found=reason))
        if runner is self.runner:
            await self.logs.aclose()

    # The connection asks and tells

    async def negotiation(self, is_again: bool) -> Negotiation:
        if self.parts.signalling is not None:
            return ThroughHost(self.parts.signalling)
        if is_again:
            self.secrets.forget()
        secret = await self.secrets.good(self.session.wire_settings())
        return WithSecret(self.parts.rest.calls_url, secret.value, self._post)

    async def _post(self, secret: str, offer: str) -> tuple[str, str | None]:
        try:
            return await self.parts.rest.call(secret, offer)
        except ServerRefused as error:
            if error.status != 401:
                raise
        # Expired meanwhile, or the server was started anew and does not know it.
        self.secrets.forget()
        fresh = await self.secrets.good(self.session.wire_settings())
        return await self.parts.rest.call(fresh.value, offer)

    async def _mint(self, session: Any, lifetime_s: int) -> dict[str, Any]:
        key = await self.parts.keys.key()
        self._hide(key)
        return await self.parts.rest.mint(key, session, lifetime_s)

    def _hide(self, secret: str) -> None:
        """A new set, since the log's thread may be reading the old one."""
        self.masker.known = {*self.masker.known, secret}

    def link_opened(self) -> None:
        self.heard_audio.new_connection()
        facts = {"url": self.parts.rest.base, "settings": self.session.wire_settings()}
        self.logs.begin({"started_unix_s": round(self.parts.unix_time_s(), 3), **facts})
        self.runner.open()

    def link_lost(self, error: HarnessError) -> None:
        self.runner.do(lambda session, now_s: session.lose(error.message, now_s))

    def attempt_failed(self, error: HarnessError) -> None:
        self.tell_error(error)

    async def gave_up(self, error: HarnessError) -> None:
        await self._end_session(self.runner, error.message, error)

    def peer_state(self, kind: StateKind, state: str) -> None:
        if kind == "connection":
            self.runner.do(lambda session, now_s: session.peer_state_changed(state, now_s))

    def channel_state(self, label: str, state: str) -> None:
        self.runner.do(lambda session, now_s: session.channel_state_changed(label, state, now_s))

    def received(self, data: str | bytes) -> None:
        # A binary message is no event; as text the session says what it is.
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        self.logs.note("received", text)
        self.runner.do(lambda session, now_s: session.receive_event(text, now_s))

    def on_samples(self, samples: Samples) -> None:
        self.heard_audio.on_samples(samples, self.now_s())

    # The session asks and tells

    def now_s(self) -> float:
        """Seconds since the client was made: the clock of its session, events and audio."""
        return self.parts.clock.now_s() - self._began_s

    def send_text(self, text: str) -> None:
        self.connection.link.send(text)
        self.logs.note("sent", text)

    def on_session_event(self, event: SessionEvent) -> None:
        self.events.push(event)
        if event.type == "opened":
            self._pending = History()
            opening = self.runner.opening
            self.connection.ready(opening.problem if opening else None)

    def microphone_wanted(self, is_on: bool) -> None:
        self.microphone.switch(is_on)

    def volume_wanted(self, volume: float) -> None:
        self.heard_audio.volume = volume

    def tell_error(self, error: HarnessError) -> None:
        """An error that is not the session's own."""
        told = ErrorTold(
            kind=type(error).__name__,
            code=getattr(error, "code", None),
            message=error.message,
            param=getattr(error, "param", None),
            event_id=None,
            is_race=False,
            error=error,
            received=None,
        )
        self.events.push(SessionEvent(told, self.now_s()))

    def _microphone_switched(self, is_on: bool) -> None:
        if self.session.core.state != "closed":
            self.runner.do(lambda session, _: session.set_microphone(is_on))
