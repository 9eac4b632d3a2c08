"""Quality against the clip: what is done to it is seen, wherever it lies and however loud it is."""

import importlib.util
import sys

import numpy as np
import pytest

from harness.audio.band_filter import band_taps
from harness.audio.clip import AudioClip, MonoFloat32
from harness.audio.fixtures import find_fixture
from harness.audio.resample import resample_clip
from harness.audio.speech_quality import check_speech_quality, speech_quality
from harness.errors import MissingExtra

IS_INSTALLED = all(importlib.util.find_spec(name) for name in ("pesq", "pystoi"))
needs_extra = pytest.mark.skipif(not IS_INSTALLED, reason="needs the extra “quality”")
CLIP = resample_clip(find_fixture("booking-table-for-two").load().clip, 48_000)


def later(samples: MonoFloat32, frames: int = 4_800) -> AudioClip:
    """With silence before it and behind it."""
    silence = np.zeros(frames, np.float32)
    return AudioClip(np.concatenate([silence, samples.astype(np.float32), silence]), 48_000)


@needs_extra
def test_the_very_clip_is_perfect_wherever_it_lies_and_however_loud() -> None:
    rated = speech_quality(CLIP, later(CLIP.samples * np.float32(0.5)))
    assert rated is not None
    assert rated.delay_s == pytest.approx(0.1)
    assert rated.pesq == pytest.approx(4.644, abs=0.001)
    assert rated.stoi == pytest.approx(1.0, abs=1e-6)
    assert rated.likeness == pytest.approx(1.0, abs=1e-3)


@needs_extra
def test_a_telephone_is_understood_and_sounds_worse_and_noise_sounds_bad() -> None:
    telephone = np.convolve(CLIP.samples, band_taps(300, 3400)).astype(np.float32)
    noise = np.random.default_rng(0).normal(0, 0.02, CLIP.frames).astype(np.float32)
    band, noisy = (
        speech_quality(CLIP, later(telephone)),
        speech_quality(CLIP, later(CLIP.samples + noise)),
    )
    assert band is not None
    assert noisy is not None
    assert band.pesq is not None
    assert noisy.pesq is not None
    assert 2.5 < band.pesq < 4.0
    assert noisy.pesq < 1.6
    assert band.stoi > 0.95
    assert noisy.stoi > 0.95


@needs_extra
def test_what_is_not_the_clip_or_too_short_is_not_rated() -> None:
    other = np.random.default_rng(1).normal(0, 0.1, CLIP.frames).astype(np.float32)
    assert speech_quality(CLIP, later(other)) is None
    assert speech_quality(CLIP.between(0.5, 0.9), later(CLIP.samples)) is None
    assert speech_quality(CLIP, AudioClip(np.zeros(48_000, np.float32), 48_000)) is None


@pytest.mark.parametrize("package", ["pesq", "pystoi"])
def test_without_a_package_the_extra_is_named(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=r"realtime-harness\[quality\]"):
        check_speech_quality()
