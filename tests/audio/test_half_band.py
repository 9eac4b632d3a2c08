"""Two to one and back, exactly."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.audio.half_band import DELAY_S, Doubler, Halver


def tone(frequency_hz: float, rate_hz: int, seconds: float = 1.0) -> NDArray[np.float32]:
    at_s = np.arange(int(rate_hz * seconds)) / rate_hz
    return (0.5 * np.sin(2 * np.pi * frequency_hz * at_s)).astype(np.float32)


def rms(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(samples[1_000:]))))


def test_pieces_give_what_the_whole_gives() -> None:
    """Also odd ones: nothing is lost at the seams."""
    sound = tone(440, 48_000)
    halver = Halver()
    pieces = [halver.process(piece) for piece in np.array_split(sound, 137)]
    np.testing.assert_allclose(np.concatenate(pieces), Halver().process(sound), atol=1e-6)
    doubler = Doubler()
    pieces = [doubler.process(piece) for piece in np.array_split(sound, 137)]
    np.testing.assert_allclose(np.concatenate(pieces), Doubler().process(sound), atol=1e-6)


def test_sizes_are_exact() -> None:
    """A frame of 20 ms stays a frame of 20 ms, from the first on."""
    assert len(Halver().process(np.zeros(960, np.float32))) == 480
    assert len(Doubler().process(np.zeros(480, np.float32))) == 960
    assert len(Doubler().process(np.zeros(0, np.float32))) == 0
    assert len(Halver().process(np.zeros(1, np.float32))) == 0


@pytest.mark.parametrize("frequency_hz", [100, 1_000, 8_000, 10_000])
def test_speech_passes_unchanged(frequency_hz: int) -> None:
    """Level within 0.1 dB up to 10 kHz, both ways."""
    expected = rms(tone(frequency_hz, 48_000))
    down = Halver().process(tone(frequency_hz, 48_000))
    assert 20 * np.log10(rms(down) / expected) == pytest.approx(0, abs=0.1)
    up = Doubler().process(tone(frequency_hz, 24_000))
    assert 20 * np.log10(rms(up) / expected) == pytest.approx(0, abs=0.1)


def test_what_24_khz_cannot_hold_is_removed() -> None:
    """15 kHz would fold down to 9 kHz."""
    assert rms(Halver().process(tone(15_000, 48_000))) < 0.5e-3


def test_the_delay_is_as_stated() -> None:
    """A click comes out DELAY_S later."""
    click = np.zeros(2_000, np.float32)
    click[500] = 1.0
    assert np.argmax(Doubler().process(click)) == pytest.approx(1_000 + DELAY_S * 48_000, abs=1)
