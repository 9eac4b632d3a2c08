"""Audio in, turn events out."""

from __future__ import annotations

import numpy as np

from harness.realtime.server.detection import Detection
from harness.realtime.turn_detection import SpeechStarted, SpeechStopped, TurnKnobs
from tests.support.scripted_detector import ScriptedDetector
from tests.support.session_driver import silence, spoken


def test_events_count_from_where_detection_began() -> None:
    detection = Detection(ScriptedDetector())
    detection.turns.parameters = TurnKnobs(prefix_padding_ms=0)
    detection.start(from_ms=5_000)
    audio = np.concatenate([silence(1.0), spoken(1.0), silence(1.0)])
    started, stopped = detection.events(audio)
    assert isinstance(started, SpeechStarted)
    assert abs(started.audio_start_ms - 6_000) <= 40
    assert isinstance(stopped, SpeechStopped)
    assert abs(stopped.audio_end_ms - 7_500) <= 40


def test_pieces_of_any_length_are_judged_alike() -> None:
    audio = np.concatenate([silence(0.5), spoken(0.7), silence(1.0)])
    found = []
    for size in (len(audio), 137):
        detection = Detection(ScriptedDetector())
        detection.start(from_ms=0)
        pieces = [audio[at : at + size] for at in range(0, len(audio), size)]
        found.append([event for piece in pieces for event in detection.events(piece)])
    assert found[0] == found[1]


def test_nothing_is_judged_after_a_stop_in_the_middle() -> None:
    detection = Detection(ScriptedDetector())
    detection.start(from_ms=0)
    events = detection.events(np.concatenate([spoken(1.0), silence(1.0)]))
    assert isinstance(next(events), SpeechStarted)
    detection.stop()
    assert list(events) == []
    assert not detection.turns.is_speaking
