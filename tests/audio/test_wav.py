import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.fixtures import find_fixture
from harness.audio.signals import tone
from harness.audio.wav import load_clip, wav_header, write_wav
from harness.errors import ArtifactError, FixtureError

TONE = tone(440.0, 0.25).samples


def test_a_48_khz_mono_pcm16_file_is_taken_as_it_is(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", TONE, 48_000)
    loaded = load_clip(tmp_path / "a.wav")
    assert loaded.conversion is None
    assert np.max(np.abs(loaded.clip.samples - TONE)) <= 0.5 / 32768


@settings(max_examples=25, deadline=None)
@given(values=st.lists(st.integers(-32768, 32767), min_size=1, max_size=300))
def test_written_samples_are_read_back_bit_for_bit(
    values: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("wav") / "a.wav"
    write_wav(path, np.array(values, np.int16), 48_000)
    assert np.rint(load_clip(path).clip.samples * 32768).tolist() == values


@pytest.mark.parametrize(
    ("name", "rate_hz", "subtype", "said"),
    [
        ("a.wav", 8_000, "PCM_16", "8000 Hz -> 48000 Hz"),
        ("a.wav", 37_800, "PCM_16", "37800 Hz -> 48000 Hz"),
        ("a.wav", 48_000, "PCM_U8", "PCM_U8 decoded"),
        ("a.wav", 48_000, "FLOAT", "FLOAT decoded"),
        ("a.wav", 44_100, "PCM_24", "44100 Hz -> 48000 Hz; PCM_24 decoded"),
        ("a.flac", 16_000, "PCM_16", "16000 Hz -> 48000 Hz"),
        ("a.ogg", 48_000, "VORBIS", "VORBIS decoded"),
        ("a.ogg", 48_000, "OPUS", "OPUS decoded"),
    ],
)
def test_other_kinds_are_converted_and_the_conversion_is_told(
    tmp_path: Path, name: str, rate_hz: int, subtype: str, said: str
) -> None:
    source = tone(440.0, 0.5, sample_rate_hz=rate_hz).samples
    soundfile.write(tmp_path / name, source, rate_hz, subtype=subtype)
    loaded = load_clip(tmp_path / name)
    assert loaded.conversion == said
    assert loaded.clip.duration_s == pytest.approx(0.5, abs=0.002)
    middle = slice(4_800, 19_200)
    expected = tone(440.0, 0.5).samples[middle]
    assert np.corrcoef(loaded.clip.samples[middle], expected)[0, 1] > 0.99


def test_channels_are_averaged(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.stack([TONE, TONE / 2], axis=1), 48_000)
    loaded = load_clip(tmp_path / "a.wav")
    assert loaded.conversion == "2 channels averaged to mono"
    assert np.max(np.abs(loaded.clip.samples - TONE * 0.75)) < 1e-4


def test_a_channel_alone_is_as_loud_as_it_was(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.stack([np.zeros_like(TONE), TONE], axis=1), 48_000)
    loaded = load_clip(tmp_path / "a.wav")
    assert loaded.conversion == "the right one of 2 channels, the only one with sound"
    assert np.max(np.abs(loaded.clip.samples - TONE)) < 1e-4


def test_channels_that_cancel_out_are_refused_until_one_is_chosen(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.stack([TONE, TONE * -0.97], axis=1), 48_000)
    with pytest.raises(FixtureError, match="out of phase"):
        load_clip(tmp_path / "a.wav")
    loaded = load_clip(tmp_path / "a.wav", channel="left")
    assert loaded.conversion == "the left one of 2 channels"
    assert np.max(np.abs(loaded.clip.samples - TONE)) < 1e-4


def test_a_channel_that_is_not_there_is_told(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", TONE, 48_000)
    with pytest.raises(FixtureError, match="with 1 channel, asked for its right one"):
        load_clip(tmp_path / "a.wav", channel="right")


def test_a_recorded_call_is_refused_until_a_side_is_chosen(tmp_path: Path) -> None:
    user, agent = (
        find_fixture(name).load().clip.samples for name in ("goforward", "booking-my-name")
    )
    both = np.zeros((len(user) + len(agent), 2), np.float32)
    both[: len(user), 0], both[len(user) :, 1] = user, agent
    write_wav(tmp_path / "call.wav", both, 48_000)
    with pytest.raises(FixtureError, match="two talks") as refused:
        load_clip(tmp_path / "call.wav")
    assert "channel: left" in (refused.value.hint or "")
    right = load_clip(tmp_path / "call.wav", channel="right").clip.samples
    assert np.max(np.abs(right[len(user) :] - agent)) < 1e-4


def test_what_a_header_leaves_out_is_spoken_and_told(tmp_path: Path) -> None:
    data = bytearray(_wav_bytes(tmp_path))
    data[40:44] = struct.pack("<I", 12_000)
    loaded = load_clip(_cut(tmp_path / "a.wav", bytes(data)))
    assert loaded.clip.frames == len(TONE)
    assert loaded.conversion == "its header states 12000 of 24000 bytes of samples: all are spoken"


@pytest.mark.parametrize("name", ["a.raw", "a.gsm", "a.pcm", "a.RAW"])
def test_samples_without_a_header_are_told(tmp_path: Path, name: str) -> None:
    """Some names make libsndfile take any bytes for sound; noise, then, but no crash."""
    path = _cut(tmp_path / name, TONE.tobytes())
    if name == "a.gsm":
        assert load_clip(path).clip.frames
    else:
        with pytest.raises(FixtureError, match="nothing that the decoder understands"):
            load_clip(path)


def test_float_samples_beyond_full_scale_are_held_and_told(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", TONE * 4, 48_000, subtype="FLOAT")
    loaded = load_clip(tmp_path / "a.wav")
    assert loaded.conversion == "peak of 2.00 held at full scale; FLOAT decoded"
    assert float(np.max(loaded.clip.samples)) == 1.0


def _cut(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _wav_bytes(folder: Path) -> bytes:
    write_wav(folder / "whole.wav", TONE, 48_000)
    return (folder / "whole.wav").read_bytes()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="no such file"):
        load_clip(tmp_path / "nothing.wav")


def test_a_folder_is_no_clip(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="a folder"):
        load_clip(tmp_path)


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="0 bytes"):
        load_clip(_cut(tmp_path / "a.wav", b""))


def test_a_text_is_no_clip(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="nothing that the decoder understands"):
        load_clip(_cut(tmp_path / "a.wav", b"this is a text, not a sound, by its nature"))


def test_a_truncated_wav_is_told(tmp_path: Path) -> None:
    data = _wav_bytes(tmp_path)
    with pytest.raises(FixtureError, match="of the 24000 bytes of samples"):
        load_clip(_cut(tmp_path / "a.wav", data[: len(data) // 2]))


def test_a_wav_cut_inside_its_header_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixtureError):
        load_clip(_cut(tmp_path / "a.wav", _wav_bytes(tmp_path)[:30]))


def test_a_truncated_flac_is_told(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "whole.flac", TONE, 48_000)
    data = (tmp_path / "whole.flac").read_bytes()
    with pytest.raises(FixtureError):
        load_clip(_cut(tmp_path / "a.flac", data[: len(data) // 2]))


def test_a_header_without_samples_is_told(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="without samples"):
        load_clip(_cut(tmp_path / "a.wav", wav_header(0, 1, 48_000)))


def test_a_wav_written_to_a_pipe_may_not_know_its_length(tmp_path: Path) -> None:
    data = _wav_bytes(tmp_path)
    streamed = data[:4] + b"\xff" * 4 + data[8:40] + b"\xff" * 4 + data[44:]
    assert load_clip(_cut(tmp_path / "a.wav", streamed)).clip.frames == len(TONE)


def test_samples_that_are_no_numbers_are_told(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.full(100, np.nan), 48_000, subtype="FLOAT")
    with pytest.raises(FixtureError, match="not numbers"):
        load_clip(tmp_path / "a.wav")


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200), keep=st.integers(0, 60))
def test_damaged_files_give_a_clip_or_a_plain_error(
    data: bytes, keep: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the bytes are, nothing but FixtureError comes out."""
    path = tmp_path_factory.mktemp("damaged") / "a.wav"
    path.write_bytes(wav_header(100, 1, 48_000)[:keep] + data)
    found: str | None = "a clip"
    try:
        load_clip(path)
    except FixtureError as error:
        found = error.found
    assert found


def test_a_file_that_is_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.audio.wav.MAX_DURATION_S", 0.1)
    write_wav(tmp_path / "a.wav", TONE, 48_000)
    with pytest.raises(FixtureError, match="minutes of audio"):
        load_clip(tmp_path / "a.wav")


def test_a_wav_cannot_be_longer_than_its_length_field() -> None:
    with pytest.raises(ValueError, match="4 GiB"):
        wav_header(2**32, 2, 48_000)


def test_the_header_is_what_the_format_says() -> None:
    header = wav_header(8, 2, 48_000)
    assert struct.unpack("<I", header[4:8]) == (44,)
    assert struct.unpack("<HHIIHH", header[20:36]) == (1, 2, 48_000, 192_000, 4, 16)


def test_a_folder_that_is_a_file_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError):
        write_wav(tmp_path / "file" / "a.wav", TONE, 48_000)
