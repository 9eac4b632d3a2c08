"""Audio in a form a page can carry."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
import soundfile

from harness.audio.clip import AudioClip, silence
from harness.report.listening_copy import (
    BYTES_PER_S,
    ListeningCopy,
    listening_copy,
    peaks_of,
)
from harness.score.call_record import CallAudio


def noise(duration_s: float, level: float) -> AudioClip:
    generator = np.random.default_rng(1)
    samples = generator.uniform(-level, level, round(duration_s * 48_000))
    return AudioClip(samples.astype(np.float32), 48_000)


def decoded(uri: str) -> tuple[np.ndarray, int]:
    flac = base64.b64decode(uri.removeprefix("data:audio/flac;base64,"))
    samples, rate_hz = soundfile.read(io.BytesIO(flac))
    return np.asarray(samples), int(rate_hz)


def copied(sent: AudioClip, heard: AudioClip) -> ListeningCopy:
    copy = listening_copy(CallAudio(sent, heard))
    assert copy is not None
    return copy


def test_left_is_sent_and_right_is_heard() -> None:
    copy = copied(noise(1.0, 0.02), silence(1.0))
    samples, rate_hz = decoded(copy.data_uri)
    assert rate_hz == copy.sample_rate_hz == 48_000
    assert samples.shape == (48_000, 2)
    assert np.abs(samples[:, 0]).max() > 0.018
    assert not samples[:, 1].any()


def test_audio_that_packs_badly_gets_a_lower_rate_not_a_heavy_page() -> None:
    copy = copied(noise(2.0, 0.9), noise(2.0, 0.9))
    assert copy.sample_rate_hz < 48_000
    assert copy.bytes < 2 * BYTES_PER_S * 1.2


def test_audio_too_large_for_a_page_at_any_rate_has_no_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("harness.report.listening_copy.MOST_BYTES", 50_000)
    assert listening_copy(CallAudio(noise(2.0, 0.9), noise(2.0, 0.9))) is None
    assert copied(noise(0.5, 0.01), silence(0.5)).bytes <= 50_000


def test_peaks_are_the_highest_and_lowest_samples() -> None:
    samples = np.zeros(48_000, np.float32)
    samples[24_000], samples[24_010] = 0.5, -0.25
    peaks = peaks_of(AudioClip(samples, 48_000))
    values = np.frombuffer(base64.b64decode(peaks.values), np.int8).reshape(-1, 2)
    assert len(values) == 200
    assert tuple(values[100]) == (127, -64)
    assert peaks.scale == 0.5
    assert peaks.loudest_dbfs == pytest.approx(-6.0)


def test_a_quiet_side_is_drawn_small_and_silence_has_no_level() -> None:
    assert peaks_of(noise(1.0, 0.001)).scale == 0.02
    assert peaks_of(silence(1.0)).loudest_dbfs is None


def test_a_long_call_has_no_more_peaks_than_can_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.report.listening_copy.MOST_PEAKS", 24_000)
    assert len(base64.b64decode(peaks_of(silence(300.0)).values)) == 2 * 24_000
