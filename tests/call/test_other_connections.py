"""Sound of connections that are not the agent's."""

from __future__ import annotations

import numpy as np

from harness.call.other_connections import OtherConnections
from harness.facts.call import OtherHeard
from harness.line.audio import AudioFrames

TONE = (0.3 * np.sin(np.arange(24_000) * 0.06)).astype(np.float32)


def frames(start_s: float, source: str, samples: np.ndarray = TONE) -> AudioFrames:
    return AudioFrames(start_s, samples, source, 0)


def test_stretches_are_told_by_connection() -> None:
    others = OtherConnections()
    others.take(frames(1.0, "top/connection-3"))
    others.take(frames(1.5, "top/connection-3", np.zeros(4_800, np.float32)))
    others.take(frames(1.6, "top/connection-3"))
    others.take(frames(1.2, "top/connection-5"))
    assert others.heard() == [
        OtherHeard(1.0, 2.1, "connection-3"),
        OtherHeard(1.2, 1.7, "connection-5"),
    ]


def test_silence_is_not_told() -> None:
    others = OtherConnections()
    assert not others.take(frames(1.0, "top/connection-3", np.zeros(48_000, np.float32)))
    assert others.heard() == []


def test_an_hour_of_sound_is_one_stretch() -> None:
    others = OtherConnections()
    for number in range(2_000):
        assert others.take(frames(number * 0.5, "top/connection-3"))
    assert others.heard() == [OtherHeard(0.0, 1000.0, "connection-3")]
