"""A transcription session over real WebRTC: recorded speech becomes text, and nobody answers."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.fixtures import load_manifest
from harness.client.client import RealtimeClient
from harness.errors import SessionStateError
from harness.realtime.client.settings import ServerVad, SessionSettings, Transcription
from harness.resources import fixtures_dir
from harness.server.process.launch import RunningServer


async def test_our_own_client_gets_what_was_said_in_writing(shared_server: RunningServer) -> None:
    """By turns that the server finds, then by hand, in one session."""
    clip = load_manifest(fixtures_dir() / "manifest.json")["goforward"].load().clip
    settings = SessionSettings(
        type="transcription",
        transcription=Transcription(model="gpt-transcribe"),
        turn_detection=ServerVad(),
    )
    async with RealtimeClient(
        shared_server.url, api_key=shared_server.api_key, settings=settings
    ) as client:
        await client.microphone.play(clip)
        found = await client.expect("user_transcript", within_s=20)
        assert "forward" in found.data["text"].lower()
        await client.update({"audio": {"input": {"turn_detection": None}}})
        await client.microphone.play(clip)
        await client.commit()
        by_hand = await client.expect("user_transcript", within_s=20)
        assert "forward" in by_hand.data["text"].lower()
        with pytest.raises(SessionStateError):
            await client.respond()
        told = [event.type for event in client.events().take_available()]
        assert "answer_started" not in told
        assert "error" not in told
        heard = np.concatenate([audio.samples for audio in client.heard().take_available()])
        assert float(np.abs(heard).max()) < 0.01, "a codec makes no more of silence"
