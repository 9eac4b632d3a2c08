"""G.711 both ways, against the standard's own values and against arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.clip import MonoFloat32
from harness.audio.g711 import (
    DELAY_S,
    FromTelephone,
    Law,
    ToTelephone,
    decode,
    encode,
)

LAWS: list[Law] = ["ULAW", "ALAW"]


def tone(hz: float, rate_hz: int, seconds: float = 0.5, level: float = 0.5) -> MonoFloat32:
    at_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (level * np.sin(2 * np.pi * hz * at_s)).astype(np.float32)


def rms(samples: MonoFloat32) -> float:
    return float(np.sqrt(np.mean(np.square(samples))))


@pytest.mark.parametrize(
    ("law", "byte", "value"),
    [
        ("ULAW", 0xFF, 0),
        ("ULAW", 0x7F, 0),
        ("ULAW", 0x80, 32_124),
        ("ULAW", 0x00, -32_124),
        ("ALAW", 0xD5, 8),
        ("ALAW", 0x55, -8),
        ("ALAW", 0xAA, 32_256),
        ("ALAW", 0x2A, -32_256),
    ],
)
def test_values_of_the_standard(law: Law, byte: int, value: int) -> None:
    """Source: ITU-T G.711, tables 1 and 2, at 16 bits."""
    assert decode(bytes([byte]), law)[0] * 32_768 == value


@pytest.mark.parametrize("law", LAWS)
def test_every_byte_comes_back(law: Law) -> None:
    """But for the second of the two zeros that µ-law has."""
    every = bytes(range(256))
    again = encode(decode(every, law), law)
    assert {a for a, b in zip(every, again, strict=True) if a != b} <= {0x7F}


@pytest.mark.parametrize("law", LAWS)
def test_what_is_lost_is_small(law: Law) -> None:
    """The standard promises 33 dB and more for a tone at this level."""
    samples = tone(1_004, 8_000)
    noise = decode(encode(samples, law), law) - samples
    assert 20 * np.log10(rms(samples) / rms(noise)) > 33


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("piece", [1, 7, 480, 24_000])
def test_pieces_make_the_same_stream(law: Law, piece: int) -> None:
    """Whatever their length; every third sample is a byte, and every byte three samples."""
    samples = tone(700, 24_000, 0.2)
    encoder, decoder = ToTelephone(law), FromTelephone(law)
    coded = b"".join(
        encoder.process(samples[start : start + piece]) for start in range(0, 4_800, piece)
    )
    assert coded == ToTelephone(law).process(samples)
    assert len(coded) == 1_600
    parts = [decoder.process(coded[start : start + piece]) for start in range(0, 1_600, piece)]
    whole = FromTelephone(law).process(coded)
    assert np.allclose(np.concatenate(parts), whole, atol=1e-6)
    assert len(whole) == 4_800


@pytest.mark.parametrize("law", LAWS)
def test_speech_passes_and_nothing_folds_down(law: Law) -> None:
    """Up to 3.3 kHz unchanged; what 8 kHz cannot carry is gone rather than somewhere else."""
    for hz in (300, 1_000, 3_300):
        there = ToTelephone(law).process(tone(hz, 24_000))
        back = FromTelephone(law).process(there)
        assert rms(back[2_400:]) == pytest.approx(rms(tone(hz, 24_000)), rel=0.03)
    assert rms(decode(ToTelephone(law).process(tone(5_000, 24_000)), law)[200:]) < 0.001


def test_the_delay_is_as_said() -> None:
    """A click comes out of each converter that much later."""
    click = np.zeros(2_400, np.float32)
    click[900] = 1.0
    coded = decode(ToTelephone("ULAW").process(click), "ULAW")
    assert int(np.argmax(coded)) * 3 == 900 + round(DELAY_S * 24_000)


def test_nothing_in_nothing_out() -> None:
    assert ToTelephone("ULAW").process(np.zeros(0, np.float32)) == b""
    assert len(FromTelephone("ULAW").process(b"")) == 0
