"""Heard samples lie on one axis, at the volume that was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from harness.client.heard import Heard


def block(value: float = 0.5, frames: int = 480) -> np.ndarray:
    return np.full(frames, value, np.float32)


def test_blocks_follow_each_other_without_gaps_whenever_they_arrive() -> None:
    heard = Heard()
    for now_s in (3.0, 3.5, 3.5):
        heard.on_samples(block(), now_s)
    starts = [audio.start_s for audio in heard.stream.snapshot()]
    assert starts == pytest.approx([3.0, 3.01, 3.02])


def test_a_new_connection_starts_where_it_is_and_never_in_the_past() -> None:
    heard = Heard()
    heard.on_samples(block(frames=48_000), 1.0)
    heard.new_connection()
    heard.on_samples(block(), 1.5)
    heard.new_connection()
    heard.on_samples(block(), 9.0)
    assert [audio.start_s for audio in heard.stream.snapshot()] == pytest.approx([1.0, 2.0, 9.0])


def test_volume_is_a_gain_on_what_is_handed_out() -> None:
    heard = Heard(volume=0.5)
    heard.on_samples(block(), 0)
    heard.volume = 0.0
    heard.on_samples(block(), 0)
    levels = [float(audio.samples.max()) for audio in heard.stream.snapshot()]
    assert levels == [0.25, 0.0]
