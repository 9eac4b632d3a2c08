"""Recordings of calls, good and bad, with voices that are bursts of noise."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from harness.audio.clip import MonoFloat32
from harness.audio.signals import pink_noise
from harness.errors import FixtureError
from harness.score.recording import RecordingScore, score_recording

RATE_HZ = 16_000


class LoudnessDetector:
    """Speech is whatever is loud, and two windows more."""

    sample_rate_hz = 16_000
    window_frames = 512

    def __init__(self) -> None:
        self._hold = 0

    def probability(self, window: MonoFloat32) -> float:
        self._hold = 3 if float(np.abs(window).max()) > 0.02 else self._hold - 1
        return float(self._hold > 0)

    def reset(self) -> None:
        self._hold = 0


def syllables(frames: int, seed: int) -> npt.NDArray[np.float32]:
    """Levels that change five times a second, the first and the last at full strength."""
    levels = np.random.default_rng(seed).uniform(0.2, 1, max(2, round(frames / RATE_HZ * 5)))
    levels[[0, -1]] = 1
    return np.repeat(levels, -(-frames // len(levels)))[:frames].astype(np.float32)


def side(
    *spans: tuple[float, float], seconds: float = 12, seed: int = 1
) -> npt.NDArray[np.float32]:
    samples = np.zeros(round(seconds * RATE_HZ), np.float32)
    for number, (start_s, end_s) in enumerate(spans):
        noise = pink_noise(end_s - start_s, 0.1, seed + number, RATE_HZ).samples
        voice = noise * syllables(len(noise), seed + number)
        samples[round(start_s * RATE_HZ) :][: len(voice)] = voice
    return samples


USER = side((1, 2), (6, 7.5))
AGENT = side((2.8, 5), (8.1, 11), seed=50)


def scored(
    folder: Path,
    left: npt.NDArray[np.float32],
    right: npt.NDArray[np.float32] | None,
    **options: str,
) -> RecordingScore:
    path = folder / f"call.{options.pop('kind', 'wav')}"
    data = left if right is None else np.stack([left, right], axis=1)
    soundfile.write(str(path), data, RATE_HZ)
    return score_recording(path, make_detector=LoudnessDetector, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg"])
def test_turns_of_a_recording_are_measured(tmp_path: Path, kind: str) -> None:
    found = scored(tmp_path, USER, AGENT, kind=kind)
    latencies = [turn.voice_to_voice_s for turn in found.conversation.turns]
    assert latencies == pytest.approx([0.8, 0.6], abs=0.03)
    assert found.cannot_tell == ""
    assert found.notes == ()


def test_how_far_it_is_is_told(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    soundfile.write(path, np.stack([USER, AGENT], 1), RATE_HZ)
    told: list[float] = []
    score_recording(path, "left", LoudnessDetector, told.append)
    assert told == [5.0, 10.0, 12.0]


def test_the_user_may_be_on_the_right(tmp_path: Path) -> None:
    found = scored(tmp_path, AGENT, USER, user="right")
    latencies = [turn.voice_to_voice_s for turn in found.conversation.turns]
    assert latencies == pytest.approx([0.8, 0.6], abs=0.02)


def test_silence_is_a_verdict_and_no_number(tmp_path: Path) -> None:
    found = scored(tmp_path, 0 * USER, 0 * AGENT)
    assert found.cannot_tell == "Cannot tell: nobody speaks in it."
    assert found.conversation.turns == ()


def test_one_party_alone_is_a_verdict_and_no_number(tmp_path: Path) -> None:
    found = scored(tmp_path, USER, 0 * AGENT)
    assert "the right channel is silent" in found.cannot_tell


def test_both_parties_in_both_channels_is_a_verdict_and_no_number(tmp_path: Path) -> None:
    found = scored(tmp_path, USER + AGENT, 0.8 * (USER + AGENT))
    assert "both channels hold the same sound" in found.cannot_tell


def test_voices_that_leak_over_are_counted_once(tmp_path: Path) -> None:
    found = scored(tmp_path, USER + 0.12 * AGENT, AGENT + 0.12 * USER)
    latencies = [turn.voice_to_voice_s for turn in found.conversation.turns]
    assert latencies == pytest.approx([0.8, 0.6], abs=0.02)
    assert "heard in both channels" in found.notes[0]


def test_clipping_is_told(tmp_path: Path) -> None:
    found = scored(tmp_path, np.clip(20 * USER, -1, 1), AGENT)
    assert any("clipped" in note for note in found.notes)


def test_a_file_that_is_cut_is_scored_as_far_as_it_goes(tmp_path: Path) -> None:
    scored(tmp_path, USER, AGENT)
    path = tmp_path / "call.wav"
    path.write_bytes(path.read_bytes()[: 44 + 6 * RATE_HZ * 4])
    found = score_recording(path, make_detector=LoudnessDetector)
    assert len(found.conversation.turns) == 1
    assert "cut" in found.notes[0]


def test_one_channel_says_what_is_needed(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="1 channel: who of the two speaks"):
        scored(tmp_path, USER, None)


@pytest.mark.parametrize("kind", ["wav", "ogg"])
def test_a_long_recording_takes_no_more_memory_than_a_short_one(tmp_path: Path, kind: str) -> None:
    """But for a megabyte an hour and channel; a night's recording is scored like a minute's."""
    peaks, turns = [], []
    for repeats in (15, 60):
        path = tmp_path / f"{repeats}.{kind}"
        with soundfile.SoundFile(str(path), "w", RATE_HZ, 2) as file:
            for _ in range(repeats):
                file.write(np.stack([USER, AGENT], axis=1))
        tracemalloc.start()
        found = score_recording(path, make_detector=LoudnessDetector)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        turns.append(len(found.conversation.turns))
    assert turns == [2 * 15, 2 * 60]
    assert peaks[1] < peaks[0] * 1.1 + 2_000_000


@pytest.mark.parametrize("content", [b"", b"RIFF\x00\x00", b"no sound at all" * 10])
def test_what_is_no_audio_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(content)
    with pytest.raises(FixtureError, match="Cannot score"):
        score_recording(path, make_detector=LoudnessDetector)
    with pytest.raises(FixtureError, match="no such file"):
        score_recording(tmp_path / "other.wav", make_detector=LoudnessDetector)


def test_samples_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    data = np.stack([USER, AGENT], axis=1)
    data[100] = np.nan
    path = tmp_path / "call.wav"
    soundfile.write(str(path), data, RATE_HZ, subtype="FLOAT")
    with pytest.raises(FixtureError, match="not numbers"):
        score_recording(path, make_detector=LoudnessDetector)


def test_speech_that_the_recording_cuts_is_told(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    user, agent = USER[round(1.4 * RATE_HZ) :], AGENT[round(1.4 * RATE_HZ) :]
    soundfile.write(path, np.stack([user, agent], 1)[: round(9 * RATE_HZ)], RATE_HZ)
    notes = score_recording(path, "left", LoudnessDetector).notes
    assert notes == (
        "Somebody speaks on the left channel as it begins: the beginning of that may be missing.",
        "Somebody speaks on the right channel as it ends: the end of that may be missing.",
    )
