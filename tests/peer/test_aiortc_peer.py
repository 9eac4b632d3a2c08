"""What is special about the aiortc adapter; the rest is in the contract suite."""

from __future__ import annotations

import fractions

import aioice.ice
import numpy as np
import pytest
from av import AudioFrame

from harness.peer.aiortc_peer import _Received


def frame(pcm: np.ndarray, pts: int, layout: str = "stereo", rate: int = 48_000) -> AudioFrame:
    made = AudioFrame.from_ndarray(pcm.astype("<i2").reshape(1, -1), format="s16", layout=layout)
    made.sample_rate = rate
    made.pts = pts
    made.time_base = fractions.Fraction(1, rate)
    return made


def test_stereo_becomes_the_mean_of_both() -> None:
    """At its own level."""
    pieces = _Received().convert(frame(np.full(1_920, 16_384), 0))
    assert len(pieces) == 1
    assert pieces[0].shape == (960,)
    assert pieces[0] == pytest.approx(0.5)


def test_a_lost_packet_becomes_silence_of_its_length() -> None:
    """So that what follows stays in its place; it is counted."""
    received = _Received()
    received.convert(frame(np.full(1_920, 16_384), 0))
    pieces = received.convert(frame(np.full(1_920, 16_384), 1_920))
    assert [len(piece) for piece in pieces] == [960, 960]
    assert not pieces[0].any()
    assert (received.filled_samples, received.samples) == (960, 2_880)


def test_a_jump_of_the_clock_is_not_filled() -> None:
    """A remote peer that started again did not lose an hour of sound."""
    received = _Received()
    received.convert(frame(np.zeros(1_920), 0))
    assert len(received.convert(frame(np.zeros(1_920), 10_000_000))) == 1
    assert received.filled_samples == 0


def test_other_rates_become_48_khz() -> None:
    """G.711 comes at 8 kHz."""
    received = _Received()
    total = 0
    for number in range(50):
        pcm = np.zeros(160)
        pieces = received.convert(frame(pcm, number * 160, layout="mono", rate=8_000))
        total += sum(map(len, pieces))
    assert total == pytest.approx(48_000, abs=9_600)  # the filter holds some back


def test_loopback_is_among_the_addresses() -> None:
    """Two ends on a machine without a network find each other."""
    assert "127.0.0.1" in aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=False)
    assert "127.0.0.1" not in aioice.ice.get_host_addresses(use_ipv4=False, use_ipv6=True)
