"""One connection's events: in what order the parts of a session see them, and how it begins."""

from __future__ import annotations

from typing import Any

from harness.errors import (
    MalformedEvent,
    ProtocolError,
    RequestRefused,
    RequestUnanswered,
    SessionLost,
)
from harness.realtime.client.core import SessionCore
from harness.realtime.client.events import LeftOutItem, Opened, Resumed
from harness.realtime.client.followed_conversation import FollowedConversation
from harness.realtime.client.history import History, history_of
from harness.realtime.client.notices import News
from harness.realtime.client.responses import Responses
from harness.realtime.client.resume import Restoration
from harness.realtime.client.tool_calls import ToolCalls
from harness.realtime.client.updates import Updates
from harness.realtime.server_events import check_server_event, is_known
from harness.realtime.wire import Event


class Channel:
    """What happens between the opening of the events channel and its end, any number of times."""

    def __init__(
        self,
        core: SessionCore,
        answers: Responses,
        tools: ToolCalls,
        updates: Updates,
        news: News,
    ) -> None:
        self._core = core
        self._answers = answers
        self._tools = tools
        self._updates = updates
        self._news = news
        self._history: History | None = None
        """To be put back at the next opening."""

        self._restorations: list[Restoration] = []
        self._opening_id: str | None = None
        """The request whose answer makes the session ready."""

        self._was_open = False
        self.followed = FollowedConversation()

    # --- beginning and end ---

    def open(self) -> None:
        """Send the settings, then the history, then what was asked for before."""
        self.followed = FollowedConversation()
        self._opening_id = self._updates.send_all()
        history, self._history = self._history, None
        self._restorations = []
        if history is not None:
            self._put_in(history)
        self._core.send_held()
        self._answers.ask_held()

    def end(self, reason: str, keep_history: bool) -> None:
        """The connection went: nothing that is under way will be answered."""
        self.followed.cut_off(self._core.now_s)
        self._answers.lose_all(reason)
        if not keep_history:
            self._tools.abandon()
        self._news.connection_ended()
        lost = SessionLost(f"The connection was lost: {reason}.", code="session_lost")
        self._core.give_up_requests(lost, also_held=False)
        self._opening_id = None
        if keep_history:
            self._history = self.history()
            for restoration in self._restorations:
                self._history = restoration.unfinished().followed_by(self._history)

    def history(self) -> History:
        """The conversation so far, in a form that can be restored."""
        return history_of(self.followed, self._tools.running)

    def restore(self, history: History) -> None:
        """Put a history in now, or as soon as the channel is open."""
        if self._core.state == "open":
            self._put_in(history)
        else:
            self._history = history.followed_by(self._history)

    # --- events ---

    def on_server_event(self, event: Event) -> None:
        """One event of the server, whatever it is."""
        self._news.received += 1
        if not is_known(event):
            return self._news.unknown_event(event)
        try:
            check_server_event(event)
        except MalformedEvent as error:
            self._news.malformed += 1
            return self._core.report(error, received=event)
        if event["type"] == "error":
            return self._refused(event)
        disorder = self.followed.on_server_event(event, self._core.now_s)
        for problem in (disorder, self._answers.on_server_event(event)):
            if problem is not None:
                self._core.report(problem, received=event)
        self._updates.on_server_event(event)
        self._core.answered_by(event)
        self._tools.on_server_event(event)
        self._news.on_server_event(event)
        self._answers.ask_held()
        for restoration in self._restorations:
            restoration.on_server_event(event)
        self._tell_if_ready()
        return None

    def give_up_overdue(self) -> None:
        """Requests that the server did not answer in time are settled with an error."""
        for event_id in self._core.overdue():
            request = self._core.request(event_id) or {}
            if request.get("type") == "output_audio_buffer.clear":
                self._core.settle(event_id)  # nothing was playing any more
                continue
            error = RequestUnanswered(
                f"The server did not answer {request.get('type')} within "
                f"{self._core.limits.request_s:g} s.",
                code="request_unanswered",
            )
            self._give_up(event_id, error)

    def send_failed(self, event_id: str, error: ProtocolError) -> None:
        """This event did not leave: as if the server had refused it."""
        self._core.report(error, event_id=event_id)
        self._settle_refused(event_id, error)

    def _give_up(self, event_id: str, error: ProtocolError) -> None:
        self._core.report(error, event_id=event_id)
        if self._core.is_waiting(event_id):
            self._core.settle(event_id, error=error)
        self._answers.asking.give_up(event_id)
        self._is_put_back(event_id, error)
        self._tell_if_ready()

    def _refused(self, event: Event) -> None:
        """The server's ``error`` event: about a request of ours, or about the whole."""
        error, event_id = refusal(event["error"])
        self._core.report(error, event_id=event_id, received=event)
        if event_id is not None:
            self._settle_refused(event_id, error)

    def _settle_refused(self, event_id: str, error: ProtocolError) -> None:
        """Tell whoever waits for this request; what waited behind it goes on."""
        is_part = self._is_put_back(event_id, error)
        if not self._answers.refused(event_id, error) and self._core.is_waiting(event_id):
            is_harmless = is_part or error.code == "response_cancel_not_active"
            self._core.settle(event_id, error=None if is_harmless else error)
        self._answers.ask_held()
        self._tell_if_ready()

    def _put_in(self, history: History) -> None:
        known = set(self.followed.conversation.item_ids)
        restoration = Restoration(self._core, history, known)
        self._restorations.append(restoration)
        restoration.start()
        self._tell_if_ready()

    def _is_put_back(self, event_id: str, error: ProtocolError) -> bool:
        """Whether a refused request was one of a history's items; it is seen to then."""
        return any(restoration.refused(event_id, error) for restoration in self._restorations)

    def _tell_if_ready(self) -> None:
        if self._opening_id is not None and not self._core.is_waiting(self._opening_id):
            self._opening_id = None
            opened = Opened(self._updates.session_id, resumed=self._was_open)
            self._was_open = True
            self._core.notify(opened)
        if self._opening_id is not None:
            return
        for done in [restoration for restoration in self._restorations if restoration.is_done]:
            self._restorations.remove(done)
            left_out = [LeftOutItem(item_id=left.item_id, why=left.why) for left in done.left_out]
            self._core.notify(Resumed(done.count, left_out))


def refusal(facts: dict[str, Any]) -> tuple[RequestRefused, str | None]:
    """The error as an exception with the protocol's code, and the request it is about."""

    def text(key: str) -> str | None:
        value = facts.get(key)
        return value if isinstance(value, str) and value else None

    message = text("message") or "The server reported an error without a message."
    error = RequestRefused(message, code=text("code") or text("type"), param=text("param"))
    return error, text("event_id")
