"""Voices on all that is heard, each source listened to for itself while sound may come of it."""

from __future__ import annotations

from collections.abc import Callable

from harness.line.audio import AudioFrames
from harness.speech.voice_activity import VoiceActivity, VoiceChange


class Voices:
    """Voice is heard while any source has some. Pure: knows no clock.

    A source is a connection of a document, ``frame/connection``; a page may make them for as long
    as it lives, so what is closed is let go.
    """

    def __init__(self, make_voice: Callable[[], VoiceActivity]) -> None:
        self._make_voice = make_voice
        self._voices: dict[str, VoiceActivity] = {}
        self._closed: set[str] = set()
        self._unloaded_s: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._voices)

    def hear(self, frames: AudioFrames) -> list[VoiceChange]:
        """The next samples of a source; where voice begins or ends by them on all together."""
        source = frames.source
        voice = self._voices.get(source)
        if voice is None:
            if source in self._closed or self._was_unloaded(frames):
                return []
            voice = self._voices[source] = self._make_voice()
        changes = voice.on_samples(frames.start_s, frames.samples)
        if source in self._closed and not voice.voiced:
            del self._voices[source]
        return [] if self._is_voiced_beside(source) else changes

    def forget(self, source: str, t_s: float, uncertainty_s: float = 0.0) -> VoiceChange | None:
        """No more is heard of a source from then on; whether voice ends by that."""
        voice = self._voices.pop(source, None)
        if voice is None or not voice.voiced or self._is_voiced_beside(source):
            return None
        return VoiceChange("stopped", t_s, uncertainty_s)

    def close(self, source: str) -> None:
        """A connection was closed: its voice goes on until its silence has been heard."""
        self._closed.add(source)
        voice = self._voices.get(source)
        if voice is not None and not voice.voiced:
            del self._voices[source]

    def unload(self, frame: str, heard_until_s: float, t_s: float) -> VoiceChange | None:
        """A document has gone, so its silence is not heard; whether voice ends by that.

        Args:
            frame: the document.
            heard_until_s: so far it was listened to.
            t_s: when it went; what it played before that and comes late is no voice any more.
        """
        self._unloaded_s[frame] = t_s
        ended = None
        for source in [source for source in self._voices if _frame_of(source) == frame]:
            doubt_s = max(0.0, t_s - heard_until_s)
            ended = self.forget(source, min(heard_until_s, t_s), doubt_s) or ended
        return ended

    def _was_unloaded(self, frames: AudioFrames) -> bool:
        """A document that comes back from the browser's cache is heard again."""
        return frames.start_s < self._unloaded_s.get(_frame_of(frames.source), float("-inf"))

    def _is_voiced_beside(self, source: str) -> bool:
        return any(voice.voiced for name, voice in self._voices.items() if name != source)


def _frame_of(source: str) -> str:
    return source.rpartition("/")[0]
