"""What the contract suite measures with."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from harness.testing.peer_contract_tools import (
    TONE_RMS,
    Footprint,
    Tone,
    loudest_hz,
    rms,
    steady_rms,
    without_candidates,
)
from harness.testing.simulated_sdp import describe


def test_a_tone_has_its_frequency_and_level_across_blocks() -> None:
    tone = Tone(440.0)
    samples = np.concatenate([tone(960) for _ in range(50)])
    assert loudest_hz(samples) == pytest.approx(440.0, abs=1.0)
    assert rms(samples) == pytest.approx(TONE_RMS, rel=1e-3)
    assert np.abs(np.diff(samples)).max() < 0.03  # no click between blocks


def test_candidates_are_taken_out_with_their_section() -> None:
    """And nothing else is."""
    sdp = describe("peer-1", "active")
    rest, candidates = without_candidates(sdp)
    assert candidates == [("candidate:1 1 udp 1 127.0.0.1 9 typ host", "0")]
    assert set(sdp.splitlines()) - set(rest.splitlines()) == {"a=" + candidates[0][0]}


async def test_a_footprint_names_what_stayed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Tasks and file handles; and is content when they are gone."""
    monkeypatch.setattr("harness.testing.peer_contract_tools.LEFT_WITHIN_S", 0.05)
    before = Footprint()
    task = asyncio.create_task(asyncio.sleep(60), name="forgotten")
    with (tmp_path / "open").open("w"), pytest.raises(AssertionError, match=r"forgotten.*1 file"):
        await before.check_nothing_left()
    task.cancel()
    await before.check_nothing_left()


def test_a_hole_does_not_move_the_steady_level() -> None:
    """A crowded machine loses a packet now and then; the level is right all the same."""
    samples = Tone(440.0)(48_000)
    samples[4_800:9_600] = 0.0
    assert steady_rms(samples) == pytest.approx(TONE_RMS, rel=0.01)
    assert rms(samples) < 0.96 * TONE_RMS
