"""All recordings of one call: both sides, and every remote track."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.audio import stereo_recorder
from harness.call.recordings import MOST_TRACKS, Recordings
from harness.errors import ArtifactError
from harness.line.audio import AudioFrames


def piece(value: float, source: str, start_s: float = 1.0) -> AudioFrames:
    return AudioFrames(start_s, np.full(480, value, np.float32), source, 0)


def test_each_remote_track_has_a_file_on_the_calls_clock(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path)
    assert recordings.received(piece(0.5, "frame/a")) == "received.wav"
    assert recordings.received(piece(0.25, "frame/b")) == "received-2.wav"
    assert recordings.received(piece(0.5, "frame/a", 1.01)) is None
    recordings.sent(piece(0.125, "microphone"))
    recordings.heard(piece(0.75, "page"))
    assert not recordings.close()
    for name, value, length in (("received", 0.5, 960), ("received-2", 0.25, 480)):
        samples, rate_hz = soundfile.read(tmp_path / f"{name}.wav")
        assert (rate_hz, samples.shape) == (48_000, (48_000 + length,))
        assert set(samples[48_000:]) == {value}
    both, _ = soundfile.read(tmp_path / "call.wav")
    assert both[48_000].tolist() == [0.125, 0.75]


def test_one_track_too_many_is_mixed_into_the_last(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path)
    begun = [recordings.received(piece(0.01, f"frame/{n}")) for n in range(MOST_TRACKS + 4)]
    assert sum(name is not None for name in begun) == MOST_TRACKS
    recordings.close()
    last, _ = soundfile.read(tmp_path / f"received-{MOST_TRACKS}.wav")
    assert last[48_000] == pytest.approx(0.05, abs=0.001)


def test_a_file_that_cannot_be_made_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recordings = Recordings(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stereo_recorder, "GrowingWav", full)
    assert recordings.received(piece(0.5, "frame/a")) is None
    assert recordings.received(piece(0.5, "frame/a")) is None
    assert isinstance(recordings.broken, ArtifactError)
    recordings.close()


def test_other_connections_are_kept_from_their_first_sound_on(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path)
    recordings.of_another(piece(0.0, "frame/connection-3", 0.5), is_sound=False)
    assert not (tmp_path / "others.wav").exists()
    recordings.of_another(piece(0.5, "frame/connection-3"), is_sound=True)
    recordings.of_another(piece(0.0, "frame/connection-3", 1.01), is_sound=False)
    assert recordings.received(piece(0.25, "frame/a")) == "received.wav"
    recordings.close()
    samples, _ = soundfile.read(tmp_path / "others.wav")
    assert (len(samples), samples[48_000], samples[48_480]) == (48_960, 0.5, 0.0)
