"""The doctor listens, speaks, and says what is missing, slow or full."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.cli import speech_checks as doctor_speech
from harness.errors import SpeechError
from harness.speech import engines
from harness.speech.voices import Voices


def test_models_that_load_are_ok() -> None:
    assert doctor_speech.check_detection().status == "ok"
    assert doctor_speech.check_synthesis().status == "ok"


def test_a_machine_that_is_too_slow_is_told_what_that_means(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 60.0])
    monkeypatch.setattr(doctor_speech, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    finding = doctor_speech.check_synthesis()
    assert finding.status == "optional"
    assert "0.1 times real time" in finding.found
    assert "HARNESS_VOICE_ENGINE=pico" in str(finding.hint)


def test_an_engine_that_has_a_substitute_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor_speech.check_live_ear().status == "ok"
    assert doctor_speech.check_quick_voice().status == "ok"
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    for check, extra in (
        (doctor_speech.check_live_ear, "realtime-harness[live]"),
        (doctor_speech.check_quick_voice, "realtime-harness[pico]"),
    ):
        finding = check()
        assert finding.status == "optional"
        assert extra in str(finding.hint)


def test_damaged_weights_are_raised_for_the_doctor_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_: Voices) -> None:
        raise SpeechError("The weight file x is not the one this version was measured with.")

    monkeypatch.setattr(Voices, "load", load)
    with pytest.raises(SpeechError, match="weight file"):
        doctor_speech.check_synthesis()


def test_the_cache_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    assert doctor_speech.check_cache().status == "ok"
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "file" / "cache"))
    assert "cannot be written" in doctor_speech.check_cache().found
    monkeypatch.setenv("HARNESS_CACHE", "")
    assert doctor_speech.check_cache().status == "optional"
