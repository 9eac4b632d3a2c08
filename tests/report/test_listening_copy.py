"""Audio in a form a page can carry."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
import soundfile

from harness.audio.clip import AudioClip, joined, silence
from harness.audio.fixtures import find_fixture
from harness.audio.side_of_file import Sound
from harness.report.listening_copy import (
    BYTES_PER_S,
    OPUS_BITS_PER_S,
    OPUS_RATE_HZ,
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


def copied(sent: Sound, heard: Sound) -> ListeningCopy:
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
    monkeypatch.setattr("harness.report.listening_copy.MOST_OPUS_BYTES", 4_000)
    assert listening_copy(CallAudio(noise(2.0, 0.9), noise(2.0, 0.9))) is None
    assert copied(noise(0.5, 0.01), silence(0.5)).bytes <= 50_000


def test_what_is_too_large_already_is_not_packed_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hours take minutes to pack, and nobody gets to hear them."""
    monkeypatch.setattr("harness.report.listening_copy.LONGEST_S", 1.0)
    monkeypatch.setattr("harness.report.listening_copy.MOST_OPUS_BYTES", 4_000)
    loud = noise(60.0, 0.9)
    read_s: list[float] = []

    class Read(AudioClip):
        def between(self, start_s: float, end_s: float) -> AudioClip:
            read_s.append(end_s - start_s)
            return super().between(start_s, end_s)

    heard = Read(loud.samples, loud.sample_rate_hz)
    assert listening_copy(CallAudio(loud, heard)) is None
    assert sum(read_s) <= 2 * 20.0, "of a minute, at each of two rates"


def test_audio_whose_flac_is_too_large_or_too_long_is_opus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.report.listening_copy.MOST_BYTES", 50_000)
    loud = copied(noise(2.0, 0.9), noise(2.0, 0.9))
    assert loud.codec == "Opus"
    assert loud.bytes < 20_000
    monkeypatch.undo()
    monkeypatch.setattr("harness.report.listening_copy.LONGEST_S", 1.0)
    speech = find_fixture("booking-my-name").load().clip
    copy = copied(speech, silence(speech.duration_s, speech.sample_rate_hz))
    assert (copy.codec, copy.sample_rate_hz) == ("Opus", OPUS_RATE_HZ)
    assert copy.data_uri.startswith("data:audio/ogg;base64,")


def test_opus_is_as_long_as_the_call_and_each_side_stays_on_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also at the lowest rate, at which libopus would mix them if it were a little lower."""
    monkeypatch.setattr("harness.report.listening_copy.LONGEST_S", 1.0)
    lowest = OPUS_BITS_PER_S[-1:]
    monkeypatch.setattr("harness.report.listening_copy.OPUS_BITS_PER_S", lowest)
    speech = find_fixture("booking-my-name").load().clip
    quiet = silence(speech.duration_s, speech.sample_rate_hz)
    audio = CallAudio(joined(speech, quiet), joined(quiet, speech))
    data = base64.b64decode(copied(audio.sent, audio.heard).data_uri.split(",")[1])
    samples, rate_hz = soundfile.read(io.BytesIO(data))
    assert len(samples) / rate_hz == pytest.approx(audio.duration_s, abs=0.05)
    half = len(samples) // 2
    first, second = (np.sqrt(np.mean(part**2, axis=0)) for part in (samples[:half], samples[half:]))
    assert first[1] < first[0] / 1_000
    assert second[0] < second[1] / 1_000


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
