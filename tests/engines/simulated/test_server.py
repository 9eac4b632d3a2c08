"""The session's shell under virtual time."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from typing import Any

import numpy as np
import pytest

from harness.engines.simulated.server import RECOGNITION_S, SYNTHESIS_S, SimulatedServer
from harness.errors import SpeechError
from harness.realtime.ids import Ids
from harness.realtime.server.assistants.script import Script
from harness.realtime.server.session import ServerSession
from harness.virtual_time import Agenda, run_in_virtual_time
from tests.support.fake_speech import FakeDetector, FakeRecogniser, FakeSynthesiser

TICK_S, TICK_FRAMES = 0.05, 2_400


class Client:
    """Speaks and listens in ticks, and keeps the events with their times."""

    def __init__(self, settings: dict[str, Any], rules: list[dict[str, Any]], recogniser: Any):
        self.events: list[dict[str, Any]] = []
        self.times_s: dict[str, float] = {}
        self.closed: list[str] = []
        self.heard: list[np.ndarray] = []
        self.agenda = Agenda(broken=lambda error: self.closed.append(repr(error)))
        session = ServerSession(
            settings={"type": "realtime", **settings},
            assistant=Script.model_validate({"rules": rules}),
            detector=FakeDetector(),
            ids=Ids(1),
            unix_time_s=0.0,
        )
        self.server = SimulatedServer(
            session,
            recogniser,
            FakeSynthesiser(),
            self.agenda,
            self._send,
            lambda reason, now_s: self.closed.append(reason),
        )

    def _send(self, text: str, now_s: float) -> None:
        event = json.loads(text)
        self.events.append(event)
        self.times_s.setdefault(event["type"], now_s)

    async def run(self, samples: np.ndarray, for_s: float) -> None:
        self.server.open(0.0)

        def tick(number: int, now_s: float) -> None:
            part = samples[number * TICK_FRAMES : (number + 1) * TICK_FRAMES]
            part = np.pad(part, (0, TICK_FRAMES - len(part)))
            self.server.receive_audio(part, now_s)
            self.heard.append(self.server.pull_playback(TICK_FRAMES, now_s))

        for number in range(round(for_s / TICK_S)):
            self.agenda.at((number + 1) * TICK_S, partial(tick, number))
        await asyncio.sleep(for_s + 0.01)


def converse(
    rules: list[dict[str, Any]], recogniser: Any = None, settings: dict[str, Any] | None = None
) -> Client:
    async def main() -> Client:
        detection = {"audio": {"input": {"turn_detection": {"type": "server_vad"}}}}
        client = Client(settings or detection, rules, recogniser or FakeRecogniser())
        speech = 0.3 * np.sin(np.arange(48_000) * 0.06)
        await client.run(speech.astype(np.float32), 8.0)
        return client

    return run_in_virtual_time(main)


def test_a_turn_is_understood_and_answered_aloud() -> None:
    client = converse([{"say": "one two three"}])
    kinds = [event["type"] for event in client.events]
    assert kinds.index("response.created") < kinds.index("output_audio_buffer.started")
    assert kinds.count("output_audio_buffer.stopped") == 1
    assert np.abs(np.concatenate(client.heard)).max() > 0.2
    assert client.closed == []


def test_engines_take_the_time_that_is_written_down() -> None:
    client = converse([{"when": {"words": ["seconds"]}, "say": "one"}])
    stopped_s = client.times_s["input_audio_buffer.speech_stopped"]
    answered_s = client.times_s["response.output_item.added"]
    assert RECOGNITION_S < 0.3, "the words are there when the turn is over"
    assert answered_s - stopped_s == pytest.approx(SYNTHESIS_S)


def test_recognition_that_fails_is_the_protocol_s_own_event() -> None:
    class Deaf(FakeRecogniser):
        def recognise(self, samples: Any, sample_rate_hz: int) -> str:
            raise SpeechError("It is deaf.")

    detection = {"turn_detection": {"type": "server_vad"}, "transcription": {"model": "whisper-1"}}
    client = converse([], Deaf(), {"audio": {"input": detection}})
    failed = "conversation.item.input_audio_transcription.failed"
    (event,) = [e for e in client.events if e["type"] == failed]
    assert "It is deaf." in event["error"]["message"]


def test_a_text_that_cannot_be_spoken_fails_the_response() -> None:
    client = converse([{"say": "broken"}])
    (done,) = [e for e in client.events if e["type"] == "response.done"]
    assert done["response"]["status"] == "failed"


def test_nothing_reaches_a_session_whose_client_is_gone() -> None:
    async def main() -> Client:
        client = Client({}, [], FakeRecogniser())
        client.server.open(0.0)
        before = len(client.events)
        client.server.end()
        client.server.receive_text('{"type": "no.such"}', 0.1)
        client.server.receive_audio(np.ones(4_800, np.float32), 0.2)
        assert not client.server.pull_playback(4_800, 0.3).any()
        await asyncio.sleep(10)
        assert len(client.events) == before
        return client

    assert run_in_virtual_time(main).closed == []


def test_remote_tools_are_refused_in_words() -> None:
    tool = {"type": "mcp", "server_label": "desk", "server_url": "http://127.0.0.1:9/mcp"}
    client = converse([{"say": "one"}], settings={"tools": [tool]})
    error = next(event["error"] for event in client.events if event["type"] == "error")
    assert "Use the engine browser or native for remote tools." in error["message"]
    kinds = [event["type"] for event in client.events]
    assert kinds.count("mcp_list_tools.failed") == 1
    assert "response.done" in kinds
