"""The real end of a call after its user hung up on the page, by what the page did."""

from __future__ import annotations

from harness.call.events import CallEvent


class CallEnd:
    """Follows the peer connections and microphones of a page, by the events of its call."""

    def __init__(self) -> None:
        self._up: set[str] = set()
        self._open: set[str] = set()
        self._was: tuple[bool, bool] | None = None

    def on_call_event(self, event: CallEvent) -> None:
        """What came, in order, from the start of the call."""
        if event.source != "page":
            return
        data = event.data
        if event.type == "peer_connection.state" and data.get("kind") == "connection":
            if data.get("state") == "connected":
                self._up.add(str(data["connection"]))
            elif data.get("state") in ("closed", "failed"):
                self._up.discard(str(data["connection"]))
        elif event.type == "peer_connection.closed":
            self._up.discard(str(data["connection"]))
        elif event.type == "microphone.started":
            self._open.add(str(data["microphone"]))
        elif event.type == "microphone.stopped":
            self._open.discard(str(data["microphone"]))
        elif event.type == "page.loaded" and data.get("is_top"):
            self._up.clear()
            self._open.clear()

    def user_hangs_up(self) -> None:
        """From here on the call has to end."""
        self._was = bool(self._up), bool(self._open)

    @property
    def has_ended(self) -> bool:
        """The last peer connection was closed, or the last microphone given back, or both."""
        if self._was is None:
            return False
        was_up, was_open = self._was
        return self.is_whole or (was_up and not self._up) or (was_open and not self._open)

    @property
    def is_whole(self) -> bool:
        """Nothing of the call is left."""
        return not self._up and not self._open

    @property
    def left(self) -> str:
        """What is left of the call, in words; "" for nothing."""
        connection = "its peer connection is still connected" if self._up else ""
        microphone = "it still has the microphone" if self._open else ""
        return " and ".join(part for part in (connection, microphone) if part)
