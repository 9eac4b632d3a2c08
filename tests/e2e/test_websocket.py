"""A whole conversation over a WebSocket: recorded speech in, its words, a spoken answer out."""

from __future__ import annotations

import json

import aiohttp
import numpy as np
import pytest

from harness.audio.fixtures import load_manifest
from harness.audio.resample import resample
from harness.realtime.audio_formats import AudioDecoder, AudioEncoder
from harness.resources import fixtures_dir
from harness.server.process.launch import RunningServer
from harness.speech.moonshine import MoonshineRecogniser
from harness.speech.words import normalise
from tests.support.sockets import SocketClient

ANSWER = "I will go forward ten meters."
SCRIPT = {"rules": [{"when": {"words": ["forward"]}, "say": ANSWER}]}


@pytest.mark.parametrize("kind", ["audio/pcm", "audio/pcmu"])
async def test_recorded_speech_is_heard_and_answered_aloud(
    kind: str, shared_server: RunningServer
) -> None:
    """At the session's own rate and at the telephone's; the answer is understood again."""
    clip = load_manifest(fixtures_dir() / "manifest.json")["goforward"].load().clip
    spoken = resample(clip.samples, clip.sample_rate_hz, 24_000)
    heard = np.concatenate([spoken, np.zeros(24_000, np.float32)])
    form = {"format": {"type": kind}}
    transcription = {"transcription": {"model": "gpt-4o-mini-transcribe"}}
    session = {
        "type": "realtime",
        "audio": {"input": {**form, **transcription}, "output": form},
    }
    headers = {"Authorization": f"Bearer {shared_server.api_key}"}
    async with aiohttp.ClientSession(shared_server.url, headers=headers) as http:
        async with http.put("/harness/script", json=SCRIPT) as answer:
            assert answer.status == 200
        async with http.ws_connect("/v1/realtime?model=gpt-realtime", max_msg_size=0) as socket:
            client = SocketClient(socket)
            await client.send(type="session.update", session=session)
            await client.event("session.updated")
            encoder = AudioEncoder(kind)
            for start in range(0, len(heard), 2_400):
                audio = encoder.encode(heard[start : start + 2_400])
                await client.send(type="input_audio_buffer.append", audio=audio)
            done = await client.event("response.done", within_s=30)
    assert done["response"]["status"] == "completed", json.dumps(done)
    words = [e for e in client.events if e["type"].endswith("transcription.completed")]
    assert normalise(words[0]["transcript"]) == normalise("go forward ten meters")
    decoder = AudioDecoder()
    sounds = [
        decoder.decode(event["delta"], kind, "delta")
        for event in client.events
        if event["type"] == "response.output_audio.delta"
    ]
    understood = MoonshineRecogniser().recognise(np.concatenate(sounds), 24_000)
    assert normalise(understood) == normalise(ANSWER)
