"""A Realtime client, each command waited for.

Written by `python -m harness.sync_api.generate`: do not edit.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast, overload

from harness.blocks import SyncOnly
from harness.client.client import CONNECT_WITHIN_S
from harness.client.client import RealtimeClient as _RealtimeClient
from harness.peer.backends import DEFAULT_ENGINE
from harness.sync_api.loop import running
from harness.sync_api.parts import Commands, Microphone
from harness.sync_api.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from harness.client.client import F
    from harness.client.connection import ConnectionState
    from harness.client.keys import KeyCallback
    from harness.client.reconnect import ReconnectPolicy
    from harness.client.secrets import ClientSecret
    from harness.client.signalling import Signalling
    from harness.client.wanted_events import Wanted
    from harness.clock import Clock
    from harness.context.context import Context, Row
    from harness.context.threads.choice import AnyContext
    from harness.paths import StrPath
    from harness.peer.interface import PeerFactory, StatsSnapshot
    from harness.realtime.client.history import History
    from harness.realtime.client.outputs import SessionEvent
    from harness.realtime.client.settings import SessionSettings
    from harness.realtime.client.snapshot import SessionSnapshot
    from harness.realtime.client.tools import Tool


class RealtimeClient(Commands, SyncOnly):
    """One Realtime call at a time, with reconnection, tools and an own microphone.

        with RealtimeClient("openai", settings=SessionSettings(voice="cedar")) as client:
            client.microphone.play("question.wav")
            for event in client.events("answer_over"):
                print(event.data["text"])

    Entering the block connects; leaving it ends the call and everything it started. Commands
    return a `Request`: `wait` for the server's answer (a refusal is raised, with the protocol's
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

    other = "harness.RealtimeClient"

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
        self._make = lambda: _RealtimeClient(
            url,
            api_key=api_key,
            key_callback=key_callback,
            settings=settings,
            tools=tools,
            engine=engine,
            signalling=signalling,
            reconnect=reconnect,
            log_folder=log_folder,
            connect_within_s=connect_within_s,
            clock=clock,
            unix_time_s=unix_time_s,
            seed=seed,
            context=context,
        )
        self._stack = ExitStack()

    def __enter__(self) -> RealtimeClient:
        with ExitStack() as stack:
            self._runner = stack.enter_context(running())
            made = self._runner.read(self._make)
            block = self._runner.within(made)
            self._wrapped: _RealtimeClient = stack.enter_context(block)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, traceback)

    def connect(self) -> None:
        """Begin a call; returns when the session stands as the settings ask.

        Raises:
            AlreadyConnected, ConnectInProgress: a call is open, or being connected.
            ClosedWhileConnecting: `disconnect` or `aclose` was called meanwhile.
            KeyMissing, ServerError, PeerError: no key, no server, no connection.
            RequestRefused: the server refused the settings.
            ContextError: the context cannot be had, see `harness.context.errors`.
        """
        self._runner.run(self._wrapped.connect())

    def disconnect(self) -> None:
        """End the call. `connect` begins another, with the same settings and no history."""
        self._runner.run(self._wrapped.disconnect())

    def reinitialise(self, settings: SessionSettings | None = None) -> None:
        """End the call and begin a new one that knows nothing of the old; raises as `connect` does.

        Args:
            settings: of the new session; the same as before where absent.
        """
        self._runner.run(self._wrapped.reinitialise(settings))

    def aclose(self) -> None:
        """End the call and all streams. May be repeated.

        Raises:
            ContextError: something that was said could not be kept in the context.
        """
        self._runner.run(self._wrapped.aclose())

    def wait_closed(self) -> None:
        """Return when the call is over.

        Raises:
            HarnessError: what ended it, where that was not our own side.
        """
        self._runner.run(self._wrapped.wait_closed())

    @property
    def state(self) -> ConnectionState:
        """idle, connecting, open, reconnecting or closing."""
        return self._runner.read(lambda: self._wrapped.state)

    @property
    def call_id(self) -> str | None:
        """The server's name for the open call, where it gave one: for a sideband or hanging up."""
        return self._runner.read(lambda: self._wrapped.call_id)

    @overload
    def events(self, *wanted: str, from_start: bool = True) -> Reader[SessionEvent]: ...

    @overload
    def events(self, *wanted: type[F], from_start: bool = True) -> Reader[SessionEvent[F]]: ...

    def events(self, *wanted: Wanted, from_start: bool = True) -> Reader[SessionEvent[Any]]:
        """Events for people as a stream of its own; see `harness.realtime.client.events`.

        Args:
            wanted: types, ``*`` and ``?`` allowed, or classes; all where absent.
            from_start: False leaves out what came before.

        Raises:
            UsageError: a type or a class that no event has.
        """
        return Reader(
            self._runner.read(
                lambda: cast("Any", self._wrapped).events(*wanted, from_start=from_start)
            ),
            self._runner,
        )

    @overload
    def expect(self, *wanted: str, within_s: float, from_start: bool = True) -> SessionEvent: ...

    @overload
    def expect(
        self, *wanted: type[F], within_s: float, from_start: bool = True
    ) -> SessionEvent[F]: ...

    def expect(
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
        return self._runner.run(
            cast("Any", self._wrapped).expect(*wanted, within_s=within_s, from_start=from_start)
        )

    def snapshot(self) -> SessionSnapshot:
        """The session as it is now: items, turn, tools, limits."""
        return self._runner.read(lambda: self._wrapped.snapshot())

    @property
    def settings(self) -> SessionSettings:
        """As asked for and accepted."""
        return self._runner.read(lambda: self._wrapped.settings)

    @property
    def log_path(self) -> Path | None:
        """The session log being written, or the last one."""
        return self._runner.read(lambda: self._wrapped.log_path)

    def stats(self) -> StatsSnapshot:
        """The connection's numbers.

        Raises:
            NotConnected: no call is open.
        """
        return self._runner.run(self._wrapped.stats())

    @property
    def microphone(self) -> Microphone:
        """What is said: `play` clips, `feed` a live source, `on`, `off`, `toggle`."""
        return Microphone(self._runner.read(lambda: self._wrapped.microphone), self._runner)

    @property
    def volume(self) -> float:
        """The gain on what is heard, 0 to 1."""
        return self._runner.read(lambda: self._wrapped.volume)

    def set_volume(self, volume: float) -> None:
        """Change the gain on what is heard.

        Args:
            volume: 0.0 is silent, 1.0 is as it was sent.

        Raises:
            SettingsError: outside 0 to 1.
            StreamClosed: the client is closed.
        """
        self._runner.read(lambda: self._wrapped.set_volume(volume))

    @property
    def context(self) -> Context | None:
        """As it stands in this call; None: this call has none."""
        return self._runner.read(lambda: self._wrapped.context)

    def type_text(self, text: str) -> None:
        """Write a message, as in a chat beside the call, and ask for an answer.

        Where the call has a context, it is an item of its thread.

        Raises:
            NotConnected: no call is open.
            ContextError: it cannot be kept; nothing was sent.
        """
        self._runner.run(self._wrapped.type_text(text))

    def attach(self, file: StrPath, *, mime_type: str | None = None, alone: bool = False) -> None:
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
        self._runner.run(self._wrapped.attach(file, mime_type=mime_type, alone=alone))

    def press(
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
        self._runner.run(self._wrapped.press(name, values=values, within_s=within_s))

    def thread_items(self) -> Sequence[Row]:
        """The context's thread, the oldest item first, in the shapes of ChatKit.

        Raises:
            NotConnected: no call is open.
            UsageError: the call has no context.
            ContextError: it cannot be read.
        """
        return self._runner.run(self._wrapped.thread_items())

    def history(self) -> History:
        """The conversation so far, as it can be put into another session."""
        return self._runner.read(lambda: self._wrapped.history())

    def restore(self, history: History | StrPath) -> History:
        """Put a conversation in front of this one: before `connect` or during a call.

        Args:
            history: from `history`, or a session log, or a folder of them (the newest counts).

        Raises:
            HistoryError, ArtifactError: the log cannot be used.
        """
        return self._runner.read(lambda: self._wrapped.restore(history))

    def client_secret(self) -> ClientSecret:
        """A good ephemeral secret for these settings, for a page or another program.

        Raises:
            KeyMissing, ServerError: it could not be had.
        """
        return self._runner.run(self._wrapped.client_secret())
