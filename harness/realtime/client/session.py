"""The client's side of one Realtime session, as a machine without clock, socket or thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harness.errors import (
    EventOutOfOrder,
    MalformedEvent,
    ProtocolError,
    SessionClosed,
    SessionStateError,
)
from harness.realtime.client.channel import Channel
from harness.realtime.client.commands import Commands
from harness.realtime.client.core import SessionCore, SessionLimits
from harness.realtime.client.events import (
    ChannelState,
    CloseClicked,
    Closed,
    ConnectionLost,
    MicrophoneClicked,
    PeerState,
    RealtimeEvent,
    SessionFact,
)
from harness.realtime.client.history import History
from harness.realtime.client.notices import News
from harness.realtime.client.outputs import (
    CancelTool,
    Notify,
    Output,
    RequestCompleted,
    RunTool,
    SendEvent,
    SetMicrophone,
    SetVolume,
)
from harness.realtime.client.responses import Responses
from harness.realtime.client.settings import SessionSettings
from harness.realtime.client.snapshot import SessionSnapshot, snapshot_of
from harness.realtime.client.tool_calls import ToolCalls
from harness.realtime.client.tools import Tool, tools_by_name
from harness.realtime.client.updates import Updates
from harness.realtime.ids import Ids
from harness.realtime.session_object import Settings
from harness.realtime.wire import Event, decode

__all__ = [
    "CancelTool",
    "Notify",
    "Output",
    "RealtimeSession",
    "RequestCompleted",
    "RunTool",
    "SendEvent",
    "SetMicrophone",
    "SetVolume",
]


class RealtimeSession(Commands):
    """Takes events, results and "now"; hands out things to do and "wake me at".

    The rule: the shell calls `open` when the events channel is open, `lose` when the connection
    went and may come back (then `open` again), `close` when it is over. After every call it
    drains `take_outputs` and does what they say, in order; it calls `advance` at the latest at
    `wake_at_s`. ``now_s`` is any monotonic clock, the same in all calls; a clock that goes back
    stands still here. Nothing that the server sends raises: it is kept, told of as an ``error``
    event for people, and survived. Not safe for use from several threads at once.

    The first thing sent is the session's settings, then a history where there is one, then what
    was asked for before. With ``settings.auto_resume`` a session that was lost puts its own
    conversation back by itself.

    Args:
        settings: what the session is asked to be.
        tools: typed callables, or `Tool`s, that the model may call.
        now_s: now.
        ids: where identifiers come from; seeded, a run repeats its own.
        limits: how long to wait for what must come.

    Raises:
        ToolSignatureError: a callable that cannot be a tool.
    """

    def __init__(
        self,
        settings: SessionSettings | None = None,
        tools: Iterable[Callable[..., Any] | Tool] = (),
        now_s: float = 0.0,
        *,
        ids: Ids | None = None,
        limits: SessionLimits | None = None,
    ) -> None:
        settings = settings or SessionSettings()
        self.core = SessionCore(ids or Ids(), limits or SessionLimits(), now_s)
        self.answers = Responses(self.core)
        named = tools_by_name(tools)
        self._tools = ToolCalls(self.core, self.answers, named, self._is_by_hand)
        self._updates = Updates(self.core, settings, [t.definition() for t in named.values()])
        self._news = News(self.core, self.answers, self._updates)
        self._channel = Channel(self.core, self.answers, self._tools, self._updates, self._news)
        self.is_microphone_on = True
        self.volume = settings.volume

    # --- settings ---

    @property
    def settings(self) -> SessionSettings:
        """As asked for; those of an update count once the server accepted them."""
        return self._updates.settings

    def wire_settings(self) -> Settings:
        """The session object to start with: for minting a secret, or as the body of a call."""
        return self._updates.starting()

    def update(self, changes: SessionSettings | Mapping[str, Any]) -> str:
        """Change the running session.

        Args:
            changes: all settings, or a part of the session object as on the wire.
        """
        self.core.refuse_if_closed()
        if isinstance(changes, SessionSettings):
            self.set_volume(changes.volume)
        return self._updates.update(changes)

    # --- the connection, as the shell sees it ---

    def open(self, now_s: float) -> None:
        """The events channel is open, for the first time or again.

        Raises:
            SessionStateError: it is open already.
            SessionClosed: the session is over.
        """
        self.core.arrive(now_s)
        self.core.refuse_if_closed()
        if self.core.state == "open":
            raise SessionStateError("The session is open already.", code="session_open")
        self.core.state = "open"
        if not self.is_microphone_on:
            self.core.put(SetMicrophone(False))
        if self.volume != 1.0:
            self.core.put(SetVolume(self.volume))
        self._channel.open()

    def lose(self, reason: str, now_s: float) -> None:
        """The connection went, and may come back: whoever waits for an answer gets an error."""
        self.core.arrive(now_s)
        if self.core.state != "open":
            return
        self._channel.end(reason, keep_history=self.settings.auto_resume)
        self.core.state = "lost"
        self.core.notify(ConnectionLost(reason))

    def close(self, reason: str, now_s: float) -> None:
        """It is over, whichever side ended it. Closing again does nothing."""
        self.core.arrive(now_s)
        if self.core.state == "closed":
            return
        if self.core.state == "open":
            self._channel.end(reason, keep_history=False)
        closed = SessionClosed(f"The session was closed: {reason}.", code="session_closed")
        self.core.give_up_requests(closed, also_held=True)
        self.answers.asking.drop_held(closed)
        self._tools.abandon()
        self.core.state = "closed"
        self.core.notify(Closed(reason))

    def peer_state_changed(self, state: str, now_s: float) -> None:
        """The peer connection's state, for people; `lose` and `close` are the shell's decision."""
        self._tell(now_s, PeerState(state))

    def channel_state_changed(self, label: str, state: str, now_s: float) -> None:
        """A data channel opened or closed, the protocol's own or another."""
        self._tell(now_s, ChannelState(label, state))

    def microphone_clicked(self, is_on: bool, now_s: float) -> None:
        """Somebody used the microphone button of the engine's own surface."""
        self.is_microphone_on = is_on
        self._tell(now_s, MicrophoneClicked(is_on))

    def close_clicked(self, now_s: float) -> None:
        """Somebody used the close button of the engine's own surface."""
        self._tell(now_s, CloseClicked())

    # --- events, results, time ---

    def receive_event(self, event: Mapping[str, Any] | str, now_s: float) -> None:
        """One message of the events channel, as text or decoded."""
        self.core.arrive(now_s)
        if self.core.state == "closed":
            return None
        try:
            received = _decoded(event)
        except ProtocolError as error:
            self._news.malformed += 1
            return self.core.report(error, received=event)
        self.core.notify(RealtimeEvent("received", received))
        if self.core.state != "open":
            late = EventOutOfOrder("An event came while the channel was not open.")
            return self.core.report(late, received=received)
        self._channel.on_server_event(received)
        return None

    def send_failed(self, event_id: str, error: ProtocolError, now_s: float) -> None:
        """The shell could not send this event; whoever waits for its answer gets the error.

        An item of a history that is being put back is left out, as one that the server refuses.
        """
        self.core.arrive(now_s)
        self._channel.send_failed(event_id, error)

    def tool_finished(
        self,
        call_id: str,
        output: object = None,
        error: BaseException | str | None = None,
        *,
        now_s: float,
    ) -> None:
        """A tool gave its result, or failed. One that comes too late changes nothing.

        Raises:
            ToolRefused: there is no such call.
            SessionClosed: the session is over.
        """
        self.core.arrive(now_s)
        self.core.refuse_if_closed()
        self._tools.finished(call_id, output, error)

    def advance(self, now_s: float) -> None:
        """Time passed."""
        self.core.arrive(now_s)
        if self.core.state == "closed":
            return
        self._tools.advance()
        if self.core.state == "open":
            self.answers.advance()
            self._channel.give_up_overdue()
            self.answers.ask_held()

    def wake_at_s(self) -> float | None:
        """When `advance` is needed at the latest; None: nothing is waited for."""
        if self.core.state == "closed":
            return None
        times = [self._tools.wake_at_s()]
        if self.core.state == "open":
            times += [self.answers.wake_at_s(), self.core.wake_at_s()]
        return min((time_s for time_s in times if time_s is not None), default=None)

    def take_outputs(self) -> list[Output]:
        """Everything to be done since the last call, in order."""
        return self.core.take_outputs()

    # --- state and history ---

    def snapshot(self) -> SessionSnapshot:
        """The session as it is now."""
        return snapshot_of(
            self.core,
            self.answers,
            self._tools,
            self._updates,
            self._news,
            self._channel.followed,
            is_microphone_on=self.is_microphone_on,
            volume=self.volume,
        )

    def history(self) -> History:
        """The conversation so far, as it could be put into another session."""
        return self._channel.history()

    def restore(self, history: History) -> None:
        """Put a history in front of the conversation; items that are there already stay.

        Raises:
            SessionClosed: the session is over.
        """
        self.core.refuse_if_closed()
        self._channel.restore(history)

    # --- inside ---

    def _is_by_hand(self, tool_name: str) -> bool:
        return any(raw.get("name") == tool_name for raw in self.settings.functions)

    def _tell(self, now_s: float, fact: SessionFact) -> None:
        self.core.arrive(now_s)
        if self.core.state != "closed":
            self.core.notify(fact)


def _decoded(event: Mapping[str, Any] | str) -> Event:
    if isinstance(event, str):
        try:
            return decode(event)
        except ProtocolError as error:
            raise MalformedEvent(error.message, code=error.code, param=error.param) from error
    if not (isinstance(event, Mapping) and isinstance(event.get("type"), str)):
        raise MalformedEvent("An event needs a “type”.", code="invalid_event", param="type")
    return dict(event)
