"""The client's side of one Realtime session, as a machine without clock, socket or thread."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from harness.errors import (
    EventOutOfOrder,
    MalformedEvent,
    ProtocolError,
    RequestRefused,
    RequestUnanswered,
    SessionClosed,
    SessionLost,
    SessionStateError,
)
from harness.realtime.history import History, history_of
from harness.realtime.ids import Ids
from harness.realtime.server_events import check_server_event, is_known
from harness.realtime.session_answers import Answers
from harness.realtime.session_commands import Commands
from harness.realtime.session_config import Settings
from harness.realtime.session_conversation import FollowedConversation
from harness.realtime.session_core import SessionCore, SessionLimits
from harness.realtime.session_news import News
from harness.realtime.session_outputs import (
    Answered,
    CancelTool,
    Notify,
    Output,
    RunTool,
    SendEvent,
    SetMicrophone,
    SetVolume,
)
from harness.realtime.session_resume import Restoration
from harness.realtime.session_settings import SessionSettings
from harness.realtime.session_snapshot import SessionSnapshot
from harness.realtime.session_tools import ToolCalls
from harness.realtime.session_updates import Updates
from harness.realtime.tools import Tool, tools_by_name
from harness.realtime.wire import Event, decode

__all__ = [
    "Answered",
    "CancelTool",
    "Notify",
    "Output",
    "RealtimeSession",
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
        self.answers = Answers(self.core)
        self._followed = FollowedConversation()
        named = tools_by_name(tools)
        self._tools = ToolCalls(self.core, self.answers, named, self._is_by_hand)
        self._updates = Updates(self.core, settings, [t.definition() for t in named.values()])
        self._news = News(self.core, self.answers, self._updates)
        self._restoration: Restoration | None = None
        self._history: History | None = None
        self._opening_id: str | None = None
        self._was_open = False
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
        self._followed = FollowedConversation()
        self._opening_id = self._updates.send_all()
        history, self._history = self._history, None
        self._restoration = None
        if history is not None:
            self._restore_now(history)
        self.core.send_held()
        self.answers.ask_held()

    def lose(self, reason: str, now_s: float) -> None:
        """The connection went, and may come back: whoever waits for an answer gets an error."""
        self.core.arrive(now_s)
        if self.core.state != "open":
            return
        self._end_connection(reason)
        if self.settings.auto_resume:
            self._history = self._own_history()
        self.core.state = "lost"
        self.core.notify("lost", reason=reason)

    def close(self, reason: str, now_s: float) -> None:
        """It is over, whichever side ended it. Closing again does nothing."""
        self.core.arrive(now_s)
        if self.core.state == "closed":
            return
        if self.core.state == "open":
            self._end_connection(reason)
        closed = SessionClosed(f"The session was closed: {reason}.", code="session_closed")
        self.core.give_up_requests(closed, also_held=True)
        self.answers.drop_held(closed)
        for call_id in self._tools.running:
            self.core.put(CancelTool(call_id))
        self.core.state = "closed"
        self.core.notify("closed", reason=reason)

    def peer_state_changed(self, state: str, now_s: float) -> None:
        """The peer connection's state, for people; `lose` and `close` are the shell's decision."""
        self._tell(now_s, "peer_state", state=state)

    def channel_state_changed(self, label: str, state: str, now_s: float) -> None:
        self._tell(now_s, "data_channel", label=label, state=state)

    def microphone_clicked(self, is_on: bool, now_s: float) -> None:
        """Somebody used the microphone button of the engine's own surface."""
        self.is_microphone_on = is_on
        self._tell(now_s, "microphone_clicked", is_on=is_on)

    def close_clicked(self, now_s: float) -> None:
        self._tell(now_s, "close_clicked")

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
        self.core.notify("realtime_event", direction="received", event=received)
        if self.core.state != "open":
            late = EventOutOfOrder("An event came while the channel was not open.")
            return self.core.report(late, received=received)
        self._apply(received)
        return None

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
            for event_id in self.core.overdue():
                self._give_up(event_id)
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
        conversation, playing = self._followed.conversation, self.answers.playing()
        is_idle = not self.answers.is_busy() and not self.answers.open_answers()
        running = tuple(self._tools.running)
        return SessionSnapshot(
            state=self.core.state,
            session_id=self._updates.session_id,
            expires_at=self._updates.expires_at,
            settings=self.settings,
            effective=copy.deepcopy(self._updates.effective),
            items=tuple(copy.deepcopy(item) for item in conversation),
            texts={i: text for i in conversation.item_ids if (text := self._followed.text_of(i))},
            speaking_item_id=self._news.speaking_item_id,
            active_response_id=self.answers.active_id,
            playing_response_id=playing.response_id if playing else None,
            is_turn_over=is_idle and not running and self._news.speaking_item_id is None,
            running_tools=running,
            pending_approvals=tuple(self._news.approvals),
            rate_limits=tuple(copy.deepcopy(self._news.rate_limits)),
            is_microphone_on=self.is_microphone_on,
            volume=self.volume,
            events_received=self._news.received,
            events_unknown=self._news.unknown,
            events_malformed=self._news.malformed,
        )

    def history(self) -> History:
        """The conversation so far, as it could be put into another session."""
        return history_of(self._followed, self._tools.running)

    def restore(self, history: History) -> None:
        """Put a history in front of the conversation; items that are there already stay.

        Raises:
            SessionClosed: the session is over.
        """
        self.core.refuse_if_closed()
        if self.core.state == "open":
            self._restore_now(history)
        else:
            self._history = history.followed_by(self._history)

    # --- inside ---

    def _apply(self, event: Event) -> None:
        if not is_known(event):
            return self._news.unknown_event(event)
        try:
            check_server_event(event)
        except MalformedEvent as error:
            self._news.malformed += 1
            return self.core.report(error, received=event)
        if event["type"] == "error":
            return self._refused(event)
        for problem in (
            self._followed.receive(event, self.core.now_s),
            self.answers.receive(event),
        ):
            if problem is not None:
                self.core.report(problem, received=event)
        self._updates.receive(event)
        self.core.answered_by(event)
        self._tools.receive(event)
        self._news.receive(event)
        self.answers.ask_held()
        if self._restoration is not None:
            self._restoration.receive(event)
        self._tell_if_ready()
        return None

    def _refused(self, event: Event) -> None:
        """The server's ``error`` event: about a request of ours, or about the whole."""
        error, event_id = _refusal(event["error"])
        self.core.report(error, event_id=event_id, received=event)
        if event_id is None:
            return
        is_part = self._restoration is not None and self._restoration.refused(event_id, error)
        if not self.answers.refused(event_id, error) and self.core.is_waiting(event_id):
            is_harmless = is_part or error.code == "response_cancel_not_active"
            self.core.settle(event_id, error=None if is_harmless else error)
        self.answers.ask_held()
        self._tell_if_ready()

    def _give_up(self, event_id: str) -> None:
        request = self.core.request(event_id) or {}
        error = RequestUnanswered(
            f"The server did not answer {request.get('type')} within "
            f"{self.core.limits.request_s:g} s.",
            code="request_unanswered",
        )
        self.core.report(error, event_id=event_id)
        self.core.settle(event_id, error=error)
        self.answers.give_up(event_id)
        if self._restoration is not None:
            self._restoration.refused(event_id, error)
        self._tell_if_ready()

    def _tell_if_ready(self) -> None:
        if self._opening_id is not None and not self.core.is_waiting(self._opening_id):
            self._opening_id = None
            facts = {"session_id": self._updates.session_id, "resumed": self._was_open}
            self._was_open = True
            self.core.notify("opened", **facts)
        if self._opening_id is None and self._restoration and self._restoration.is_done:
            done, self._restoration = self._restoration, None
            left_out = [{"item_id": left.item_id, "why": left.why} for left in done.left_out]
            self.core.notify("resumed", items=done.count, left_out=left_out)

    def _restore_now(self, history: History) -> None:
        known = set(self._followed.conversation.item_ids)
        self._restoration = Restoration(self.core, history, known)
        self._restoration.start()
        self._tell_if_ready()

    def _end_connection(self, reason: str) -> None:
        self._followed.cut_off(self.core.now_s)
        self.answers.lose_all(reason)
        self._news.connection_ended()
        lost = SessionLost(f"The connection was lost: {reason}.", code="session_lost")
        self.core.give_up_requests(lost, also_held=False)
        self._opening_id = None

    def _own_history(self) -> History:
        """What there is, and what was still being put back."""
        own = self.history()
        return self._restoration.unfinished().followed_by(own) if self._restoration else own

    def _is_by_hand(self, tool_name: str) -> bool:
        return any(raw.get("name") == tool_name for raw in self.settings.functions)

    def _tell(self, now_s: float, kind: str, **data: Any) -> None:
        self.core.arrive(now_s)
        if self.core.state != "closed":
            self.core.notify(kind, **data)


def _decoded(event: Mapping[str, Any] | str) -> Event:
    if isinstance(event, str):
        try:
            return decode(event)
        except ProtocolError as error:
            raise MalformedEvent(error.message, code=error.code, param=error.param) from error
    if not (isinstance(event, Mapping) and isinstance(event.get("type"), str)):
        raise MalformedEvent("An event needs a “type”.", code="invalid_event", param="type")
    return dict(event)


def _refusal(facts: dict[str, Any]) -> tuple[RequestRefused, str | None]:
    """The error as an exception with the protocol's code, and the request it is about."""

    def text(key: str) -> str | None:
        value = facts.get(key)
        return value if isinstance(value, str) and value else None

    message = text("message") or "The server reported an error without a message."
    error = RequestRefused(message, code=text("code") or text("type"), param=text("param"))
    return error, text("event_id")
