"""What a page received against what it played, as it comes."""

from collections.abc import Collection, Sequence

import numpy as np
import pytest

from harness.call import playback_watch
from harness.call.playback_watch import PlaybackWatch
from harness.line.audio import AudioFrames
from harness.score.playback import Level, lost_pieces

TONE = (0.3 * np.sin(np.arange(48_000) * 0.06)).astype(np.float32)


def piece(samples: np.ndarray, source: str = "frame/t") -> AudioFrames:
    return AudioFrames(1.0, samples, source, 48_000)


def state(gain: float, reason: str = "") -> dict[str, object]:
    return {"track": "t", "gain": gain, "via": "element", "reason": reason}


def test_what_was_not_played_is_told_with_its_reason() -> None:
    watch = PlaybackWatch()
    watch.changed("frame", state(0, "the element is muted"), 0.0)
    watch.received(piece(TONE))
    watch.played(piece(np.zeros_like(TONE), "frame/page"))
    assert watch.why(0.0, 3.0) == "received, never played: the element is muted"


def test_what_was_played_is_not_told() -> None:
    watch = PlaybackWatch()
    watch.received(piece(TONE))
    watch.played(piece(TONE, "frame/page"))
    assert watch.why(0.0, 3.0) is None


def hour(watch: PlaybackWatch, lost_at: Collection[int]) -> None:
    """An hour of a page that plays all but the tenths of a second with these numbers."""
    loud, quiet = TONE[:4_800], np.zeros(4_800, np.float32)
    for number in range(36_000):
        at_s = number / 10
        watch.received(AudioFrames(at_s, loud, "frame/t", 0))
        watch.played(AudioFrames(at_s, quiet if number in lost_at else loud, "frame/page", 0))


def test_an_hour_is_judged_as_a_minute_is_and_keeps_no_more() -> None:
    watch = PlaybackWatch()
    watch.changed("frame", state(0, "the element is muted"), 0.0)
    hour(watch, range(12_345, 12_395))
    [stretch] = watch.unplayed()
    assert (stretch.start_s, stretch.end_s) == pytest.approx((1234.5, 1239.5), abs=0.61)
    assert watch.why(1234.0, 1240.0) == "received, never played: the element is muted"
    kept = sum(len(value) for value in vars(watch).values() if isinstance(value, list))
    assert kept < 5_000, "a level is kept for a minute or two, not for the hour"


def test_many_tracks_are_looked_through_no_more_often_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ten minutes of 20 tracks, of which one is not played for a while."""
    looks = []

    def noted(received: Sequence[Level], played: Sequence[Level]) -> list[Level]:
        looks.append(len(received))
        return lost_pieces(received, played)

    monkeypatch.setattr(playback_watch, "lost_pieces", noted)
    watch = PlaybackWatch()
    loud, quiet = TONE[:4_800], np.zeros(4_800, np.float32)
    for number in range(6_000):
        at_s = number / 10
        is_lost = 1_000 <= number < 1_050
        for track in range(20):
            sound = loud if track == 0 else quiet
            watch.received(AudioFrames(at_s, sound, f"frame/{track}", 0))
        watch.played(AudioFrames(at_s, quiet if is_lost else loud, "frame/page", 0))
    assert len(looks) <= 10, "one a minute"
    [stretch] = watch.unplayed()
    assert (stretch.start_s, stretch.end_s) == pytest.approx((100.0, 105.0), abs=0.61)


def test_a_page_falls_silent_when_its_last_track_does() -> None:
    """Before it plays at all it cannot fall silent; one of two tracks is not all of it."""
    watch = PlaybackWatch()
    assert not watch.changed("frame", state(0, "the element is paused"), 0.0)
    assert not watch.changed("frame", state(1), 0.1)
    assert not watch.changed("other", state(1), 0.2)
    assert not watch.changed("frame", state(0, "the element is muted"), 1.0)
    assert watch.changed("other", state(0, "the element is muted"), 1.1)
