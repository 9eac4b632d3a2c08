"""One call of GPT-Live: over a peer connection, or over its primary WebSocket."""

from __future__ import annotations

from typing import ClassVar, cast

from harness.errors import ProtocolError
from harness.live.session import LiveSession, Reason
from harness.live.state import OURS, error_details
from harness.realtime.ids import Ids
from harness.realtime.wire import Event
from harness.server.calls.call_runner import CallRunner
from harness.server.calls.webrtc_call import Call
from harness.server.calls.websocket_call import WebSocketCall

AUDIO = ("session.output_audio.delta", "session.input_audio.append")
"""Never on a data channel: media are on the connection."""

HUNG_UP = "hung up"
_REASONS: dict[str, Reason] = {
    HUNG_UP: "close_requested",
    "the client closed its data channel": "remote_hangup",
    "the client closed its WebSocket": "remote_hangup",
}
"""Why a call is over that its session did not end; any other has lost its connection."""


class _LiveRunner(CallRunner):
    """Both transports: what is said last, and what a second controller may do."""

    _is_ending = False

    @property
    def live(self) -> LiveSession:
        """The session."""
        return cast("LiveSession", self._session)

    def error_event(self, code: str, message: str, kind: str = "invalid_request_error") -> Event:
        """An ``error`` event that the session has not made; its code says that it is ours."""
        error = error_details(ProtocolError(message, code=f"{OURS}{code}"), kind=kind)
        return {"type": "error", "event_id": Ids().event(), "error": error}

    def receive_beside(self, text: str) -> bool:
        """A message of a second controller; before the session has started it is too early."""
        if not self.is_open:
            return False
        if self.ended_because is None:
            self.events_received += 1
            with self.input_now() as now_s:
                self.live.receive_beside(text, now_s)
        return True

    def end(self, reason: str, message: str = "") -> None:
        """The call is over; a session that did not end itself says why, to whoever hears it."""
        if self.ended_because is None and self.is_open and not self._is_ending:
            self._is_ending = True
            with self.input_now() as now_s:
                self.live.finish(_REASONS.get(reason, "connection_lost"), now_s)
        super().end(reason, message)


class LiveCall(_LiveRunner, Call):
    """One session over WebRTC. The data channel gets what its permissions let through."""

    def deliver(self, event: Event) -> None:
        """To all beside the client, and to the client itself what may go over its channel."""
        is_audio = event["type"] in AUDIO
        if not is_audio and self.live.permissions.may_receive(event):
            super().deliver(event)
        elif self.ended_because is None:
            for watcher in list(self.watchers):
                watcher(event)


class LiveSocketCall(_LiveRunner, WebSocketCall):
    """One session on its primary WebSocket."""

    append_kind: ClassVar[str] = "session.input_audio.append"
