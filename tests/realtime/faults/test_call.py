"""The faults of one call: when they begin, what they break, what they say of it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from harness.audio.pcm16 import from_base64, to_base64
from harness.realtime.faults.call import CallFaults
from harness.realtime.faults.parse import read_faults
from harness.realtime.faults.triggers import Applied

DELTA = {"type": "response.output_audio_transcript.delta", "response_id": "resp_A", "delta": "Hi"}
LOUD = np.full(480, 0.5, np.float32)


class FaultyCall:
    """A call with these faults, opened at 0 s."""

    def __init__(self, *faults: str) -> None:
        self.applied: list[Applied] = []
        self.faults = CallFaults(read_faults(list(faults)), self.applied.append)
        self.faults.open(0.0)

    def sent(self, event: dict[str, Any], now_s: float) -> list[dict[str, Any]]:
        self.faults.offer(event, now_s)
        return self.due(now_s)

    def due(self, now_s: float) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.faults.take_due(now_s)]

    def played(self, now_s: float) -> bool:
        """Whether anything sounds."""
        return bool(self.faults.pull(480, lambda _: LOUD, now_s).any())


def audio(samples: Any = LOUD) -> dict[str, Any]:
    return {"type": "response.output_audio.delta", "delta": to_base64(samples)}


def test_the_channel_closes_in_mid_answer() -> None:
    call = FaultyCall("channel_closes")
    assert call.sent(DELTA, 5.0) == [DELTA]
    assert call.faults.take_actions(5.0) == []
    assert call.faults.next_s() == 5.3
    assert [fault.name for fault in call.faults.take_actions(5.3)] == ["channel_closes"]
    assert call.faults.take_actions(9.0) == []
    assert call.applied == [Applied("channel_closes", "the server closes the data channel", 5.3)]


def test_audio_stalls_while_events_flow() -> None:
    call = FaultyCall("audio_stalls; after_s=1; for_s=2")
    call.sent(DELTA, 0.0)
    assert call.played(0.9)
    assert not call.played(1.0)
    assert call.sent(DELTA, 1.5) == [DELTA]
    assert call.played(3.0)
    assert [one.detail for one in call.applied] == ["the answer's audio is held back", "over"]


def test_events_stall_while_audio_flows() -> None:
    call = FaultyCall("events_stall; on=response.*; for_s=2")
    assert call.sent(DELTA, 1.0) == []
    assert call.played(1.5)
    assert call.sent({"type": "response.done"}, 2.0) == []
    assert call.faults.next_s() == 3.0
    assert [event["type"] for event in call.due(3.0)] == [DELTA["type"], "response.done"]


def test_audio_that_travels_as_events_stalls_and_changes_too() -> None:
    call = FaultyCall("audio_stalls; for_s=1; after_s=0; on=x", "audio_silence; after_s=10")
    assert call.sent(audio(), 0.0) == [audio()]
    call.sent({"type": "x"}, 0.5)
    assert call.sent(audio(), 0.6) == []
    assert call.sent(DELTA, 0.7) == [DELTA]
    assert call.due(1.5) == [audio()]
    (silent,) = call.sent(audio(), 10.0)
    assert not from_base64(silent["delta"]).any()
    nonsense = {"type": "response.output_audio.delta", "delta": "no base64"}
    assert call.sent(nonsense, 11.0) == [nonsense]


def test_a_rules_faults_concern_its_answer_alone() -> None:
    call = FaultyCall()
    done = {"type": "response.done", "response": {"id": "resp_A"}}
    assert call.sent(done, 0.0) == [done]
    call.faults.begin(read_faults(["event_missing; events=response.done"]), "resp_B", 1.0)
    assert call.sent(done, 1.0) == [done]
    assert call.sent({"type": "response.done", "response": {"id": "resp_B"}}, 2.0) == []


def test_a_call_without_faults_says_nothing_and_changes_nothing() -> None:
    call = FaultyCall()
    assert call.sent(DELTA, 1.0) == [DELTA]
    assert call.played(2.0)
    assert call.faults.next_s() is None
    assert call.applied == []
