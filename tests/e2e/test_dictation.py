"""Dictation in a written conversation: sound of a browser, heard by the real recogniser."""

from __future__ import annotations

import io
from importlib.util import find_spec

import av
import numpy as np
import pytest

from harness.audio.clip import AudioClip, silence
from harness.audio.fixtures import load_manifest
from harness.client.chat import ChatClient
from harness.errors import ServerRefused
from harness.resources import fixtures_dir
from harness.server.process.launch import RunningServer

pytestmark = pytest.mark.skipif(
    find_spec("chatkit") is None, reason="NOT RUN: the extra “chatkit” is not installed"
)


def recorded(clip: AudioClip, container: str, codec: str) -> bytes:
    """The clip as a MediaRecorder would give it."""
    file = io.BytesIO()
    with av.open(file, mode="w", format=container) as out:
        stream = out.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        samples = np.clip(clip.samples * 32767, -32768, 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate = clip.sample_rate_hz
        resampler = av.AudioResampler(
            format=stream.format.name, layout="mono", rate=48_000, frame_size=960
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize(
    ("container", "codec", "mime_type"),
    [
        ("webm", "libopus", "audio/webm;codecs=opus"),
        ("ogg", "libopus", "audio/ogg"),
        ("mp4", "aac", "audio/mp4"),
    ],
)
async def test_what_was_dictated_becomes_words(
    container: str, codec: str, mime_type: str, shared_server: RunningServer
) -> None:
    clip = load_manifest(fixtures_dir() / "manifest.json")["goforward"].load().clip
    async with ChatClient(f"{shared_server.page_url}chatkit", shared_server.api_key) as chat:
        text = await chat.transcribe(recorded(clip, container, codec), mime_type)
    assert "go forward" in text.lower()
    assert "meter" in text.lower()


async def test_dictated_silence_is_no_words_and_no_sound_is_refused(
    shared_server: RunningServer,
) -> None:
    async with ChatClient(f"{shared_server.page_url}chatkit", shared_server.api_key) as chat:
        quiet = recorded(silence(1.0), "webm", "libopus")
        assert await chat.transcribe(quiet, "audio/webm") == ""
        with pytest.raises(ServerRefused, match="audio cannot be read"):
            await chat.transcribe(b"\x1aE\xdf\xa3 and no more", "audio/webm")
