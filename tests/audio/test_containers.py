"""Files whose headers and lengths differ, as programs and broken downloads leave them."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.audio.containers import bytes_if_cut, look_into
from harness.audio.signals import tone

TONE = tone(440.0, 0.5).samples
PCM = (TONE * 32767).astype("<i2").tobytes()

KINDS = {
    "a.wav": ("WAV", "PCM_16", "FILE"),
    "a.ext.wav": ("WAVEX", "PCM_24", "FILE"),
    "a.rifx.wav": ("WAV", "PCM_16", "BIG"),
    "a.rf64.wav": ("RF64", "PCM_16", "FILE"),
    "a.aiff": ("AIFF", "PCM_16", "FILE"),
    "a.au": ("AU", "PCM_16", "FILE"),
    "a.w64": ("W64", "PCM_16", "FILE"),
    "a.ogg": ("OGG", "VORBIS", "FILE"),
    "a.opus": ("OGG", "OPUS", "FILE"),
    "a.flac": ("FLAC", "PCM_16", "FILE"),
}


def wav(promised: int, extra: bytes = b"", after: bytes = b"", samples: bytes = PCM) -> bytes:
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 48_000, 96_000, 2, 16)
    data = struct.pack("<4sI", b"data", promised) + samples
    body = b"WAVE" + fmt + extra + data + after
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def written(folder: Path, name: str) -> bytes:
    form, subtype, endian = KINDS[name]
    path = folder / f"whole-{name}"
    soundfile.write(path, TONE, 48_000, subtype, endian, form)
    return path.read_bytes()


def decoded(path: Path, data: bytes) -> tuple[int, str | None]:
    path.write_bytes(data)
    container = look_into(path)
    assert container.cut is None
    return len(soundfile.read(container.source)[0]), container.note


@pytest.mark.parametrize("name", KINDS)
def test_a_whole_file_is_left_alone_and_a_cut_one_is_told(tmp_path: Path, name: str) -> None:
    data = written(tmp_path, name)
    path = tmp_path / name
    path.write_bytes(data)
    whole = look_into(path)
    assert (whole.source, whole.note, whole.cut) == (str(path), None, None)
    path.write_bytes(data[: int(len(data) * 0.4)])
    assert look_into(path).cut


@pytest.mark.parametrize(
    "promised",
    [0, 0xFFFFFFFF, 0xFFFFFFFF - 36, 0x7FFFFFFF, 0x7FFFF000, 0x80000000, 2_000_000_000]
    + [len(PCM) + more for more in (1, 8, 36, 44)],
)
def test_a_length_that_nobody_means_is_the_file_s_own(tmp_path: Path, promised: int) -> None:
    assert decoded(tmp_path / "a.wav", wav(promised)) == (len(TONE), None)


def test_a_header_that_states_too_little_is_mended_and_told(tmp_path: Path) -> None:
    frames, note = decoded(tmp_path / "a.wav", wav(len(PCM) // 2))
    assert frames == len(TONE)
    assert (
        note == f"its header states {len(PCM) // 2} of {len(PCM)} bytes of samples: all are spoken"
    )


def test_chunks_around_the_samples_are_no_sound(tmp_path: Path) -> None:
    comment = struct.pack("<4sI", b"LIST", 6) + b"INFOxy"
    odd = struct.pack("<4sI", b"LIST", 5) + b"INFO!"
    after = wav(len(PCM), after=comment)
    assert decoded(tmp_path / "a.wav", after) == (len(TONE), None)
    assert decoded(tmp_path / "a.wav", wav(len(PCM), extra=odd)) == (len(TONE), None), "no pad byte"
    assert decoded(tmp_path / "a.wav", wav(len(PCM), extra=odd + b"\0")) == (len(TONE), None)


def test_the_bytes_of_a_cut_wav(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(len(PCM))[:-1000])
    assert bytes_if_cut(path) == (len(PCM) - 1000, len(PCM))
    path.write_bytes(wav(len(PCM)))
    assert bytes_if_cut(path) is None
    path.write_bytes(b"")
    assert bytes_if_cut(path) is None


def test_an_ogg_without_a_mark_of_its_end_is_told(tmp_path: Path) -> None:
    data = bytearray(written(tmp_path, "a.opus"))
    last = data.rindex(b"OggS")
    data[last + 5] &= ~0x04
    (tmp_path / "a.opus").write_bytes(bytes(data))
    assert "no mark of its end" in str(look_into(tmp_path / "a.opus").note)


@settings(max_examples=100, deadline=None)
@given(
    start=st.sampled_from(
        [b"RIFF", b"RIFX", b"RF64", b"FORM", b".snd", b"riff", b"OggS", b"fLaC", b""]
    ),
    rest=st.binary(max_size=120),
)
def test_any_bytes_are_looked_into(
    start: bytes, rest: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.wav"
    path.write_bytes(start + rest or b"x")
    container = look_into(path)
    assert isinstance(container.source, str | io.BytesIO)
    assert container.note is None or isinstance(container.note, str)
