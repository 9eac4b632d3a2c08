"""The session with the real detector and the real recogniser, on recorded human speech."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from harness.audio.resample import resample
from harness.audio.wav import load_clip
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.session import Recognise, SendEvent, ServerSession
from harness.resources import fixtures_dir
from harness.speech.moonshine import MoonshineRecogniser
from harness.speech.silero import SileroDetector
from harness.speech.words import normalise
from tests.support.session_driver import FRAME_FRAMES, FRAME_S, silence

TRANSCRIBED = {"input": {"transcription": {"model": "whisper-1"}}}


@pytest.fixture(scope="module")
def recogniser() -> MoonshineRecogniser:
    return MoonshineRecogniser()


@pytest.mark.parametrize("name", ["goforward", "something"])
def test_recorded_speech_is_one_turn_with_its_words(
    name: str, recogniser: MoonshineRecogniser
) -> None:
    manifest = json.loads((fixtures_dir() / "manifest.json").read_text())
    entry = next(file for file in manifest["files"] if file["name"] == name)
    clip = load_clip(fixtures_dir() / entry["file"]).clip
    audio = np.concatenate([resample(clip.samples, clip.sample_rate_hz, 24_000), silence(1.0)])
    events = events_of(audio, recogniser)
    by_type = {event["type"]: event for event in events}
    assert [event["type"] for event in events].count("input_audio_buffer.committed") == 1
    started_ms = by_type["input_audio_buffer.speech_started"]["audio_start_ms"]
    assert started_ms + 300 == pytest.approx(1000 * entry["speech_start_s"], abs=60)
    stopped_ms = by_type["input_audio_buffer.speech_stopped"]["audio_end_ms"]
    assert stopped_ms - 500 == pytest.approx(1000 * entry["speech_end_s"], abs=200)
    heard = by_type["conversation.item.input_audio_transcription.completed"]["transcript"]
    assert normalise(heard) == normalise(entry["transcript"])


def events_of(audio: np.ndarray, recogniser: MoonshineRecogniser) -> list[dict[str, Any]]:
    """What a session says while it hears this."""
    session = ServerSession(
        settings={"type": "realtime", "audio": TRANSCRIBED},
        assistant=Script.model_validate({"rules": [{"silent": True}]}),
        detector=SileroDetector(),
        ids=Ids(seed=1),
        unix_time_s=0.0,
    )
    session.open(0.0)
    events = []
    for index, at in enumerate(range(0, len(audio), FRAME_FRAMES)):
        now_s = (index + 1) * FRAME_S
        session.receive_audio(audio[at : at + FRAME_FRAMES], now_s)
        while outputs := session.take_outputs():
            for output in outputs:
                if isinstance(output, SendEvent):
                    events.append(output.event)
                elif isinstance(output, Recognise):
                    text = recogniser.recognise(output.samples, output.sample_rate_hz)
                    session.receive_recognition(output.job_id, text, None, now_s)
    return events
