"""Use of the microphone by the page of a call, as the call's events tell.

Pages give their microphone back while a call goes on: to talk in turns, by push-to-talk, after one
question. Some never get one. What a microphone sends is then no clock any more.
"""

from __future__ import annotations

from harness.call.events import CallEvent
from harness.streams.event_stream import EventStream


class MicrophoneUse:
    """Follows one call's events.

    Args:
        events: of the call, from its start.
    """

    def __init__(self, events: EventStream[CallEvent]) -> None:
        self._events = events.reader(
            match=lambda e: e.source == "page" and e.type in ("page.loaded", *_MICROPHONE)
        )
        self._open: set[str] = set()
        self._was_open = False

    @property
    def is_given_back(self) -> bool:
        """A microphone was open in this call, or was refused to the page, and none is now.

        Engines without a page tell of no microphone: theirs is never given back.
        """
        for event in self._events.take_available():
            self._take(event)
        return self._was_open and not self._open

    def _take(self, event: CallEvent) -> None:
        if event.type == "page.loaded":
            if event.data.get("is_top"):
                self._open.clear()
        elif event.type == "user_media.refused":
            self._was_open = True
        elif event.type == "microphone.started":
            self._open.add(str(event.data["microphone"]))
            self._was_open = True
        else:
            self._open.discard(str(event.data["microphone"]))


_MICROPHONE = ("microphone.started", "microphone.stopped", "user_media.refused")
