"""What a page received against what it played, as it comes."""

from pathlib import Path

import numpy as np
import soundfile

from harness.call.playback_watch import PlaybackWatch
from harness.line.audio import AudioFrames

TONE = (0.3 * np.sin(np.arange(48_000) * 0.06)).astype(np.float32)


def piece(samples: np.ndarray, source: str = "frame/t") -> AudioFrames:
    return AudioFrames(1.0, samples, source, 48_000)


def state(gain: float, reason: str = "") -> dict[str, object]:
    return {"track": "t", "gain": gain, "via": "element", "reason": reason}


def test_what_was_not_played_is_kept_in_a_file_on_the_time_line(tmp_path: Path) -> None:
    watch = PlaybackWatch()
    watch.changed("frame", state(0, "the element is muted"), 0.0)
    watch.received(piece(TONE))
    watch.played(piece(np.zeros_like(TONE), "frame/page"))
    assert watch.why(0.0, 3.0) == "received, never played: the element is muted"
    path = watch.write(tmp_path)
    assert path == tmp_path / "received.wav"
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == 48_000
    assert not samples[:48_000].any()
    np.testing.assert_allclose(samples[48_000:], TONE, atol=1 / 32_000)


def test_what_was_played_leaves_no_second_file(tmp_path: Path) -> None:
    watch = PlaybackWatch()
    watch.received(piece(TONE))
    watch.played(piece(TONE, "frame/page"))
    assert watch.why(0.0, 3.0) is None
    assert watch.write(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_page_falls_silent_when_its_last_track_does() -> None:
    """Before it plays at all it cannot fall silent; one of two tracks is not all of it."""
    watch = PlaybackWatch()
    assert not watch.changed("frame", state(0, "the element is paused"), 0.0)
    assert not watch.changed("frame", state(1), 0.1)
    assert not watch.changed("other", state(1), 0.2)
    assert not watch.changed("frame", state(0, "the element is muted"), 1.0)
    assert watch.changed("other", state(0, "the element is muted"), 1.1)
