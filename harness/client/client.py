"""A Realtime call for any program: no browser, no server of ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, overload

from harness.blocks import AsyncOnly
from harness.client.client_context import ClientContext
from harness.client.commands import Commands
from harness.client.connection import ConnectionState
from harness.client.core import ClientCore, ClientParts
from harness.client.heard import HeardAudio
from harness.client.history_file import load_history
from harness.client.http_api import RealtimeHttpApi
from harness.client.keys import KeyCallback, KeySource
from harness.client.microphone import Microphone
from harness.client.reconnect import ReconnectPolicy
from harness.client.secrets import ClientSecret
from harness.client.signalling import Signalling
from harness.client.wanted_events import Wanted, is_wanted, refuse_unknown, type_of
from harness.clock import Clock, MonotonicClock
from harness.context.context import Context, Row
from harness.context.threads.choice import AnyContext
from harness.facts.fact import Typed
from harness.paths import StrPath
from harness.peer.backends import DEFAULT_ENGINE, peer_factory
from harness.peer.interface import PeerFactory, StatsSnapshot
from harness.realtime.client.history import History
from harness.realtime.client.outputs import SessionEvent
from harness.realtime.client.settings import SessionSettings
from harness.realtime.client.snapshot import SessionSnapshot
from harness.realtime.client.tools import Tool
from harness.streams.event_stream import EventReader
from harness.streams.waiting import expect

CONNECT_WITHIN_S = 20.0

F = TypeVar("F", bound=Typed)


class RealtimeClient(Commands, AsyncOnly):
    """One Realtime call at a time, with reconnection, tools and an own microphone.

        async with RealtimeClient("openai", settings=SessionSettings(voice="cedar")) as client:
            await client.microphone.play("question.wav")
            async for event in client.events("answer_over"):
                print(event.data["text"])

    Entering the block connects; leaving it ends the call and everything it started. Commands
    return a `Request`: await it for the server's answer (a refusal is raised, with the protocol's
    code), or leave it (a refusal is then an “error” event). Not safe for several event loops.

    Args:
        url: the server's base address, or "openai" for the hosted service.
        api_key: the long-lived key; else ``key_callback`` is asked, else OPENAI_API_KEY. Where a
            ``signalling`` function is given, no key is needed.
        settings: what the session is asked to be.
        tools: typed callables that the model may call.
        engine: the WebRTC engine, by name or as a factory of your own.
        signalling: carries the SDP offer out and the answer in, in place of our own request.
        reconnect: how a lost connection is replaced; `reconnect.NEVER` leaves it lost.
        log_folder: where session logs go, one a connection; none where absent.
        connect_within_s: for each of negotiation and the session's begin.
        seed: makes ids and delays repeat.
        context: what each call knows from before and keeps for later: a context's YAML file, its
            definition, or a `ContextChoice`, which says where it is kept.
    """

    other = "harness.sync_api.RealtimeClient"

    def __init__(
        self,
        url: str = "openai",
        *,
        api_key: str | None = None,
        key_callback: KeyCallback | None = None,
        settings: SessionSettings | None = None,
        tools: Iterable[Callable[..., Any] | Tool] = (),
        engine: str | PeerFactory = DEFAULT_ENGINE,
        signalling: Signalling | None = None,
        reconnect: ReconnectPolicy | None = None,
        log_folder: StrPath | None = None,
        connect_within_s: float = CONNECT_WITHIN_S,
        clock: Clock | None = None,
        unix_time_s: Callable[[], float] = time.time,
        seed: int | None = None,
        context: AnyContext | None = None,
    ) -> None:
        parts = ClientParts(
            rest=RealtimeHttpApi(url),
            keys=KeySource(api_key, key_callback),
            make_peer=peer_factory(engine) if isinstance(engine, str) else engine,
            clock=clock or MonotonicClock(),
            unix_time_s=unix_time_s,
            signalling=signalling,
            reconnect=reconnect or ReconnectPolicy(),
            within_s=connect_within_s,
            log_folder=Path(log_folder) if log_folder is not None else None,
            seed=seed,
            tools=tuple(tools),
        )
        self._core = ClientCore(parts, settings or SessionSettings())
        self._context = ClientContext(self._core, context, connect_within_s)

    async def __aenter__(self) -> RealtimeClient:
        try:
            await self.connect()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    # --- the call ---

    async def connect(self) -> None:
        """Begin a call; returns when the session stands as the settings ask.

        Raises:
            AlreadyConnected, ConnectInProgress: a call is open, or being connected.
            ClosedWhileConnecting: `disconnect` or `aclose` was called meanwhile.
            KeyMissing, ServerError, PeerError: no key, no server, no connection.
            RequestRefused: the server refused the settings.
            ContextError: the context cannot be had, see `harness.context.errors`.
        """
        async with self._context.beginning():
            await self._core.connect()

    async def disconnect(self) -> None:
        """End the call. `connect` begins another, with the same settings and no history."""
        await self._core.disconnect("disconnected by us")
        await self._context.end()

    async def reinitialise(self, settings: SessionSettings | None = None) -> None:
        """End the call and begin a new one that knows nothing of the old; raises as `connect` does.

        Args:
            settings: of the new session; the same as before where absent.
        """
        if self._context.is_wanted:
            await self.disconnect()
            self._core.begin_anew(settings)
            await self.connect()
        else:
            await self._core.reinitialise(settings)

    async def aclose(self) -> None:
        """End the call and all streams. May be repeated.

        Raises:
            ContextError: something that was said could not be kept in the context.
        """
        try:
            await self._core.disconnect("closed by us")
            await self._context.end()
        finally:
            await self._core.aclose()

    async def wait_closed(self) -> None:
        """Return when the call is over.

        Raises:
            HarnessError: what ended it, where that was not our own side.
        """
        await self._core.over.wait()
        if self._core.ended_because is not None:
            raise self._core.ended_because

    @property
    def state(self) -> ConnectionState:
        """idle, connecting, open, reconnecting or closing."""
        return self._core.connection.state

    @property
    def call_id(self) -> str | None:
        """The server's name for the open call, where it gave one: for a sideband or hanging up."""
        return self._core.connection.call_id

    # --- news ---

    @overload
    def events(self, *wanted: str, from_start: bool = True) -> EventReader[SessionEvent]: ...

    @overload
    def events(self, *wanted: type[F], from_start: bool = True) -> EventReader[SessionEvent[F]]: ...

    def events(self, *wanted: Wanted, from_start: bool = True) -> EventReader[SessionEvent[Any]]:
        """Events for people as a stream of its own; see `harness.realtime.client.events`.

        Args:
            wanted: types, ``*`` and ``?`` allowed, or classes; all where absent.
            from_start: False leaves out what came before.

        Raises:
            UsageError: a type or a class that no event has.
        """
        for one in wanted:
            refuse_unknown(one)
        return self._core.events.reader(
            from_start=from_start, match=lambda event: is_wanted(event, wanted)
        )

    @overload
    async def expect(
        self, *wanted: str, within_s: float, from_start: bool = True
    ) -> SessionEvent: ...

    @overload
    async def expect(
        self, *wanted: type[F], within_s: float, from_start: bool = True
    ) -> SessionEvent[F]: ...

    async def expect(
        self, *wanted: Wanted, within_s: float, from_start: bool = True
    ) -> SessionEvent[Any]:
        """The first such event.

        Args:
            patterns: types, ``*`` and ``?`` allowed; any event where absent.
            within_s: how long to wait for one that has not come yet.
            from_start: False leaves out what came before.

        Raises:
            ExpectationFailed: none came in time; says what came instead.
            UsageError: a pattern that no event has.
        """
        for one in wanted:
            refuse_unknown(one)
        return await expect(
            self._core.events,
            lambda event: is_wanted(event, wanted),
            within_s,
            what=" or ".join(map(type_of, wanted)) or "an event",
            describe=lambda event: event.type,
            from_start=from_start,
        )

    def heard(self, from_start: bool = True) -> EventReader[HeardAudio]:
        """What is heard: 48 kHz mono float32, the volume applied.

        About the last two minutes are kept.

        Args:
            from_start: False leaves out what came before.
        """
        return self._core.heard_audio.stream.reader(from_start=from_start)

    def snapshot(self) -> SessionSnapshot:
        """The session as it is now: items, turn, tools, limits."""
        return self._core.session.snapshot()

    @property
    def settings(self) -> SessionSettings:
        """As asked for and accepted."""
        return self._core.session.settings

    @property
    def log_path(self) -> Path | None:
        """The session log being written, or the last one."""
        return self._core.logs.path

    async def stats(self) -> StatsSnapshot:
        """The connection's numbers.

        Raises:
            NotConnected: no call is open.
        """
        return await self._core.connection.link.stats()

    # --- microphone and volume ---

    @property
    def microphone(self) -> Microphone:
        """What is said: `play` clips, `feed` a live source, `on`, `off`, `toggle`."""
        return self._core.microphone

    @property
    def volume(self) -> float:
        """The gain on what is heard, 0 to 1."""
        return self._core.heard_audio.volume

    def set_volume(self, volume: float) -> None:
        """Change the gain on what is heard.

        Args:
            volume: 0.0 is silent, 1.0 is as it was sent.

        Raises:
            SettingsError: outside 0 to 1.
            StreamClosed: the client is closed.
        """
        self._core.set_volume(volume)

    # --- the context ---

    @property
    def context(self) -> Context | None:
        """As it stands in this call; None: this call has none."""
        return self._context.value

    async def type_text(self, text: str) -> None:
        """Write a message, as in a chat beside the call, and ask for an answer.

        Where the call has a context, it is an item of its thread.

        Raises:
            NotConnected: no call is open.
            ContextError: it cannot be kept; nothing was sent.
        """
        await self._context.type_text(text)

    async def attach(
        self, file: StrPath, *, mime_type: str | None = None, alone: bool = False
    ) -> None:
        """Attach a file to the next message that is written, see `type_text`.

        The file stands in the context's thread; the model is told its name, and sees a picture
        (PNG, JPEG) that fits into one event, about 180 KiB.

        Args:
            mime_type: what it is, as "application/pdf"; absent: as its name says.
            alone: True: it is a message of its own, and an answer is asked for.

        Raises:
            NotConnected: no call is open.
            UsageError: the call has no context.
            ContextError: it is missing, too large or not what it is said to be
                (`AttachmentError`), or it cannot be kept.
        """
        await self._context.attach(file, mime_type, alone)

    async def press(
        self, name: str, *, values: Mapping[str, Any] | None = None, within_s: float = 10
    ) -> None:
        """Press something in the newest widget of the thread that has it, and ask for an answer.

        Args:
            name: what it shows, whatever the case; or its id or key.
            values: what the user fills into the widget's fields, by their names.
            within_s: how long such a widget is waited for.

        Raises:
            NotConnected: no call is open.
            UsageError: the call has no context.
            ExpectationFailed: there is no such widget, or nobody can press it.
            ContextError: it cannot be kept; nothing was sent.
        """
        await self._context.press(name, values, within_s)

    async def thread_items(self) -> Sequence[Row]:
        """The context's thread, the oldest item first, in the shapes of ChatKit.

        Raises:
            NotConnected: no call is open.
            UsageError: the call has no context.
            ContextError: it cannot be read.
        """
        return await self._context.items()

    # --- resuming, and secrets for others ---

    def history(self) -> History:
        """The conversation so far, as it can be put into another session."""
        return self._core.session.history()

    def restore(self, history: History | StrPath) -> History:
        """Put a conversation in front of this one: before `connect` or during a call.

        Args:
            history: from `history`, or a session log, or a folder of them (the newest counts).

        Raises:
            HistoryError, ArtifactError: the log cannot be used.
        """
        found = history if isinstance(history, History) else load_history(history)
        self._core.restore(found)
        return found

    async def client_secret(self) -> ClientSecret:
        """A good ephemeral secret for these settings, for a page or another program.

        Raises:
            KeyMissing, ServerError: it could not be had.
        """
        return await self._core.secrets.good(self._core.session.wire_settings())
