"""Audio frames of several page realms on the one timeline.

Each frame (the web page's kind) that makes or hears audio has an AudioContext of its own, which
counts frames from its own zero. The first to be anchored is the master; the others are placed
once, by page time, and stay exact within themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.timeline import Timeline


@dataclass
class _RealmClock:
    sample_rate_hz: float
    offset_s: float
    """Added to audio seconds of the realm gives audio seconds of the master."""


@dataclass
class PageClock:
    """Maps (realm, frame) to seconds on the timeline and back."""

    timeline: Timeline
    _realms: dict[str, _RealmClock] = field(default_factory=dict)
    _master: str | None = None

    def anchor(
        self, realm: str, frame: int, page_ms: float, sample_rate_hz: float, uncertainty_s: float
    ) -> None:
        """Frame ``frame`` of the realm's audio was rendered at ``page_ms``, give or take."""
        clock = self._realms.get(realm)
        if clock is None:
            clock = self._place(realm, frame, page_ms, sample_rate_hz)
        if self._master is None:
            self._master = realm
        if realm == self._master:
            master_frame = frame + clock.offset_s * sample_rate_hz
            self.timeline.anchor(master_frame, page_ms, round(sample_rate_hz), uncertainty_s)

    def knows(self, realm: str) -> bool:
        """Whether the realm's audio is anchored yet."""
        return realm in self._realms

    def forget(self, realm: str) -> None:
        """The realm is gone; the next one that is anchored drives the timeline."""
        if realm == self._master:
            self._master = None

    def frame_to_s(self, realm: str, frame: float) -> float:
        """Seconds on the timeline of an audio frame of a known realm."""
        clock = self._realms[realm]
        master_s = frame / clock.sample_rate_hz + clock.offset_s
        return self.timeline.frame_to_s(master_s * 48_000, 48_000)

    def s_to_frame(self, realm: str, t_s: float) -> int:
        """The audio frame of a known realm at ``t_s`` on the timeline."""
        clock = self._realms[realm]
        master_s = self.timeline.s_to_frame(t_s, 48_000) / 48_000
        return round((master_s - clock.offset_s) * clock.sample_rate_hz)

    def _place(self, realm: str, frame: int, page_ms: float, sample_rate_hz: float) -> _RealmClock:
        audio_s = frame / sample_rate_hz
        offset_s = 0.0
        if self.timeline.anchored:
            t_s = self.timeline.page_to_s(page_ms)
            zero_s = self.timeline.frame_to_s(0, 48_000)
            offset_s = t_s - zero_s - audio_s
        clock = self._realms[realm] = _RealmClock(sample_rate_hz, offset_s)
        return clock
