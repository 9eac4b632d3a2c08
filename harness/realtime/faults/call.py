"""The faults of one call: armed as it opens or as an answer begins, between session and wire."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from harness.audio.clip import MonoFloat32
from harness.errors import ProtocolError
from harness.realtime.audio_formats import AudioDecoder, AudioEncoder
from harness.realtime.faults.audio import AudioFaults, Source
from harness.realtime.faults.events import EventFaults
from harness.realtime.faults.models import EventsStall
from harness.realtime.faults.models_call import ChannelCloses, IceFails, ServerCrash
from harness.realtime.faults.parse import AUDIO_FAULTS, EVENT_FAULTS
from harness.realtime.faults.triggers import EVERYTHING, Applied, Note, Scope, Triggers
from harness.realtime.wire import Event

ACTIONS = (ChannelCloses, IceFails, ServerCrash)
TIMED: tuple[type[Any], ...] = (*AUDIO_FAULTS, EventsStall, *ACTIONS)
AUDIO_DELTA = "response.output_audio.delta"


class CallFaults:
    """Decides what a call sends, plays and breaks. Times are handed in, in seconds.

    `open` first. Give every event of the session to `offer`, and every pull of its playback to
    `pull`; then, and at `next_s`, do what `take_actions` says and send what `take_due` gives.

    Args:
        faults: of the call, from its beginning.
        note: told what was done.
        most_bytes: the largest message that the connection takes.
    """

    def __init__(self, faults: Iterable[Any], note: Note, most_bytes: int = 16_000_000) -> None:
        self.faults = tuple(faults)
        self._note = note
        self._events = EventFaults(note, most_bytes)
        self._audio = AudioFaults()
        self._triggers = Triggers()
        self._actions: list[Any] = []
        self._held: list[Event] = []
        """Events with audio that wait for a stall to end."""
        self._format = ""
        self._set_format("audio/pcm")

    def open(self, now_s: float) -> None:
        """The session begins: the call's own faults are armed."""
        self._arm(self.faults, now_s, EVERYTHING)

    def begin(self, faults: Iterable[Any], response_id: str, now_s: float) -> None:
        """An answer begins whose rule has faults of its own."""
        self._arm(faults, now_s, Scope(response_id))

    def offer(self, event: Event, now_s: float) -> None:
        """The session's next event."""
        self._triggers.saw(event, now_s)
        self._advance(now_s)
        if event.get("type") == "response.created":
            self._set_format(event["response"]["audio"]["output"]["format"]["type"])
        if event.get("type") == AUDIO_DELTA:
            if self._audio.is_stalled:
                self._held.append(event)
                return
            event = self._changed_audio(event)
        self._events.offer(event, now_s)

    def pull(self, frames: int, source: Source, now_s: float) -> MonoFloat32:
        """The next samples to play, 24 kHz."""
        self._advance(now_s)
        return self._audio.pull(frames, source)

    def take_actions(self, now_s: float) -> list[Any]:
        """What is to be broken now: `ChannelCloses`, `IceFails`, `ServerCrash`."""
        self._advance(now_s)
        taken, self._actions = self._actions, []
        return taken

    def take_due(self, now_s: float) -> list[str]:
        """The messages to be sent now, in order."""
        self._advance(now_s)
        return self._events.take_due(now_s)

    def next_s(self) -> float | None:
        """When there is something to do at the latest; None: only with an event."""
        times = [self._triggers.next_s(), self._events.next_s()]
        return min((time_s for time_s in times if time_s is not None), default=None)

    def _set_format(self, kind: str) -> None:
        """How the audio in the next answer's events is written."""
        if kind != self._format:
            self._format = kind
            self._decoder, self._encoder = AudioDecoder(), AudioEncoder(kind)

    def _arm(self, faults: Iterable[Any], now_s: float, scope: Scope) -> None:
        chosen = list(faults)
        self._events.arm((one for one in chosen if isinstance(one, EVENT_FAULTS)), scope)
        self._triggers.arm((one for one in chosen if isinstance(one, TIMED)), now_s, scope)
        self._advance(now_s)

    def _advance(self, now_s: float) -> None:
        begun, ended = self._triggers.take_begun(now_s), self._triggers.take_ended(now_s)
        if not begun and not ended:
            return
        for fault in begun:
            self._did(fault, _BEGINS[fault.name], now_s)
            if isinstance(fault, ACTIONS):
                self._actions.append(fault)
        for fault in ended:
            if not isinstance(fault, ACTIONS):
                self._did(fault, "over", now_s)
        active = self._triggers.active()
        self._audio.set_active([one for one in active if isinstance(one, AUDIO_FAULTS)])
        if any(isinstance(one, EventsStall) for one in active):
            self._events.stall()
        else:
            self._events.go_on()
        self._release_audio(now_s)

    def _release_audio(self, now_s: float) -> None:
        if not self._audio.is_stalled:
            held, self._held = self._held, []
            for event in held:
                self._events.offer(self._changed_audio(event), now_s)

    def _changed_audio(self, event: Event) -> Event:
        """An event with audio in it, as the faults that are on leave it."""
        if not self._audio.is_on:
            return event
        try:
            samples = self._decoder.decode(str(event.get("delta")), self._format, "delta")
        except ProtocolError:
            return event
        return {**event, "delta": self._encoder.encode(self._audio.change(samples))}

    def _did(self, fault: Any, detail: str, now_s: float) -> None:
        self._note(Applied(fault.name, detail, now_s))


_BEGINS = {
    "channel_closes": "the server closes the data channel",
    "ice_fails": "no packet passes from now on",
    "server_crash": "the server's process ends",
    "events_stall": "events are held back",
    "audio_stalls": "the answer's audio is held back",
    "audio_silence": "silence instead of the answer's audio",
    "audio_clicks": "clicks in the answer's audio",
    "audio_gaps": "holes in the answer's audio",
    "audio_half_speed": "the answer's audio is slowed down",
}
