"""Sound of connections that are not the agent's."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from harness.audio.wav import load_clip
from harness.call.other_connections import OTHERS_NAME, OtherConnections
from harness.facts.call import OtherHeard
from harness.line.audio import AudioFrames

TONE = (0.3 * np.sin(np.arange(24_000) * 0.06)).astype(np.float32)


def frames(start_s: float, source: str, samples: np.ndarray = TONE) -> AudioFrames:
    return AudioFrames(start_s, samples, source, 0)


def test_stretches_are_told_by_connection_and_kept(tmp_path: Path) -> None:
    others = OtherConnections()
    others.take(frames(1.0, "top/connection-3"))
    others.take(frames(1.5, "top/connection-3", np.zeros(4_800, np.float32)))
    others.take(frames(1.6, "top/connection-3"))
    others.take(frames(1.2, "top/connection-5"))
    assert others.heard() == [
        OtherHeard(1.0, 2.1, "connection-3"),
        OtherHeard(1.2, 1.7, "connection-5"),
    ]
    path = others.write(tmp_path)
    assert path is not None
    assert path.name == OTHERS_NAME
    clip = load_clip(path).clip
    assert clip.duration_s == 2.1
    assert np.abs(clip.samples[:48_000]).max() == 0


def test_silence_is_not_kept(tmp_path: Path) -> None:
    others = OtherConnections()
    others.take(frames(1.0, "top/connection-3", np.zeros(48_000, np.float32)))
    assert others.heard() == []
    assert others.write(tmp_path) is None
