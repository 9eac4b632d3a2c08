from __future__ import annotations

import pytest

from harness.realtime.turn_detection import (
    PauseNoticed,
    SpeechStarted,
    SpeechStopped,
    TurnDetector,
    TurnEvent,
    TurnKnobs,
    knobs_from,
)

WINDOW_MS = 32


def feed(detector: TurnDetector, *runs: tuple[float, int]) -> list[TurnEvent]:
    """Runs of (probability, number of windows), from the start of the input."""
    probabilities = [probability for probability, count in runs for _ in range(count)]
    events = [
        detector.on_probability(probability, index * WINDOW_MS, (index + 1) * WINDOW_MS)
        for index, probability in enumerate(probabilities)
    ]
    return [event for event in events if event is not None]


def test_a_turn_starts_before_its_onset_and_ends_after_its_silence() -> None:
    detector = TurnDetector(TurnKnobs(prefix_padding_ms=100, silence_duration_ms=320))
    assert feed(detector, (0.0, 10), (0.9, 10), (0.0, 20)) == [
        SpeechStarted(320 - 100),
        SpeechStopped(640 + 320),
    ]


def test_where_a_turn_is_over_does_not_hang_on_where_the_windows_are() -> None:
    """A detector hears a voice fade over 80 ms, through windows that begin anywhere."""
    over_ms, end_ms = [], []
    for phase_ms in range(WINDOW_MS):
        detector = TurnDetector(TurnKnobs(silence_duration_ms=500))
        for number in range(60):
            start_ms = phase_ms + number * WINDOW_MS
            loud = min(1.0, max(0.0, (640 - start_ms - WINDOW_MS / 2) / 80))
            event = detector.on_probability(loud, start_ms, start_ms + WINDOW_MS)
            if isinstance(event, SpeechStopped):
                over_ms.append(event.over_ms)
                end_ms.append(event.audio_end_ms)
    assert max(end_ms) - min(end_ms) == WINDOW_MS - 1
    assert max(over_ms) - min(over_ms) < 2
    assert sum(over_ms) / WINDOW_MS == pytest.approx(sum(end_ms) / WINDOW_MS, abs=2)


def test_padding_never_reaches_before_the_input() -> None:
    detector = TurnDetector(TurnKnobs(prefix_padding_ms=300))
    assert feed(detector, (0.9, 2)) == [SpeechStarted(0)]


def test_one_loud_window_is_not_speech() -> None:
    assert feed(TurnDetector(TurnKnobs()), (0.0, 5), (1.0, 1), (0.0, 5)) == []


def test_a_pause_shorter_than_the_silence_keeps_the_turn_open() -> None:
    detector = TurnDetector(TurnKnobs(silence_duration_ms=320))
    events = feed(detector, (0.9, 5), (0.0, 9), (0.9, 5), (0.0, 10))
    assert [type(event) for event in events] == [SpeechStarted, SpeechStopped]


def test_a_dip_just_below_the_threshold_is_no_silence() -> None:
    detector = TurnDetector(TurnKnobs(threshold=0.5, silence_duration_ms=100))
    assert feed(detector, (0.9, 5), (0.4, 30)) == [SpeechStarted(0)]


def test_the_threshold_decides() -> None:
    assert feed(TurnDetector(TurnKnobs(threshold=0.8)), (0.7, 10)) == []
    assert feed(TurnDetector(TurnKnobs(threshold=0.6)), (0.7, 10)) == [SpeechStarted(0)]


def test_a_turn_ends_also_with_a_very_low_threshold() -> None:
    detector = TurnDetector(TurnKnobs(threshold=0.05, silence_duration_ms=64))
    events = feed(detector, (0.9, 5), (0.0, 3))
    assert [type(event) for event in events] == [SpeechStarted, SpeechStopped]


def test_a_pause_is_noticed_once_and_again_after_more_speech() -> None:
    detector = TurnDetector(TurnKnobs(silence_duration_ms=4000, look_after_ms=320))
    events = feed(detector, (0.9, 5), (0.0, 20), (0.9, 5), (0.0, 20))
    assert events[1:] == [PauseNoticed(160 + 320), PauseNoticed(160 + 640 + 160 + 320)]
    assert detector.is_in_silence


def test_knobs_of_semantic_detection_follow_the_eagerness() -> None:
    waits = [
        knobs_from({"type": "semantic_vad", "eagerness": eagerness}).silence_duration_ms
        for eagerness in ("low", "medium", "auto", "high")
    ]
    assert waits == [8000, 4000, 4000, 2000]


def test_knobs_of_server_detection_are_the_sessions() -> None:
    settings = {
        "type": "server_vad",
        "threshold": 0.3,
        "prefix_padding_ms": 10,
        "silence_duration_ms": 20,
    }
    assert knobs_from(settings) == TurnKnobs(0.3, 10, 20, None)
