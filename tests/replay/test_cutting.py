"""Cuts: the very samples, in every encoding, in memory that does not grow."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from harness.audio.any_sound import DecodedFile
from harness.audio.signals import pink_noise
from harness.errors import FixtureError
from harness.replay.cutting import clips_of, kept_as, write_cuts
from harness.replay.redaction import frames_of
from harness.speech.spans import Span
from tests.support.encoded_sound import write_encoded
from tests.support.recorded_calls import write_call

SPANS = [Span(0.1, 1.3), Span(2.0005, 6.2), Span(11.1, 11.9)]
ENCODINGS = [
    ("call.wav", "PCM_16", 8000),
    ("call.wav", "PCM_U8", 11_025),
    ("call.wav", "PCM_24", 48_000),
    ("call.wav", "FLOAT", 44_100),
    ("call.wav", "ULAW", 8000),
    ("call.wav", "ALAW", 8000),
    ("call.wav", "IMA_ADPCM", 8000),
    ("call.flac", "PCM_24", 96_000),
    ("call.ogg", "VORBIS", 16_000),
    ("call.mp3", "MPEG_LAYER_III", 16_000),
    ("call.aiff", "PCM_16", 22_050),
]


@pytest.mark.parametrize(("name", "subtype", "rate_hz"), ENCODINGS)
@pytest.mark.parametrize("channel", [0, 1])
def test_no_sample_changes(
    tmp_path: Path, name: str, subtype: str, rate_hz: int, channel: int
) -> None:
    sides = [pink_noise(12, 0.2, seed, rate_hz).samples for seed in (1, 2)]
    path = write_call(tmp_path / name, sides, rate_hz, subtype)
    cuts = [(tmp_path / "cut" / str(index), span) for index, span in enumerate(SPANS)]
    files = write_cuts(path, channel, cuts, [])
    whole, _ = soundfile.read(str(path), dtype=kept_as(subtype).dtype, always_2d=True)
    for file, span in zip(files, SPANS, strict=True):
        kept, found_hz = soundfile.read(str(file), dtype=kept_as(subtype).dtype)
        first, last = round(span.start_s * rate_hz), round(span.end_s * rate_hz)
        assert found_hz == rate_hz
        assert np.array_equal(kept, whole[first:last, channel])


def test_the_samples_of_a_telephone_s_file_are_those_that_ffmpeg_decodes(tmp_path: Path) -> None:
    sides = np.stack([pink_noise(3, 0.2, seed, 48_000).samples for seed in (1, 2)], axis=1)
    path = write_encoded(tmp_path / "call.m4a", sides, 48_000, "aac")
    (file,) = write_cuts(path, 1, [(tmp_path / "cut", Span(1, 2.5))], [])
    with DecodedFile(str(path)) as recording:
        whole = recording.read()
    kept, _ = soundfile.read(str(file), dtype="float32")
    assert file.suffix == ".wav", "what was compressed with losses has no whole numbers"
    assert np.array_equal(kept, whole[48_000:120_000, 1])


def test_what_is_redacted_is_gone_and_the_recording_is_as_it_was(tmp_path: Path) -> None:
    path = write_call(tmp_path / "call.wav", [pink_noise(12, 0.2, 1, 8000).samples], 8000)
    before = path.read_bytes()
    (file,) = write_cuts(path, 0, [(tmp_path / "cut", Span(1, 6))], [Span(2, 2.5)])
    kept, _ = soundfile.read(str(file), dtype="int16")
    whole, _ = soundfile.read(str(path), dtype="int16")
    first, last = frames_of(Span(1, 1.5), 8000)
    assert not kept[first:last].any()
    assert np.array_equal(kept[:first], whole[8000 : 8000 + first])
    assert np.array_equal(kept[last:], whole[8000 + last : 48_000])
    assert path.read_bytes() == before


def test_a_recogniser_never_hears_what_is_redacted(tmp_path: Path) -> None:
    path = write_call(tmp_path / "call.wav", [pink_noise(4, 0.2, 1, 8000).samples], 8000)
    (clip,) = clips_of(path, 0, [Span(1, 3)], [Span(0, 2)])
    assert clip.frames == 16_000
    assert not clip.samples[:8000].any()
    assert clip.samples[8000:].any()


def test_a_stretch_that_reaches_beyond_the_end_is_as_long_as_there_is(tmp_path: Path) -> None:
    path = write_call(tmp_path / "call.wav", [pink_noise(2, 0.2, 1, 8000).samples], 8000)
    (clip,) = clips_of(path, 0, [Span(1, 3)], [])
    assert clip.duration_s == 1


def test_a_recording_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="Cannot replay"):
        list(clips_of(tmp_path / "none.wav", 0, [Span(0, 1)], []))


def test_a_long_recording_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    peaks = []
    for seconds in (30, 600):
        sound = np.tile(pink_noise(10, 0.2, 1, 8000).samples, seconds // 10)
        path = write_call(tmp_path / f"{seconds}.wav", [sound], 8000)
        del sound
        tracemalloc.start()
        write_cuts(path, 0, [(tmp_path / str(seconds), Span(seconds - 5.0, seconds - 1.0))], [])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5 + 100_000
