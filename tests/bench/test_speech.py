"""The figures of ears and mouth: what is measured, on detectors whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from harness.audio.fixtures import find_fixture
from harness.bench import speech
from harness.bench.detectors import EnergyDetector
from harness.bench.speech import (
    NOT_INSTALLED,
    Edges,
    Segment,
    detection_figures,
    find_edges,
    make_stretch,
    measure,
    recognition_figures,
)
from harness.errors import SpeechError

RATE_HZ = 16_000


def loud_from_to(start_s: float, end_s: float) -> np.ndarray:
    samples = np.zeros(3 * RATE_HZ, np.float32)
    samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)] = 0.5
    return samples


def test_edges_are_late_or_early_in_milliseconds() -> None:
    edges = Edges()
    find_edges(EnergyDetector(), Segment(loud_from_to(1.0, 2.0), 0.96, 2.1), edges)
    figures = detection_figures(edges)
    assert figures["onset_ms_median"] == pytest.approx(40, abs=0.1)
    assert figures["offset_ms_median"] == pytest.approx(-100, abs=0.1)
    assert figures["offset_ms_p95"] == pytest.approx(100, abs=0.1)
    assert (figures["missed"], figures["false_percent"]) == (0, 0.0)


def test_false_and_missed_speech_are_counted() -> None:
    edges = Edges()
    find_edges(EnergyDetector(), Segment(loud_from_to(0.1, 0.6), 1.5, 2.0), edges)
    figures = detection_figures(edges)
    assert (figures["missed"], figures["onset_ms_median"]) == (1, None)
    assert figures["false_percent"] == pytest.approx(100 * 0.5 / 1.9, abs=2)


def test_noise_lies_under_all_of_a_stretch() -> None:
    fixture = find_fixture("yes-please")
    clean, noisy = (make_stretch(fixture, snr_db, 1, RATE_HZ) for snr_db in (None, 15.0))
    assert not clean.samples[: RATE_HZ // 2].any()
    noise = noisy.samples - clean.samples
    ratio = np.mean(clean.samples[clean.samples != 0] ** 2) / np.mean(noise**2)
    assert 10 * np.log10(ratio) == pytest.approx(15, abs=2)
    assert clean.start_s == pytest.approx(1.0 + fixture.speech_start_s)


class Parrot:
    name = "parrot"

    def recognise(self, samples: np.ndarray, sample_rate_hz: int) -> str:
        return "Yes, that would be good."


def test_word_errors_are_counted_over_all_clips() -> None:
    figures = recognition_figures(Parrot(), [find_fixture("yes-please")])
    assert (figures["word_error_rate"], figures["words"]) == (0.2, 5)
    assert figures["recorded_error_rate"] is None


def test_what_is_not_there_is_said_not_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> Parrot:
        raise SpeechError("It cannot start.")

    monkeypatch.setitem(speech.RECOGNISERS, "absent", absent)
    monkeypatch.setitem(speech.RECOGNISERS, "parrot", Parrot)
    found = measure(["yes-please"], ["energy"], ["parrot", "absent"])
    assert found["recognition"]["absent"] == NOT_INSTALLED
    assert found["recognition"]["parrot"]["words"] == 5
    assert set(found["detection"]["energy"]) == {"clean", "noise_15db", "cpu_ms_per_s"}
    assert found["live"] == {"word_error_rate": 0.2, "told_early_percent": 0.0}
    assert found["synthesis"]["times_real_time"] > 1
